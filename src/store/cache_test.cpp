#include "store/cache.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>
#include <fstream>
#include <sstream>
#include <thread>
#include "base/uid.hpp"
#include "store/faulty_testing.hpp"

namespace lamin::store {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

std::string read(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

/// Whether only the lock file is left.
bool holds_nothing(const fs::path& folder) {
  for (auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().filename() != ".lock") return false;
  }
  return true;
}

class CacheTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("lamin-cache-" + base::random_uid(8));
    store_ = std::make_unique<Faulty>(open_memory());
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::string put(std::string_view bytes, std::string_view key) {
    store_->put(BytesReader(bytes), key, true);
    base::FileHasher hasher;
    hasher.add({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
    return hasher.finish().digest;
  }

  fs::path folder_;
  std::unique_ptr<Faulty> store_;
};

TEST_F(CacheTest, FetchesOnceAndKeepsTheName) {
  Cache cache(folder_);
  auto digest = put("content", "a/b.h5ad");
  EXPECT_EQ(cache.find("u1", digest, "a/b.h5ad"), "");
  auto path = cache.materialise("u1", digest, *store_, "a/b.h5ad");
  EXPECT_EQ(path.filename(), "b.h5ad");
  EXPECT_EQ(read(path), "content");
  auto calls = store_->calls();
  EXPECT_EQ(cache.materialise("u1", digest, *store_, "a/b.h5ad"), path);
  EXPECT_EQ(store_->calls(), calls);
  EXPECT_EQ(cache.bytes(), 7);
}

TEST_F(CacheTest, FetchesFolders) {
  store_->put(BytesReader("1"), "d.zarr/x/one");
  store_->put(BytesReader("22"), "d.zarr/two");
  Cache cache(folder_);
  auto first = cache.materialise("u", "", *store_, "d.zarr");
  EXPECT_EQ(read(first / "x/one"), "1");
  auto digest = base::hash_path(first).digest;
  auto path = cache.materialise("u", digest, *store_, "d.zarr");
  EXPECT_EQ(read(path / "two"), "22");
  EXPECT_EQ(path.filename(), "d.zarr");
  std::ofstream(path / "three") << "added";
  EXPECT_EQ(cache.find("u", digest, "d.zarr"), "");
}

TEST_F(CacheTest, RefusesAnotherContentAndLeavesNothing) {
  Cache cache(folder_);
  auto digest = put("content", "k");
  put("c0ntent", "k");
  try {
    cache.materialise("u", digest, *store_, "k");
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), Code::corrupt);
    EXPECT_THAT(e.what(), HasSubstr("memory:///k"));
  }
  EXPECT_TRUE(holds_nothing(folder_));
  EXPECT_THROW(cache.materialise("u", digest, *store_, "missing"), Error);
  EXPECT_TRUE(holds_nothing(folder_));
}

// Whatever happens to a cached file, it is noticed before the file is returned again.
TEST_F(CacheTest, DamageIsNoticed) {
  Cache cache(folder_);
  const std::string content(100'000, 'x');
  auto digest = put(content, "k");
  auto path = cache.materialise("u", digest, *store_, "k");
  std::vector<std::function<void()>> damages{
      [&] { fs::resize_file(path, 10); },
      [&] { fs::remove(path); },
      [&] { std::ofstream(path) << "shorter"; },
      [&] {  // one bit flipped, and the modification time reset
        auto time = fs::last_write_time(path);
        std::fstream(path, std::ios::in | std::ios::out).seekp(500).put('y');
        fs::last_write_time(path, time);
      },
      [&] {
        fs::remove(path);
        std::ofstream(folder_ / ".lock") << content;
        fs::create_symlink(folder_ / "nothing", path);
      },
      [&] { fs::remove(path.parent_path() / ".lamin-verified"); },
  };
  for (std::size_t i = 0; i < damages.size(); ++i) {
    damages[i]();
    path = cache.materialise("u", digest, *store_, "k");
    EXPECT_TRUE(read(path) == content) << "damage " << i;
  }
}

TEST_F(CacheTest, EvictsTheLeastRecentlyUsed) {
  Cache cache(folder_, {.max_bytes = 250, .spare = std::chrono::seconds(-1)});
  std::vector<std::string> digests;
  for (auto* key : {"a", "b", "c"}) {
    digests.push_back(put(std::string(100, *key), key));
    if (*key == 'c') cache.find("a", digests[0], "a");  // a is used again: b goes
    cache.materialise(key, digests.back(), *store_, key);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_NE(cache.find("a", digests[0], "a"), "");
  EXPECT_EQ(cache.find("b", digests[1], "b"), "");
  EXPECT_NE(cache.find("c", digests[2], "c"), "");
  EXPECT_EQ(cache.bytes(), 200);
  cache.remove("a");
  EXPECT_EQ(cache.bytes(), 100);
  cache.clear();
  EXPECT_EQ(cache.bytes(), 0);
}

TEST_F(CacheTest, SparesWhatWasJustHandedOut) {
  Cache cache(folder_, {.max_bytes = 1});
  auto digest = put("content", "k");
  EXPECT_EQ(read(cache.materialise("u", digest, *store_, "k")), "content");
}

TEST_F(CacheTest, FailuresOfTheStoreLeaveNothing) {
  auto digest = put("content", "k");
  for (std::int64_t n = 0;; ++n) {
    Cache cache(folder_ / std::to_string(n));
    store_->fail_at(store_->calls() + n);
    try {
      EXPECT_EQ(read(cache.materialise("u", digest, *store_, "k")), "content");
      EXPECT_GE(n, 2);
      break;
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), Code::unavailable);
      EXPECT_TRUE(holds_nothing(folder_ / std::to_string(n)));
    }
  }
}

TEST_F(CacheTest, ManyProcessesAtOnce) {
  const std::string content(200'000, 'z');
  auto digest = put(content, "k");
  std::vector<pid_t> children;
  for (int i = 0; i < 6; ++i) {
    if (auto child = fork(); child != 0) {
      children.push_back(child);
      continue;
    }
    int wrong = 0;
    for (int round = 0; round < 10; ++round) {
      Cache cache(folder_);
      wrong += read(cache.materialise("u" + std::to_string(round), digest, *store_, "k")) != content;
    }
    _exit(wrong);
  }
  for (auto child : children) {
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
  EXPECT_EQ(Cache(folder_).bytes(), 10 * 200'000);
}

TEST_F(CacheTest, RefusesNamesThatLeadOut) {
  Cache cache(folder_);
  for (auto* uid : {"", "../x", "a/b", "."}) EXPECT_THROW(cache.find(uid, "", "k"), Error) << uid;
  EXPECT_THROW(cache.find("u", "", "../k"), Error);
}

}  // namespace
}  // namespace lamin::store
