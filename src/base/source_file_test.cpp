#include "base/source_file.hpp"
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <cstring>
#include <fstream>
#include "base/hash.hpp"
#include "base/uid.hpp"
#include "lamin/error.hpp"

namespace lamin::base {
namespace {

namespace fs = std::filesystem;

class SourceFiles : public ::testing::Test {
 protected:
  void SetUp() override { fs::create_directories(scratch_); }
  void TearDown() override { fs::remove_all(scratch_); }
  template <class F>
  static Code code_of(F f) {
    try {
      f();
    } catch (const Error& error) { return error.code(); }
    return Code::internal;
  }
  Code refused(const fs::path& path) {
    return code_of([&] { const SourceFile file(path); });
  }
  fs::path scratch_ = fs::temp_directory_path() / ("lamin-regular-" + random_uid(8));
};

TEST_F(SourceFiles, OthersAreRefusedAndNotWaitedFor) {
  const auto fifo = scratch_ / "fifo", socket_at = scratch_ / "socket", link = scratch_ / "link";
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{.sun_family = AF_UNIX};
  ASSERT_LT(socket_at.string().size(), sizeof(address.sun_path));
  std::strcpy(address.sun_path, socket_at.c_str());
  ASSERT_EQ(bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  fs::create_symlink("/dev/zero", link);
  for (auto& path : {fifo, socket_at, link, scratch_, fs::path("/dev/zero")}) {
    EXPECT_EQ(refused(path), Code::invalid_argument) << path;
    EXPECT_EQ(code_of([&] { small_file(path, 10); }), Code::invalid_argument) << path;
  }
  EXPECT_EQ(code_of([&] { hash_path(fifo); }), Code::invalid_argument);
  EXPECT_EQ(refused(scratch_ / "none"), Code::not_found);
  close(fd);
}

TEST_F(SourceFiles, SmallFilesAreSmall) {
  std::ofstream(scratch_ / "a") << "0123456789";
  EXPECT_EQ(small_file(scratch_ / "a", 10), "0123456789");
  EXPECT_EQ(code_of([&] { small_file(scratch_ / "a", 9); }), Code::corrupt);
  EXPECT_EQ(SourceFile(scratch_ / "a").size(), 10);
  const int copy = open_regular(scratch_ / "a");
  char byte = 0;
  EXPECT_EQ(read(copy, &byte, 1), 1);
  close(copy);
}

}  // namespace
}  // namespace lamin::base
