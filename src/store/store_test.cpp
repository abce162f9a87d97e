#include "store/store.hpp"
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>
#include <cstring>
#include "base/as_nobody_testing.hpp"
#include "store/faulty_testing.hpp"
#include "tests/conformance/store_suite.hpp"

namespace lamin::store {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

std::string repeated(std::size_t size) { return std::string(size, 'x'); }

std::unique_ptr<Store> make_local(const fs::path& scratch) { return open_local(scratch / "store", true); }
std::unique_ptr<Store> make_memory(const fs::path&) { return open_memory(); }
std::unique_ptr<Store> make_faulty(const fs::path&) { return std::make_unique<Faulty>(open_memory()); }

auto name_of(const ::testing::TestParamInfo<StoreCase>& info) { return info.param.name; }
INSTANTIATE_TEST_SUITE_P(All, StoreSuite,
                         ::testing::Values(StoreCase{"local", make_local}, StoreCase{"memory", make_memory},
                                           StoreCase{"faulty", make_faulty}),
                         name_of);

class Local : public StoreSuite {};
INSTANTIATE_TEST_SUITE_P(Only, Local, ::testing::Values(StoreCase{"local", make_local}), name_of);

TEST_P(Local, LinksDoNotLeadOut) {
  fs::create_directories(scratch_ / "outside");
  std::ofstream(scratch_ / "outside/secret") << "secret";
  store_->put(BytesReader("in"), "inside/file");
  fs::create_symlink(scratch_ / "outside", scratch_ / "store/out");
  fs::create_symlink("../outside/secret", scratch_ / "store/leak");
  fs::create_symlink("inside", scratch_ / "store/alias");
  for (auto* key : {"out/secret", "leak"}) {
    EXPECT_EQ(code_of([&] { store_->stat(key); }), Code::no_access) << key;
    EXPECT_EQ(code_of([&] { store_->open(key); }), Code::no_access) << key;
    EXPECT_EQ(code_of([&] { store_->local_path(key); }), Code::no_access) << key;
  }
  EXPECT_EQ(code_of([&] { store_->put(BytesReader("x"), "out/new"); }), Code::no_access);
  EXPECT_EQ(code_of([&] { store_->put(BytesReader("x"), "out/sub/new"); }), Code::no_access);
  EXPECT_EQ(code_of([&] { store_->remove("out/secret"); }), Code::no_access);
  EXPECT_EQ(code_of([&] { store_->move("inside/file", "out/moved"); }), Code::no_access);
  EXPECT_EQ(code_of([&] { store_->list("out"); }), Code::no_access);
  EXPECT_EQ(read("alias/file"), "in");
  EXPECT_THAT(keys(), ElementsAre("inside/file"));
  store_->remove("out");  // removes the link, not its target
  EXPECT_TRUE(fs::exists(scratch_ / "outside/secret"));
  EXPECT_EQ(std::distance(fs::directory_iterator(scratch_ / "outside"), {}), 1);
}

TEST_P(Local, AFolderKeepsWhatItsDigestCovers) {
  file("d/run.sh", "run");
  file("d/plain", "plain");
  const auto source = scratch_ / "source/d", place = scratch_ / "store/k";
  fs::permissions(source / "run.sh", fs::perms::owner_exec, fs::perm_options::add);
  fs::create_directories(source / "logs/old");
  fs::create_symlink("logs", source / "linked");
  fs::create_symlink("run.sh", source / "also.sh");
  const auto before = umask(geteuid() == 0 ? 0177 : 0077);  // folders that only root can enter
  const auto hash = store_->put(source, "k");
  umask(before);
  EXPECT_EQ(base::hash_path(place).digest, hash.digest);
  EXPECT_TRUE(fs::is_empty(place / "logs/old"));
  EXPECT_TRUE(fs::is_directory(fs::symlink_status(place / "linked/old")));
  EXPECT_TRUE(fs::is_regular_file(fs::symlink_status(place / "also.sh")));
  EXPECT_NE(fs::status(place / "also.sh").permissions() & fs::perms::owner_exec, fs::perms::none);
  EXPECT_EQ(fs::status(place / "plain").permissions() & fs::perms::owner_exec, fs::perms::none);
}

TEST_P(Local, LinksInAStoredFolderAreNotFollowedWhenItGoes) {
  fs::create_directories(scratch_ / "outside");
  std::ofstream(scratch_ / "outside/precious") << "x";
  store_->put(BytesReader("1"), "beside/file");
  store_->put(BytesReader("2"), "k/file");
  const auto place = scratch_ / "store/k";
  fs::create_directory_symlink(scratch_ / "outside", place / "out");
  fs::create_directory_symlink("../beside", place / "in");
  fs::create_directory_symlink(".", place / "round");
  fs::create_symlink("nowhere", place / "broken");
  fs::create_symlink("itself", place / "itself");
  fs::create_symlink("../beside/file", place / "also");
  EXPECT_THAT(keys(), ElementsAre("beside/file", "k/also", "k/file"));
  file("d/new", "3");
  store_->put(scratch_ / "source/d", "k", true);
  EXPECT_THAT(keys(), ElementsAre("beside/file", "k/new"));
  fs::create_directory_symlink(scratch_ / "outside", place / "out");
  store_->remove("k");
  EXPECT_THAT(keys(), ElementsAre("beside/file"));
  EXPECT_TRUE(fs::exists(scratch_ / "outside/precious"));
  store_.reset();
  EXPECT_EQ(std::distance(fs::directory_iterator(scratch_ / "store"), {}), 1);
}

TEST_P(Local, ADeepFolderNeedsNoDescriptors) {
  std::string deep = "d";
  for (int i = 0; i < 500; ++i) deep += "/n" + std::to_string(i % 10);
  file(deep + "/end", "x");
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  const rlimit few{64, before.rlim_max};
  setrlimit(RLIMIT_NOFILE, &few);
  const auto digest = store_->put(scratch_ / "source/d", "k").digest;
  const auto listed = store_->list("k").size();
  setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_EQ(listed, 1u);
  EXPECT_EQ(base::hash_path(scratch_ / "store/k").digest, digest);
  store_->remove("k");
  EXPECT_THAT(keys(), IsEmpty());
}

// Data at the start, in the middle, at the end, and nowhere.
TEST_P(Local, HolesStayHoles) {
  static constexpr std::int64_t size = 64 << 20, little = 1 << 20;
  const auto blocks = [](const fs::path& path) {
    struct ::stat info{};
    EXPECT_EQ(::stat(path.c_str(), &info), 0);
    EXPECT_EQ(info.st_size, size);
    return info.st_blocks * 512;
  };
  const std::vector<std::vector<std::int64_t>> wheres = {{}, {0}, {size / 2 + 7}, {1 << 20, size - 5}};
  for (std::size_t i = 0; i < wheres.size(); ++i) {
    const auto from = file("d/file", "");
    fs::resize_file(from, size);
    for (const auto at : wheres[i]) {
      std::fstream out(from, std::ios::in | std::ios::out | std::ios::binary);
      out.seekp(at);
      out << "data!";
    }
    const auto most = std::max(little, blocks(from));  // a file system need not have holes
    const auto stored = scratch_ / "store" / std::to_string(i);
    const auto digest = base::hash_path(from).digest;
    EXPECT_EQ(store_->put(from, std::to_string(i)).digest, digest) << i;
    EXPECT_EQ(base::hash_path(stored).digest, digest) << i;
    EXPECT_LE(blocks(stored), most) << i;
  }
  store_->put(scratch_ / "source/d", "folder");
  EXPECT_LE(blocks(scratch_ / "store/folder/file"), std::max(little, blocks(scratch_ / "source/d/file")));
}

TEST_P(Local, AWriteThatDoesNotFitLeavesNothing) {
  auto from = file("big", repeated(6'000'000));
  file("d/small", "1");
  file("d/big", repeated(6'000'000));
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  auto handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit small{1'000'000, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  std::string message;
  Code code = Code::internal;
  try {
    store_->put(from, "new/big");
  } catch (const Error& e) {
    code = e.code();
    message = e.what();
  }
  auto folder_code = code_of([&] { store_->put(scratch_ / "source/d", "new/folder"); });
  auto bytes_code = code_of([&] { store_->put(BytesReader(repeated(2'000'000)), "new/bytes"); });
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(code, Code::unavailable);
  EXPECT_EQ(folder_code, Code::unavailable);
  EXPECT_EQ(bytes_code, Code::unavailable);
  EXPECT_THAT(message, HasSubstr("new/big"));
  EXPECT_THAT(message, HasSubstr("6000000 bytes are needed"));
  store_.reset();
  EXPECT_TRUE(fs::is_empty(scratch_ / "store"));
}

TEST_P(Local, WhoMayOnlyReadReadsAndLeavesNothing) {
  store_->put(BytesReader("in"), "inside/file");
  auto from = file("new", "new");
  store_.reset();
  const lamin::test::Unwritable unwritable(scratch_ / "store");
  const lamin::test::AsNobody nobody;
  store_ = open_local(scratch_ / "store");
  EXPECT_EQ(read("inside/file"), "in");
  EXPECT_THAT(keys(), ElementsAre("inside/file"));
  EXPECT_TRUE(store_->local_path("inside/file"));
  const auto refused = [&](const std::function<void()>& write) { EXPECT_EQ(code_of(write), Code::no_access); };
  refused([&] { store_->put(from, "new"); });
  refused([&] { store_->put(BytesReader("x"), "inside/x"); });
  const std::pair<fs::path, std::string> several[] = {{from, "a"}, {from, "b"}};
  refused([&] { store_->put_many(several); });
  refused([&] { store_->remove("inside/file"); });
  refused([&] { store_->move("inside/file", "elsewhere"); });
  EXPECT_THAT(keys(), ElementsAre("inside/file"));
  EXPECT_FALSE(fs::exists(scratch_ / "store/.lamin-tmp"));
  try {
    store_->put(BytesReader("x"), "x");
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("Cannot write to the storage '" + (scratch_ / "store").string() + "'"));
  }
  store_.reset();
}

// What a process that dies while copying leaves is removed by the next open and never listed.
TEST_P(Local, WhatACrashLeftIsSwept) {
  auto from = file("big", repeated(64'000'000));
  store_.reset();
  for (int delay : {1'000, 4'000, 10'000}) {
    auto child = fork();
    if (child == 0) {
      auto store = open_local(scratch_ / "store");
      for (int i = 0;; ++i) store->put(from, "key" + std::to_string(i));
    }
    usleep(static_cast<useconds_t>(delay));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    store_ = open_local(scratch_ / "store");
    EXPECT_FALSE(fs::exists(scratch_ / "store/.lamin-tmp"));
    for (auto& entry : store_->list("")) EXPECT_EQ(entry.size, 64'000'000);
  }
}

TEST_P(Local, AnotherWritersStagingIsNotSwept) {
  store_->put(BytesReader("1"), "a");  // from here on it has a staging folder
  EXPECT_TRUE(fs::exists(scratch_ / "store/.lamin-tmp"));
  auto second = open_local(scratch_ / "store");
  store_->put(BytesReader("2"), "b");
  second->put(BytesReader("3"), "c");
  EXPECT_THAT(keys(), ElementsAre("a", "b", "c"));
  second.reset();
  fs::remove_all(scratch_ / "store/.lamin-tmp");
  store_->put(BytesReader("4"), "d");
  EXPECT_EQ(read("d"), "4");
  store_.reset();
  EXPECT_FALSE(fs::exists(scratch_ / "store/.lamin-tmp"));
}

/// Larger than what one thread copies, and nothing in it repeats.
std::string large() {
  std::string bytes(115 << 20, '\0');
  std::uint64_t state = 1;
  for (std::size_t at = 0; at + sizeof(state) <= bytes.size(); at += sizeof(state)) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    std::memcpy(bytes.data() + at, &state, sizeof(state));
  }
  return bytes;
}

TEST_P(Local, ALargeFileIsCopiedByThreads) {
  const auto bytes = large();
  base::FileHasher hasher;
  hasher.add({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  const auto expected = hasher.finish();
  auto sources = std::vector{file("large", bytes)};
  const fs::path elsewhere = fmt::format("/dev/shm/lamin_test_{}", getpid());  // from another file system
  if (fs::is_directory("/dev/shm")) {
    std::ofstream(elsewhere, std::ios::binary) << bytes;
    sources.push_back(elsewhere);
  }
  for (const auto& source : sources) {
    const auto hash = store_->put(source, "copy" + source.filename().string());
    EXPECT_EQ(hash.digest, expected.digest) << source;
    EXPECT_EQ(hash.hash, expected.hash);
    EXPECT_EQ(hash.type, "sha1-fl");
    EXPECT_EQ(base::hash_path(source).digest, expected.digest);
    EXPECT_TRUE(read("copy" + source.filename().string()) == bytes);
  }
  fs::remove(elsewhere);
}

TEST_P(Local, ALargeFileThatDoesNotFitLeavesNothing) {
  const auto from = file("large", large());
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit limit{100 << 20, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &limit);
  const auto code = code_of([&] { store_->put(from, "new/big"); });
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(code, Code::unavailable);
  store_.reset();
  EXPECT_TRUE(fs::is_empty(scratch_ / "store"));
}

// Either the change is noticed, or what was stored is what was hashed.
TEST_P(Local, AFileThatGrowsWhileItIsCopied) {
  auto from = file("growing", repeated(40'000'000));
  std::atomic<bool> stop = false;
  std::jthread writer([&] {
    std::ofstream out(from, std::ios::app | std::ios::binary);
    while (!stop) out << "more" << std::flush;
  });
  while (fs::file_size(from) == 40'000'000) std::this_thread::yield();
  for (int i = 0; i < 3; ++i) {
    auto key = "k" + std::to_string(i);
    try {
      auto hash = store_->put(from, key);
      EXPECT_EQ(hash.digest, base::hash_path(scratch_ / "store" / key).digest);
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), Code::conflict);
      EXPECT_FALSE(store_->stat(key));
    }
  }
  stop = true;
}

TEST(OpenStore, ByScheme) {
  auto folder = fs::temp_directory_path() / ("lamin-open-" + base::random_uid(8));
  auto code = [](auto f) {
    try {
      f();
    } catch (const Error& e) { return e.code(); }
    return Code::internal;
  };
  EXPECT_EQ(code([&] { open_store(folder.string()); }), Code::not_found);
  EXPECT_EQ(open_store(folder.string() + "/", {.create = true})->root(), folder.string());
  EXPECT_EQ(open_store("file://" + folder.string())->root(), folder.string());
  EXPECT_EQ(open_store("memory://")->root(), "memory://");
  EXPECT_EQ(code([&] { open_store("s4://bucket"); }), Code::unsupported);
  EXPECT_EQ(code([&] { open_store(""); }), Code::invalid_argument);
  std::ofstream(folder / "file") << "x";
  EXPECT_EQ(code([&] { open_store((folder / "file").string()); }), Code::conflict);
  EXPECT_EQ(code([&] { open_store((folder / "file/below").string(), {.create = true}); }), Code::conflict);
  fs::remove_all(folder);
}

TEST(Faulty, FailsOnceAtTheGivenCall) {
  Faulty before(open_memory(), 1), after(open_memory(), 1, Code::unavailable, true);
  for (auto* store : {&before, &after}) {
    store->put(BytesReader("1"), "a");
    EXPECT_THROW(store->put(BytesReader("2"), "b"), Error);
    EXPECT_EQ(store->inner().stat("b").has_value(), store == &after);
    store->put(BytesReader("3"), "c");
    EXPECT_EQ(store->calls(), 3);
  }
}

}  // namespace
}  // namespace lamin::store
