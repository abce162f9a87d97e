// fsck_testing.hpp -- an instance with an artifact of every kind, and checks of it.
#pragma once
#include <algorithm>
#include <chrono>
#include <iterator>
#include "base/hash.hpp"
#include "base/path.hpp"
#include "lake/open/testing.hpp"
#include "lamin/fsck.hpp"
#include "lamin/remove.hpp"
#include "store/cache.hpp"
#include "store/store.hpp"

namespace lamin::testing {

struct Outcome {
  FsckReport report;
  std::vector<Finding> findings;
  std::vector<Finding> of(FindingKind kind) const {
    std::vector<Finding> found;
    std::ranges::copy_if(findings, std::back_inserter(found), [&](const Finding& f) { return f.kind == kind; });
    return found;
  }
  std::string text() const {
    std::string all;
    for (const auto& f : findings) {
      all += std::string(name_of(f.kind)) + " " + f.uid + " " + f.place + ": " + f.what + " -> " + f.done + "\n";
    }
    return all;
  }
};

class FsckTest : public InstanceTest {
 protected:
  Outcome check(const FsckOptions& options = {}) {
    Outcome out;
    out.report = fsck(*instance, options, {.finding = [&](const Finding& f) { out.findings.push_back(f); }});
    return out;
  }
  Outcome expect_clean(const FsckOptions& options = {}) {
    auto out = check(options);
    EXPECT_TRUE(out.report.clean()) << out.text();
    EXPECT_EQ(out.report.found, 0) << out.text();
    return out;
  }
  // Exactly one finding, of this kind.
  Finding expect_one(FindingKind kind, const FsckOptions& options = {}) {
    const auto out = check(options);
    EXPECT_EQ(out.report.found, 1) << out.text();
    if (out.of(kind).size() == 1) return out.of(kind).front();
    ADD_FAILURE() << "not one " << name_of(kind) << ": " << out.text();
    return {};
  }
  fs::path stored(const Record& artifact) {
    const auto [root, key] = location(*instance, artifact);
    return fs::path(root) / key;
  }
  static void overwrite(const fs::path& file, std::string_view text) {
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
  }
  // An artifact of every kind.
  void populate() {
    file = save_text("a.txt", "hello", "a.txt").record;
    save_text("b.txt", "one", "b.txt");
    save_text("b.txt", "two", "b.txt");
    save_text("empty.txt", "", "empty.txt");
    save({.source = box.write("described", "no key"), .description = "without a key or a suffix"});
    box.write("d/x.txt", "x");
    box.write("d/deep/y.txt", "yy");
    folder = save({.source = box.path("d"), .key = "d"}).record;
    save({.source = box.write("r.txt", "real"), .key = "real/r.txt", .key_is_virtual = false});
    box.write("store/mine/f.txt", "in place");
    save({.source = "store/mine/f.txt"});
    auto trashed = save_text("t.txt", "trash", "t.txt").record;
    remove(*instance, trashed);
    box.write("store/mine/not registered.txt", "the user's own");
  }
  // A copy in the cache, as a remote read leaves it.
  void keep_in_cache(const Record& artifact, const fs::path& source) {
    auto far = store::open_memory();
    const auto digest = base::hash_path(source).digest;
    const auto place = location(*instance, artifact).second;
    far->put(source, place);
    store::Cache(base::cache_folder()).materialise(artifact.uid(), digest, *far, place);
  }

  Record file, folder;
};

}  // namespace lamin::testing
