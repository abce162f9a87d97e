#include "lake/artifact/content.hpp"
#include <sys/stat.h>
#include <cstdlib>
#include <map>
#include "base/tree.hpp"
#include "lake/artifact/content_mutations_testing.hpp"
#include "lake/open/testing.hpp"
#include "lamin/remove.hpp"

namespace lamin::lake {
namespace {

namespace fs = std::filesystem;
using lamin::testing::code_of;
using lamin::testing::Sandbox;

/// What distinguishes artifacts.
std::pair<std::string, std::vector<LinkPart>> identity(const fs::path& folder) {
  auto content = read_content(folder);
  return {content.hash.digest, content.links};
}

void run(const std::string& command) { ASSERT_EQ(std::system(command.c_str()), 0) << command; }

TEST(Content, EveryMutationIsSeenAndNoCopyIs) {
  const Sandbox box;
  constexpr int folders = 60, mutations = 50;
  std::map<std::string, int> seen;
  for (unsigned seed = 0; seed < folders; ++seed) {
    const auto folder = box.path("f" + std::to_string(seed));
    lamin::testing::Mutations random(folder, seed);
    auto before = identity(folder);
    for (int i = 0; i < mutations; ++i) {
      const auto what = random.mutate();
      const auto after = identity(folder);
      ASSERT_NE(before, after) << "seed " << seed << ", mutation " << i << ": " << what;
      before = after;
      ++seen[what.substr(0, what.find(':'))];
    }
    for (const auto* copy : {"cp -a", "cp -r", "umask 077; cp -r", "umask 0; cp -r", "umask 0137; cp -a"}) {
      const auto other = box.path("copy");
      run(std::string(copy) + " '" + folder.string() + "' '" + other.string() + "'");
      ASSERT_EQ(identity(other), before) << "seed " << seed << ": " << copy;
      run("chmod -R go=,u+r '" + other.string() + "'; find '" + other.string() + "' -exec touch -h -d 2001-01-01 {} +");
      ASSERT_EQ(identity(other), before) << "seed " << seed << ": other permissions and times";
      fs::remove_all(other);
    }
    fs::remove_all(folder);
  }
  EXPECT_EQ(seen.size(), lamin::testing::Mutations::kinds) << "a kind of mutation never came";
}

// One byte, wherever it is; bytes inserted, left out, exchanged. With the folders above, more than 10,000 changes.
TEST(Content, EveryChangeOfAFileIsSeen) {
  const Sandbox box;
  constexpr int changes = 8000;
  std::mt19937 random(7);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
  std::string text(20'000, 'x');
  for (auto& c : text) c = static_cast<char>(random());
  auto before = identity(box.write("file", text));
  for (int i = 0; i < changes; ++i) {
    const auto at = below(text.size());
    const auto old = text;
    switch (i % 5) {
      case 0: text[at] = static_cast<char>(text[at] ^ (1 << below(8))); break;
      case 1: text.insert(at, 1, static_cast<char>(random())); break;
      case 2: text.erase(at, 1); break;
      case 3: std::swap(text[at], text[below(text.size())]); break;
      default: std::rotate(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), text.end());
    }
    const auto after = identity(box.write("file", text));
    ASSERT_EQ(before == after, old == text) << "change " << i << " at " << at;
    before = after;
  }
}

class FolderTest : public lamin::testing::InstanceTest {
 protected:
  FolderTest() {
    box.write("d/a.txt", "A");
    box.write("d/x/b.txt", "B");
  }
  Draft save_folder(const std::string& name = "d", Links links = Links::inside) {
    return save({.source = box.path(name), .key = "f", .links = links});
  }
  fs::path stored(const Draft& draft) { return cache_artifact(*instance, draft.record); }
  std::string digest_of(const fs::path& place) { return base::hash_path(place).digest; }
};

// A8, C1: what used to be left out.
TEST_F(FolderTest, LinksAreStoredAsWhatTheyLeadTo) {
  fs::create_symlink("x", box.path("d/to-folder"));
  fs::create_symlink("a.txt", box.path("d/to-file"));
  auto draft = save_folder();
  EXPECT_EQ(draft.record.at("n_files").integer_or(0), 4);
  EXPECT_EQ(draft.record.at("size").integer_or(0), 4);
  const auto place = stored(draft);
  EXPECT_TRUE(fs::is_directory(fs::symlink_status(place / "to-folder")));
  EXPECT_TRUE(fs::is_regular_file(fs::symlink_status(place / "to-file")));
  EXPECT_EQ(Sandbox::read(place / "to-folder/b.txt"), "B");
  EXPECT_EQ(Sandbox::read(place / "to-file"), "A");
  EXPECT_EQ(digest_of(place), draft.digest) << "what is stored can be checked by the digest alone";
  EXPECT_EQ(count("lamin_file"), 4);
  EXPECT_EQ(count("lamin_link", "path = 'to-folder' AND target = 'x'"), 1);
  EXPECT_TRUE(save_folder().existing);
  remove(*instance, draft.record, {.permanent = true, .storage = true});
  EXPECT_EQ(count("lamin_link"), 0);
  EXPECT_EQ(Sandbox::read(box.path("d/x/b.txt")), "B");
}

TEST_F(FolderTest, WhatDiffersOnlyInKindIsAnotherVersion) {
  box.write("d/x/a.txt", "A");
  std::vector<Draft> versions{save_folder()};
  const auto expect_another = [&](const char* what) {
    auto draft = save_folder();
    EXPECT_FALSE(draft.existing) << what;
    EXPECT_EQ(draft.hash, versions[0].hash) << what << ": LaminDB does not see it";
    EXPECT_TRUE(draft.record.at("is_latest").boolean_or(false)) << what;
    EXPECT_EQ(digest_of(stored(draft)), draft.digest) << what;
    EXPECT_TRUE(save_folder().existing) << what;
    versions.push_back(std::move(draft));
  };
  fs::create_directories(box.path("d/empty"));
  expect_another("an empty folder");
  EXPECT_TRUE(fs::is_empty(stored(versions.back()) / "empty"));
  fs::permissions(box.path("d/a.txt"), fs::perms::owner_exec, fs::perm_options::add);
  expect_another("a file that may be executed");
  EXPECT_NE(fs::status(stored(versions.back()) / "a.txt").permissions() & fs::perms::owner_exec, fs::perms::none);
  fs::remove(box.path("d/x/a.txt"));
  fs::create_symlink("../a.txt", box.path("d/x/a.txt"));
  expect_another("a link in the place of a file (which may be executed like what it leads to)");
  fs::remove(box.path("d/x/a.txt"));
  fs::create_symlink(box.path("d/a.txt"), box.path("d/x/a.txt"));
  expect_another("another link");
  fs::remove(box.path("d/x/a.txt"));
  box.write("d/x/a.txt", "A");
  fs::permissions(box.path("d/x/a.txt"), fs::perms::owner_exec, fs::perm_options::add);
  expect_another("a file in the place of the link");
  EXPECT_EQ(count("lamin_content"), 6);
}

TEST_F(FolderTest, FoldersThatDifferInLinksAreTwoInOneCommit) {
  box.write("e/a.txt", "A");
  box.write("e/x/b.txt", "B");
  box.write("d/c.txt", "A");
  fs::create_symlink("a.txt", box.path("e/c.txt"));
  std::vector<Draft> drafts;
  for (const auto* name : {"d", "e"}) {
    drafts.push_back(prepare_artifact(*instance, {.source = box.path(name), .key = "f", .overwrite_versions = false}));
  }
  EXPECT_EQ(drafts[0].digest, drafts[1].digest);
  save_artifacts(*instance, drafts);
  EXPECT_NE(drafts[0].record.id(), drafts[1].record.id());
}

TEST_F(FolderTest, WhatLeadsOutIsRefusedByName) {
  box.write("other/deep.txt", "deep");
  fs::create_symlink("../other", box.path("d/out"));
  std::string message;
  EXPECT_EQ(code_of([&] { save_folder(); }, &message), Code::invalid_argument);
  EXPECT_NE(
      message.find("/d/out' is a link to '../other', outside of the folder; copy it in, or pass links=\"follow\""),
      std::string::npos)
      << message;
  EXPECT_EQ(code_of([&] { save_folder("d", Links::refuse); }), Code::invalid_argument);
  EXPECT_EQ(count("lamindb_artifact"), 0);
  const auto draft = save_folder("d", Links::follow);
  EXPECT_EQ(draft.record.at("n_files").integer_or(0), 3);
  EXPECT_EQ(Sandbox::read(stored(draft) / "out/deep.txt"), "deep");
  fs::remove(box.path("d/out"));
  EXPECT_EQ(Sandbox::read(stored(draft) / "out/deep.txt"), "deep");
}

TEST_F(FolderTest, WhatCannotBeStoredIsRefusedByName) {
  fs::create_symlink("nowhere", box.path("d/broken"));
  std::string message;
  EXPECT_EQ(code_of([&] { save_folder(); }, &message), Code::not_found);
  EXPECT_NE(message.find("/d/broken' is a link to 'nowhere'"), std::string::npos) << message;
  fs::remove(box.path("d/broken"));
  ASSERT_EQ(::mkfifo(box.path("d/pipe").c_str(), 0600), 0);
  EXPECT_EQ(code_of([&] { save_folder(); }, &message), Code::invalid_argument);
  EXPECT_NE(message.find("/d/pipe' is a named pipe (FIFO)"), std::string::npos) << message;
  EXPECT_EQ(code_of([&] { save({.source = box.path("d/pipe"), .key = "pipe"}); }), Code::invalid_argument);
  fs::remove(box.path("d/pipe"));
  box.write("d/\xff", "x");
  EXPECT_EQ(code_of([&] { save_folder(); }, &message), Code::invalid_argument);
  EXPECT_NE(message.find("/d/\\xff' is not UTF-8"), std::string::npos) << message;
  fs::remove(box.path("d/\xff"));
  EXPECT_EQ(code_of(
                [&] {
                  fs::create_directories(box.path("hollow/a/b"));
                  save_folder("hollow");
                },
                &message),
            Code::invalid_argument);
  EXPECT_NE(message.find("has no files"), std::string::npos);
}

TEST_F(FolderTest, ALinkThatChangesBetweenPreparingAndSavingIsNoticed) {
  box.write("d/other", "another content");
  fs::create_symlink("a.txt", box.path("d/link"));
  auto draft = prepare_artifact(*instance, {.source = box.path("d"), .key = "f"});
  fs::remove(box.path("d/link"));
  fs::create_symlink("other", box.path("d/link"));
  EXPECT_EQ(code_of([&] { save_artifact(*instance, draft); }), Code::conflict);
  EXPECT_EQ(count("lamindb_artifact"), 0);
}

TEST_F(FolderTest, InPlaceLinksStayAndCount) {
  box.write("store/p/a.txt", "A");
  fs::create_symlink("a.txt", box.path("store/p/b.txt"));
  const auto draft = save({.source = box.path("store/p")});
  EXPECT_EQ(draft.record.at("n_files").integer_or(0), 2);
  EXPECT_TRUE(fs::is_symlink(stored(draft) / "b.txt"));
  EXPECT_EQ(digest_of(stored(draft)), draft.digest);
  EXPECT_TRUE(has_content(*instance, draft.record, draft.hash_type, draft.digest, draft.links));
  EXPECT_FALSE(has_content(*instance, draft.record, draft.hash_type, draft.digest));
}

// A row that LaminDB wrote has no digest: its bytes are read.
TEST_F(FolderTest, ContentOfARowWithoutDigest) {
  const auto draft = save_folder();
  forget_content(*instance, draft.record.id());
  EXPECT_TRUE(has_content(*instance, draft.record, draft.hash_type, draft.digest));
  EXPECT_FALSE(has_content(*instance, draft.record, draft.hash_type, draft.digest, {{"a.txt", "b.txt"}}));
}

TEST(Links, HaveNames) {
  EXPECT_EQ(links_called(""), Links::inside);
  EXPECT_EQ(links_called("follow"), Links::follow);
  EXPECT_EQ(links_called("refuse"), Links::refuse);
  EXPECT_EQ(code_of([] { links_called("Follow"); }), Code::invalid_argument);
}

}  // namespace
}  // namespace lamin::lake
