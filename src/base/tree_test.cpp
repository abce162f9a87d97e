#include "base/tree.hpp"
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <algorithm>
#include "base/source_file.hpp"
#include "base/testing.hpp"

namespace lamin::base {
namespace {

namespace fs = std::filesystem;
using test::failure_of;
using test::TempFolder;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> paths(const Tree& tree) {
  std::vector<std::string> found;
  for (const auto& entry : tree.entries) found.push_back(entry.path + (entry.is_folder ? "/" : ""));
  return found;
}

/// A folder d, and what is next to it.
class Walking : public ::testing::Test {
 protected:
  Walking() { folder_.write("d/a.txt", "a"); }
  void link(const std::string& target, const std::string& name) {
    fs::create_directories((folder_ / name).parent_path());
    fs::create_symlink(target, folder_ / name);
  }
  std::string refused(Code code, Follow follow = Follow::inside) {
    return failure_of(code, [&] { walk(folder_ / "d", follow); });
  }
  std::string shown(const std::string& name) { return "'" + (folder_ / name).string() + "'"; }

  TempFolder folder_;
};

TEST_F(Walking, ListsFilesFoldersAndWhatIsEmpty) {
  folder_.write("d/x/b.txt", "b");
  folder_.write("d/x-y", "c");
  fs::create_directories(folder_ / "d/logs/old");
  const auto tree = walk(folder_ / "d/", Follow::none);
  EXPECT_EQ(tree.root, (folder_ / "d").string());
  EXPECT_THAT(paths(tree), ElementsAre("a.txt", "logs/", "logs/old/", "x/", "x-y", "x/b.txt"));
  EXPECT_THAT((std::vector<bool>{tree.entries[1].is_empty, tree.entries[2].is_empty, tree.entries[3].is_empty}),
              ElementsAre(false, true, false));
}

TEST_F(Walking, LinksInsideAreFollowed) {
  folder_.write("d/x/b.txt", "b");
  link("../a.txt", "d/x/to-file");
  link("x", "d/to-folder");
  link((folder_ / "d/a.txt").string(), "d/absolute");
  const auto tree = walk(folder_ / "d", Follow::inside);
  EXPECT_THAT(paths(tree), ElementsAre("a.txt", "absolute", "to-folder/", "to-folder/b.txt", "to-folder/to-file", "x/",
                                       "x/b.txt", "x/to-file"));
  EXPECT_EQ(tree.link_of(tree.entries[2]), "x");
  EXPECT_EQ(tree.link_of(tree.entries[0]), "");
  EXPECT_EQ(tree.place_of(tree.entries[3]), fs::canonical(folder_ / "d/x/b.txt"));
  EXPECT_EQ(tree.place_of(tree.entries[4]), fs::canonical(folder_ / "d/a.txt"));
  EXPECT_EQ(tree.place_of(tree.entries[6]), (folder_ / "d/x/b.txt").string());
  EXPECT_THAT(refused(Code::invalid_argument, Follow::none), HasSubstr("is a link to "));
}

TEST_F(Walking, WhatLeadsOutIsFollowedOnlyWhenAsked) {
  folder_.write("other/deep.txt", "deep");
  folder_.write("d-beside", "x");  // starts like the folder
  link("../other", "d/linkdir");
  EXPECT_THAT(refused(Code::invalid_argument),
              AllOf(HasSubstr(shown("d/linkdir") + " is a link to '../other', outside of the folder"),
                    HasSubstr("copy it in, or pass links=\"follow\"")));
  EXPECT_THAT(paths(walk(folder_ / "d", Follow::all)), ElementsAre("a.txt", "linkdir/", "linkdir/deep.txt"));
  fs::remove(folder_ / "d/linkdir");
  for (const auto* target : {"/etc/passwd", "../d-beside", "..", "../other/deep.txt"}) {
    link(target, "d/out");
    EXPECT_THAT(refused(Code::invalid_argument), HasSubstr("'" + std::string(target) + "', outside")) << target;
    fs::remove(folder_ / "d/out");
  }
}

TEST_F(Walking, ALinkThatLeadsNowhereIsNamedWithItsTarget) {
  link("nowhere", "d/x/broken");
  for (const auto follow : {Follow::inside, Follow::all}) {
    EXPECT_THAT(refused(Code::not_found, follow),
                HasSubstr(shown("d/x/broken") + " is a link to 'nowhere', which does not exist"));
  }
  fs::remove(folder_ / "d/x/broken");
  link("../a.txt/below", "d/x/broken");
  EXPECT_THAT(refused(Code::not_found), HasSubstr("'../a.txt/below', which does not exist"));
}

TEST_F(Walking, CirclesAreNamed) {
  for (const auto* target : {".", "..", "../x"}) {
    link(target, "d/x/round");
    EXPECT_THAT(refused(Code::invalid_argument),
                HasSubstr(shown("d/x/round") + " is a link to '" + target + "', a folder that it lies in"));
    fs::remove(folder_ / "d/x/round");
  }
  link("itself", "d/itself");
  EXPECT_THAT(refused(Code::invalid_argument), HasSubstr("'itself', and leads in a circle"));
  fs::remove(folder_ / "d/itself");
  link("../q", "d/p/to-q");
  link("../p", "d/q/to-p");
  EXPECT_THAT(refused(Code::invalid_argument), HasSubstr("a folder that it lies in"));
}

TEST_F(Walking, ATreeThatGrowsWithoutEndIsRefused) {
  for (int i = 0; i < 24; ++i) {
    for (const auto* name : {"/l", "/r"}) link("../" + std::to_string(i + 1), "d/" + std::to_string(i) + name);
  }
  folder_.write("d/24/end", "x");
  EXPECT_THAT(refused(Code::invalid_argument), HasSubstr("remove the links"));
}

TEST_F(Walking, OneFolderMayBeLinkedOften) {
  folder_.write("d/reference/genome", "ACGT");
  for (int i = 0; i < 1000; ++i) link("../reference", "d/" + std::to_string(i) + "/reference");
  EXPECT_EQ(walk(folder_ / "d", Follow::inside).entries.size(), 3003U);
}

TEST_F(Walking, WhatCannotBeStoredIsNamed) {
  const auto pipe = folder_ / "d/pipe", socket_at = folder_ / "d/socket";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_THAT(refused(Code::invalid_argument), HasSubstr(shown("d/pipe") + " is a named pipe (FIFO)"));
  EXPECT_THAT(failure_of(Code::invalid_argument, [&] { hash_path(pipe); }), HasSubstr("is a named pipe (FIFO)"));
  EXPECT_THAT(failure_of(Code::invalid_argument, [&] { SourceFile file(pipe.string()); }), HasSubstr("pipe"));
  fs::rename(pipe, folder_ / "pipe");
  link("../pipe", "d/linked");
  EXPECT_THAT(refused(Code::invalid_argument, Follow::all), HasSubstr("is a link to '../pipe', a named pipe (FIFO)"));
  fs::remove(folder_ / "d/linked");
  link("/dev/null", "d/null");
  EXPECT_THAT(refused(Code::invalid_argument, Follow::all), HasSubstr("is a link to '/dev/null', a device"));
  fs::remove(folder_ / "d/null");
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  ASSERT_LT(socket_at.string().size(), sizeof(address.sun_path));
  socket_at.string().copy(address.sun_path, sizeof(address.sun_path) - 1);
  ASSERT_EQ(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  EXPECT_THAT(refused(Code::invalid_argument), HasSubstr(shown("d/socket") + " is a socket"));
  EXPECT_THAT(failure_of(Code::invalid_argument, [&] { SourceFile file(socket_at.string()); }), HasSubstr("a socket"));
  ::close(fd);
}

TEST_F(Walking, NamesAreBytesOfUtf8) {
  folder_.write("d/caf\xc3\xa9", "1");   // one code point
  folder_.write("d/cafe\xcc\x81", "2");  // two
  EXPECT_EQ(walk(folder_ / "d", Follow::inside).entries.size(), 3U);
  folder_.write("d/x/\xff\x1b[31m.txt", "3");
  EXPECT_THAT(refused(Code::invalid_argument),
              HasSubstr("the name " + shown("d/x/\\xff\\x1b[31m.txt") + " is not UTF-8; rename it"));
  fs::remove_all(folder_ / "d/x");
  folder_.write("\xfe", "4");
  link("../\xfe", "d/link");
  EXPECT_THAT(refused(Code::invalid_argument, Follow::all), HasSubstr("is a link to '../\\xfe', a name that is not"));
}

TEST_F(Walking, ALinkInThePlaceOfAFileIsAChange) {
  const auto tree = walk(folder_ / "d", Follow::inside);
  fs::remove(folder_ / "d/a.txt");
  link("/etc/passwd", "d/a.txt");
  EXPECT_THAT(failure_of(Code::conflict, [&] { SourceFile(tree.place_of(tree.entries[0]), false); }),
              HasSubstr("it became a link"));
}

TEST_F(Walking, NothingThereAndNotAllowed) {
  EXPECT_THAT(failure_of(Code::not_found, [&] { walk(folder_ / "none", Follow::all); }), HasSubstr("none"));
  failure_of(Code::not_found, [&] { walk(folder_ / "d/a.txt", Follow::all); });
  if (::geteuid() == 0) return;  // root reads everything
  fs::create_directories(folder_ / "d/closed");
  ::chmod((folder_ / "d/closed").c_str(), 0);
  EXPECT_THAT(refused(Code::no_access), HasSubstr("closed"));
  ::chmod((folder_ / "d/closed").c_str(), 0700);
}

// A deep tree and a flat one, with fewer descriptors than either has folders or files.
TEST_F(Walking, SizeNeedsNoDescriptors) {
  std::string deep = "d";
  for (int i = 0; i < 500; ++i) deep += "/n" + std::to_string(i % 10);
  folder_.write(deep + "/end", "x");
  for (int i = 0; i < 10'000; ++i) folder_.write("d/flat/" + std::to_string(i), "");
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  const rlimit few{64, before.rlim_max};
  setrlimit(RLIMIT_NOFILE, &few);
  const auto hash = hash_path(folder_ / "d");
  setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_EQ(hash.files, 10'002);
}

FileHash of_text(std::string_view text) {
  FileHasher hasher;
  hasher.add({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  return hasher.finish();
}

// Digests of folders that hold only files, as existing databases store them.
TEST(Manifest, PlainFoldersKeepTheirDigest) {
  EXPECT_EQ(combine({{"a.txt", of_text("A")}, {"x/b.txt", of_text("B")}}).digest,
            "629330dc504751f6474f6120163a529430198eeb6ea02a65d3a5b91ac01114e5");
}

TEST(Manifest, WhatIsMoreThanFilesCounts) {
  auto script = of_text("A");
  const auto plain = combine({{"a", script}});
  script.is_executable = true;
  const auto executable = combine({{"a", script}}), empty = combine({{"a", of_text("A")}}, {"e"});
  std::vector<std::string> digests{plain.digest,
                                   executable.digest,
                                   empty.digest,
                                   combine({{"a", of_text("A")}}, {"e", "f"}).digest,
                                   combine({{"a", of_text("A")}}, {"e/f"}).digest,
                                   combine({{"a", of_text("A")}}, {"xa"}).digest};
  std::sort(digests.begin(), digests.end());
  EXPECT_EQ(std::unique(digests.begin(), digests.end()), digests.end());
  for (const auto& other : {executable, empty}) {
    EXPECT_EQ(other.hash, plain.hash);
    EXPECT_EQ(other.size, plain.size);
    EXPECT_EQ(other.files, plain.files);
  }
  EXPECT_EQ(combine({}, {"f", "e"}).digest, combine({}, {"e", "f"}).digest);
}

TEST(ShownName, MakesBytesVisible) {
  EXPECT_EQ(shown_name("a\nb\x7f\xc2\x9b ü\xed\xa0"), "a\\x0ab\\x7f\\xc2\\x9b ü\\xed\\xa0");
  EXPECT_EQ(shown_name(""), "");
}

}  // namespace
}  // namespace lamin::base
