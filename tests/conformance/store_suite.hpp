// store_suite.hpp -- what every store must do. A backend runs it with
//   INSTANTIATE_TEST_SUITE_P(Local, StoreSuite, ::testing::Values(StoreCase{"local", make, deviations}));
// and declares where it deviates; the suite then expects the deviation.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <filesystem>
#include <fstream>
#include <memory>
#include <ostream>
#include <string>
#include <thread>
#include <vector>
#include "base/hash.hpp"
#include "base/uid.hpp"
#include "lamin/error.hpp"
#include "store/store.hpp"

namespace lamin::store {

struct StoreCase {
  std::string name;
  std::unique_ptr<Store> (*make)(const std::filesystem::path& scratch);
};
inline std::ostream& operator<<(std::ostream& out, const StoreCase& which) { return out << which.name; }

class StoreSuite : public ::testing::TestWithParam<StoreCase> {
 protected:
  void SetUp() override {
    scratch_ = std::filesystem::temp_directory_path() / ("lamin-store-" + base::random_uid(8));
    std::filesystem::create_directories(scratch_ / "source");
    store_ = GetParam().make(scratch_);
  }
  void TearDown() override {
    store_.reset();
    std::filesystem::remove_all(scratch_);
  }

  std::filesystem::path file(const std::string& name, const std::string& content) {
    auto path = scratch_ / "source" / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }
  std::string read(std::string_view key) {
    auto reader = store_->open(key);
    std::string bytes(static_cast<std::size_t>(reader->size()), '\0');
    auto count = reader->read_at(0, {reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
    EXPECT_EQ(count, bytes.size());
    return bytes;
  }
  std::vector<std::string> keys(std::string_view folder = "") {
    std::vector<std::string> found;
    for (auto& entry : store_->list(folder)) found.push_back(entry.key);
    return found;
  }
  template <class F>
  static Code code_of(F f) {
    try {
      f();
    } catch (const Error& e) {
      EXPECT_FALSE(std::string(e.what()).empty());
      return e.code();
    }
    ADD_FAILURE() << "nothing was thrown";
    return Code::internal;
  }

  std::filesystem::path scratch_;
  std::unique_ptr<Store> store_;
};

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_P(StoreSuite, PutsAndReadsAFile) {
  auto from = file("a.txt", "hello");
  auto hash = store_->put(from, "x/y/a.txt");
  EXPECT_EQ(hash.digest, base::hash_path(from).digest);
  EXPECT_EQ(hash.hash, base::hash_path(from).hash);
  EXPECT_EQ(hash.size, 5);
  EXPECT_EQ(hash.files, -1);
  EXPECT_EQ(read("x/y/a.txt"), "hello");
  auto found = store_->stat("x/y/a.txt");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->key, "x/y/a.txt");
  EXPECT_EQ(found->size, 5);
  EXPECT_FALSE(found->is_folder);
  EXPECT_TRUE(store_->stat("x/y")->is_folder);
  ASSERT_TRUE(store_->stat("x"));  // a folder with nothing but folders in it
  EXPECT_TRUE(store_->stat("x")->is_folder);
  EXPECT_THAT(keys(), ElementsAre("x/y/a.txt"));
  EXPECT_EQ(store_->local_path("x/y/a.txt").has_value(), store_->can().local_paths);
}

TEST_P(StoreSuite, LargeFilesAreHashedAsTheyAre) {
  std::string content(9'000'001, '\0');
  for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<char>(i * 2654435761U >> 24);
  auto from = file("large", content);
  EXPECT_EQ(store_->put(from, "large").digest, base::hash_path(from).digest);
  EXPECT_TRUE(read("large") == content);
}

TEST_P(StoreSuite, EmptyFile) {
  EXPECT_EQ(store_->put(file("empty", ""), "empty").size, 0);
  EXPECT_EQ(read("empty"), "");
  store_->put(BytesReader(""), "empty2");
  EXPECT_EQ(store_->stat("empty2")->size, 0);
}

TEST_P(StoreSuite, PutsAFolder) {
  file("d/one", "1");
  file("d/sub/two", "22");
  file("d/sub/deep/three", "333");
  auto hash = store_->put(scratch_ / "source/d", "folder.zarr");
  auto expected = base::hash_path(scratch_ / "source/d");
  EXPECT_EQ(hash.digest, expected.digest);
  EXPECT_EQ(hash.hash, expected.hash);
  EXPECT_EQ(hash.type, "md5-d");
  EXPECT_EQ(hash.size, 6);
  EXPECT_EQ(hash.files, 3);
  EXPECT_THAT(keys("folder.zarr"), ElementsAre("folder.zarr/one", "folder.zarr/sub/deep/three", "folder.zarr/sub/two"));
  EXPECT_EQ(read("folder.zarr/sub/two"), "22");
  EXPECT_TRUE(store_->stat("folder.zarr")->is_folder);
  EXPECT_EQ(code_of([&] { store_->open("folder.zarr"); }), Code::invalid_argument);
}

// Whatever a store can keep of them: the digest covers the empty folders, the executable files and the links' content.
TEST_P(StoreSuite, AFolderWithMoreThanFiles) {
  namespace fs = std::filesystem;
  file("d/run.sh", "run");
  file("d/sub/two", "22");
  const auto source = scratch_ / "source/d";
  fs::permissions(source / "run.sh", fs::perms::owner_exec, fs::perm_options::add);
  fs::create_directories(source / "logs/old");
  fs::create_symlink("../run.sh", source / "sub/file");
  fs::create_symlink("sub", source / "linked");
  const auto hash = store_->put(source, "k"), expected = base::hash_path(source);
  EXPECT_EQ(hash.digest, expected.digest);
  EXPECT_EQ(hash.hash, expected.hash);
  EXPECT_EQ(hash.files, 5);
  EXPECT_EQ(hash.size, 13);
  EXPECT_THAT(keys("k"), ElementsAre("k/linked/file", "k/linked/two", "k/run.sh", "k/sub/file", "k/sub/two"));
  EXPECT_EQ(read("k/linked/file"), "run");
  fs::create_symlink("nowhere", source / "broken");
  EXPECT_EQ(code_of([&] { store_->put(source, "k2"); }), Code::not_found);
  EXPECT_FALSE(store_->stat("k2"));
}

TEST_P(StoreSuite, AFolderOfManyFiles) {
  for (int i = 0; i < 200; ++i) file("many/" + std::to_string(i % 7) + "/" + std::to_string(i), std::to_string(i));
  auto hash = store_->put(scratch_ / "source/many", "many");
  EXPECT_EQ(hash.files, 200);
  EXPECT_EQ(hash.digest, base::hash_path(scratch_ / "source/many").digest);
  EXPECT_EQ(store_->list("many").size(), 200u);
}

TEST_P(StoreSuite, ExistingKeysAreRefusedUnlessReplaced) {
  auto one = file("one", "1"), two = file("two", "2");
  store_->put(one, "k");
  EXPECT_EQ(code_of([&] { store_->put(two, "k"); }), Code::conflict);
  EXPECT_EQ(code_of([&] { store_->put(BytesReader("2"), "k"); }), Code::conflict);
  EXPECT_EQ(read("k"), "1");
  store_->put(two, "k", true);
  EXPECT_EQ(read("k"), "2");
  store_->put(BytesReader("3"), "k", true);
  EXPECT_EQ(read("k"), "3");
  EXPECT_THAT(keys(), ElementsAre("k"));
}

TEST_P(StoreSuite, AFolderReplacesAFileAndAFileAFolder) {
  file("d/one", "1");
  file("e/two", "2");
  store_->put(BytesReader("x"), "k");
  store_->put(scratch_ / "source/d", "k", true);
  EXPECT_THAT(keys(), ElementsAre("k/one"));
  store_->put(scratch_ / "source/e", "k", true);
  EXPECT_THAT(keys(), ElementsAre("k/two"));
  store_->put(BytesReader("y"), "k", true);
  EXPECT_THAT(keys(), ElementsAre("k"));
}

TEST_P(StoreSuite, AFileCannotLieBelowAFile) {
  store_->put(BytesReader("x"), "a");
  EXPECT_EQ(code_of([&] { store_->put(BytesReader("y"), "a/b"); }), Code::conflict);
  store_->put(BytesReader("x"), "f/g");
  EXPECT_EQ(code_of([&] { store_->put(BytesReader("y"), "f"); }), Code::conflict);
  EXPECT_FALSE(store_->stat("a/b"));
}

TEST_P(StoreSuite, ReadsPieces) {
  store_->put(BytesReader("0123456789"), "k");
  auto reader = store_->open("k");
  std::uint8_t buffer[4];
  EXPECT_EQ(reader->read_at(8, buffer), 2u);
  EXPECT_EQ(buffer[0], '8');
  EXPECT_EQ(buffer[1], '9');
  EXPECT_EQ(reader->read_at(10, buffer), 0u);
  EXPECT_EQ(reader->read_at(3, buffer), 4u);
  EXPECT_EQ(buffer[3], '6');
}

// An object stays as it was while it is being read, or its reader says that it changed; never a mixture.
TEST_P(StoreSuite, ReadersKeepWhatTheyOpened) {
  const std::string before(300'000, 'o'), after(300'000, 'n');
  store_->put(BytesReader(before), "k");
  auto reader = store_->open("k");
  store_->put(BytesReader(after), "k", true);
  std::string got(before.size(), '?');
  const auto read_it = [&] { return reader->read_at(0, {reinterpret_cast<std::uint8_t*>(got.data()), got.size()}); };
  if (store_->can().pins == Pins::keeps) {
    EXPECT_EQ(read_it(), before.size());
    EXPECT_EQ(got, before);
  } else if (store_->can().pins == Pins::refuses) {
    EXPECT_EQ(code_of(read_it), Code::conflict);
  }
  EXPECT_EQ(read("k"), after);
}

TEST_P(StoreSuite, PutMany) {
  std::vector<std::pair<std::filesystem::path, std::string>> files;
  for (int i = 0; i < 50; ++i) {
    files.emplace_back(file(std::to_string(i), std::string(static_cast<std::size_t>(i), 'x')),
                       "m/" + std::to_string(i % 3) + "/" + std::to_string(i));
  }
  auto hashes = store_->put_many(files);
  ASSERT_EQ(hashes.size(), 50u);
  for (int i = 0; i < 50; ++i) {
    auto at = static_cast<std::size_t>(i);
    EXPECT_EQ(hashes[at].digest, base::hash_path(files[at].first).digest);
    EXPECT_EQ(store_->stat(files[at].second)->size, i);
  }
  EXPECT_EQ(code_of([&] { store_->put_many(files); }), Code::conflict);
  EXPECT_TRUE(store_->put_many({}).empty());
}

TEST_P(StoreSuite, RemovesFilesFoldersAndNothing) {
  store_->put(BytesReader("1"), "a/b/c");
  store_->put(BytesReader("2"), "a/b/d/e");
  store_->put(BytesReader("3"), "ab");
  store_->remove("a/b/c");
  EXPECT_THAT(keys(), ElementsAre("a/b/d/e", "ab"));
  store_->remove("a");
  EXPECT_THAT(keys(), ElementsAre("ab"));
  EXPECT_FALSE(store_->stat("a"));
  store_->remove("a");
  store_->remove("never/there");
}

TEST_P(StoreSuite, Moves) {
  store_->put(BytesReader("1"), "a");
  store_->put(BytesReader("2"), "d/x");
  store_->put(BytesReader("3"), "taken");
  store_->move("a", "b/c/a");
  EXPECT_EQ(read("b/c/a"), "1");
  store_->move("d", "e");
  EXPECT_EQ(read("e/x"), "2");
  EXPECT_EQ(code_of([&] { store_->move("b/c/a", "taken"); }), Code::conflict);
  EXPECT_EQ(code_of([&] { store_->move("nothing", "z"); }), Code::not_found);
  EXPECT_EQ(code_of([&] { store_->move("e", "e/x/y"); }) == Code::internal, false);
  EXPECT_THAT(keys(), ElementsAre("b/c/a", "e/x", "taken"));
}

TEST_P(StoreSuite, MissingThings) {
  EXPECT_FALSE(store_->stat("nothing"));
  EXPECT_FALSE(store_->stat("nothing/below"));
  EXPECT_THAT(keys("nothing"), IsEmpty());
  EXPECT_EQ(code_of([&] { store_->open("nothing"); }), Code::not_found);
  EXPECT_FALSE(store_->local_path("nothing"));
  EXPECT_EQ(code_of([&] { store_->put(scratch_ / "source/none", "k"); }), Code::not_found);
  EXPECT_FALSE(store_->stat("k"));
}

TEST_P(StoreSuite, RefusesKeysThatLeadOut) {
  auto from = file("a", "1");
  std::vector<std::string> bad{"", "/abs", "../out", "a/../../out", "a/..", ".", "a\\b", std::string("a\0b", 3)};
  for (auto& key : bad) {
    EXPECT_EQ(code_of([&] { store_->put(from, key); }), Code::invalid_argument) << key;
    EXPECT_EQ(code_of([&] { store_->put(BytesReader("1"), key); }), Code::invalid_argument) << key;
    EXPECT_EQ(code_of([&] { store_->stat(key); }), Code::invalid_argument) << key;
    EXPECT_EQ(code_of([&] { store_->open(key); }), Code::invalid_argument) << key;
    EXPECT_EQ(code_of([&] { store_->remove(key); }), Code::invalid_argument) << key;
    EXPECT_EQ(code_of([&] { store_->move("a", key); }), Code::invalid_argument) << key;
    EXPECT_EQ(code_of([&] { store_->local_path(key); }), Code::invalid_argument) << key;
  }
  EXPECT_EQ(code_of([&] { store_->put(from, ".lamin-tmp/x"); }), Code::invalid_argument);
  EXPECT_THAT(keys(), IsEmpty());
}

TEST_P(StoreSuite, SeveralSpellingsOfOneKey) {
  store_->put(BytesReader("1"), "a//b/");
  EXPECT_THAT(keys(), ElementsAre("a/b"));
  EXPECT_EQ(store_->stat("a/b/")->key, "a/b");
  EXPECT_EQ(code_of([&] { store_->put(BytesReader("2"), "a/b"); }), Code::conflict);
}

TEST_P(StoreSuite, NamesOfAnyKind) {
  for (std::string name : {"with blank", "ünïcode-細胞", "%2e%2e", "#hash?query", "-dash", "new\nline", ".hidden"}) {
    store_->put(BytesReader(name), "n/" + name);
    EXPECT_EQ(read("n/" + name), name);
  }
  EXPECT_EQ(keys("n").size(), 7u);
}

TEST_P(StoreSuite, ListsOnlyBelowAFolder) {
  store_->put(BytesReader("1"), "a/1");
  store_->put(BytesReader("1"), "ab");
  store_->put(BytesReader("1"), "a.b");
  EXPECT_THAT(keys("a"), ElementsAre("a/1"));
  EXPECT_THAT(keys("a/"), ElementsAre("a/1"));
  EXPECT_THAT(keys("ab"), ElementsAre("ab"));
  EXPECT_THAT(keys(), ElementsAre("a.b", "a/1", "ab"));
}

// If many write one new key, exactly one wins, and its content stays whole.
TEST_P(StoreSuite, OneOfManyWritersWins) {
  std::atomic<int> won = 0, lost = 0;
  {
    std::vector<std::jthread> writers;
    for (int i = 0; i < 8; ++i) {
      writers.emplace_back([&, i] {
        try {
          store_->put(BytesReader(std::string(10'000, static_cast<char>('a' + i))), "race/key");
          ++won;
        } catch (const Error& e) {
          EXPECT_EQ(e.code(), Code::conflict);
          ++lost;
        }
      });
    }
  }
  EXPECT_EQ(won + lost, 8);
  EXPECT_GE(won, 1);
  if (store_->can().decides) { EXPECT_EQ(won, 1); }
  auto content = read("race/key");
  EXPECT_EQ(content, std::string(10'000, content[0]));
}

}  // namespace lamin::store
