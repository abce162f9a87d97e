// No name leads out of a storage, a folder or the cache: keys, addresses of files in folders, names in the cache, and
// links that lie in the way.
#include <fmt/format.h>
#include <set>
#include "base/hostile_names_testing.hpp"
#include "base/path.hpp"
#include "lake/open/testing.hpp"
#include "lamin/lamin_uri.hpp"
#include "lamin/source.hpp"
#include "lamin/storage.hpp"
#include "store/cache.hpp"

namespace lamin {
namespace {

namespace fs = std::filesystem;

/// Every file below a folder with its text.
std::set<std::string> content_of(const fs::path& folder) {
  std::set<std::string> all;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    all.insert(entry.path().string() + "=" +
               (entry.is_regular_file() ? lamin::testing::Sandbox::read(entry.path()) : ""));
  return all;
}

class Traversal : public lamin::testing::InstanceTest {
 protected:
  Traversal() : outside_(box.write("outside/secret.txt", "secret").parent_path()), before_(content_of(outside_)) {
    fs::create_directory_symlink(outside_, box.path("store/link"));
    fs::create_directories(box.path("store/a"));
    fs::create_directory_symlink(outside_, box.path("store/a/link"));
  }
  void expect_nothing_outside() const {
    EXPECT_EQ(content_of(outside_), before_);
    for (const auto& entry : fs::directory_iterator(box.path(".")))
      EXPECT_TRUE(std::set<std::string>({"store", "outside", "source", "folder", ".lamin"})
                      .contains(entry.path().filename().string()))
          << entry.path();
  }
  fs::path outside_;
  std::set<std::string> before_;
};

TEST_F(Traversal, TheCorpusIsLarge) { EXPECT_GE(base::hostile_names().size(), 500U); }

TEST_F(Traversal, NoKeyLeadsOutOfTheStorage) {
  const auto root = fs::canonical(box.path("store"));
  int refused = 0, saved = 0;
  std::vector<Draft> drafts;
  for (const auto& name : base::hostile_names()) {
    const auto key = name + ".txt";
    const auto source = box.write("source/f.txt", name);  // other content each time
    try {
      auto draft = prepare_artifact(*instance, {.source = source, .key = key, .key_is_virtual = false});
      if (++saved > 60) continue;  // each waits for the disk
      save_artifact(*instance, draft);
      const auto at = fs::canonical(cache_artifact(*instance, draft.record));
      EXPECT_FALSE(base::relative_key(root, at).empty()) << key << " is at " << at;
    } catch (const Error&) { ++refused; }
  }
  EXPECT_GT(refused, 300);
  EXPECT_GT(saved, 10) << "strange is not hostile";
  expect_nothing_outside();
}

TEST_F(Traversal, NoAddressLeadsOutOfAFolder) {
  box.write("folder/a/in.txt", "inside");
  const auto folder = save({.source = box.path("folder"), .key = "f"}).record;
  const auto base = fmt::format("lamin://{}/artifact/{}/", instance->settings().slug(), folder.uid());
  const auto inside = fs::canonical(cache_artifact(*instance, folder));
  for (const auto& name : base::hostile_names()) {
    try {
      const auto found = local_artifact(*instance, base + name);
      const auto at = fs::canonical(found.path);
      EXPECT_TRUE(at == inside || !base::relative_key(inside, at).empty()) << name << " is " << at;
    } catch (const Error&) {  // refused, or not there
    }
  }
  EXPECT_EQ(box.read(local_artifact(*instance, base + "a/in.txt").path), "inside");
}

TEST_F(Traversal, NoNameLeadsOutOfTheCache) {
  const auto folder = box.settings() / "cache";
  const auto store = store::open_memory();
  store->put(store::BytesReader("content"), "k");
  store::Cache cache(folder);
  for (const auto& name : base::hostile_names()) {
    for (const bool as_uid : {true, false}) {
      try {
        const auto path =
            as_uid ? cache.materialise(name, "", *store, "k") : cache.materialise("uid", "", *store, name);
        EXPECT_FALSE(base::relative_key(fs::canonical(folder), fs::canonical(path)).empty()) << name;
      } catch (const Error&) {  // refused, or not there
      }
    }
  }
  expect_nothing_outside();
}

TEST_F(Traversal, NoRootOfAStorageIsAnotherPlaceThanItSays) {
  int refused = 0;
  for (const auto& name : base::hostile_names()) {
    for (const auto* start : {"s3://bucket/", "gs://bucket/a/", "https://host/", "az://container/"}) {
      try {
        const auto root = storage_root(start + name);
        const auto store = Uri::parse(root);
        ASSERT_TRUE(store) << root;
        // Whatever the root: what is below it is a key below the bucket, without a way out.
        EXPECT_TRUE(root.starts_with(std::string(start).substr(0, std::string(start).find('/', 8)))) << root;
        base::check_path(store->key);
      } catch (const Error& e) {
        EXPECT_EQ(e.code(), Code::invalid_argument) << start << name;
        ++refused;
      }
    }
    try {  // a folder is where the user says that it is, and its row says so
      const auto root = storage_root(box.path("store").string() + "/" + name);
      EXPECT_EQ(root, base::resolve(root).string());
      EXPECT_EQ(root.find('\0'), std::string::npos);
    } catch (const Error& e) { EXPECT_EQ(e.code(), Code::invalid_argument) << name; }
  }
  EXPECT_GT(refused, 500);
}

TEST_F(Traversal, NoLinkInTheStorageIsFollowedWhenItsArtifactGoes) {
  box.write("store/held/in.txt", "x");
  fs::create_directory_symlink(outside_, box.path("store/held/out"));
  auto draft = prepare_artifact(*instance, {.source = box.path("store/held"), .links = Links::follow});
  save_artifact(*instance, draft);
  lamin::remove(*instance, draft.record, {.permanent = true, .storage = true});
  EXPECT_FALSE(fs::exists(box.path("store/held")));
  expect_nothing_outside();
}

}  // namespace
}  // namespace lamin
