#include "base/regular_file.hpp"
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include "lamin/error.hpp"

namespace lamin::base {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& path, int why) {
  Code code = why == ENOENT || why == ENOTDIR                 ? Code::not_found
              : why == EACCES || why == EPERM || why == ELOOP ? Code::no_access
                                                              : Code::unavailable;
  if (why == ENOENT) throw Error(code, fmt::format("There is no file '{}'.", path.string()));
  // A socket cannot be opened at all.
  if (why == ENXIO) {
    throw Error(Code::invalid_argument, fmt::format("'{}' is a socket or device, not a file.", path.string()));
  }
  throw Error(code, fmt::format("Cannot read '{}': {}.", path.string(), std::strerror(why)));
}

const char* kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISFIFO(mode)) return "a FIFO";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

}  // namespace

RegularFile::RegularFile(const fs::path& path)
    // O_NONBLOCK: opening a FIFO would wait for a writer. Reading a regular file does not know it.
    : fd_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {
  if (fd_ < 0) fail(path, errno);
  struct stat info{};
  const int failed = fstat(fd_, &info) != 0 ? errno : 0;
  if (failed == 0 && S_ISREG(info.st_mode)) {
    size_ = info.st_size;
    return;
  }
  close(fd_);
  if (failed != 0) fail(path, failed);
  throw Error(Code::invalid_argument, fmt::format("'{}' is {}, not a file.", path.string(), kind_of(info.st_mode)));
}

RegularFile::~RegularFile() {
  if (fd_ >= 0) close(fd_);
}

int open_regular(const fs::path& path) {
  const RegularFile file(path);
  const int copy = fcntl(file.fd(), F_DUPFD_CLOEXEC, 0);
  if (copy < 0) fail(path, errno);
  return copy;
}

std::string small_file(const fs::path& path, std::int64_t most) {
  const RegularFile file(path);
  std::string bytes(static_cast<std::size_t>(std::min(file.size(), most)) + 1, '\0');
  std::size_t done = 0;
  for (;;) {
    const auto count = read(file.fd(), bytes.data() + done, bytes.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(path, errno);
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
    if (static_cast<std::int64_t>(done) > most) {
      throw Error(Code::corrupt,
                  fmt::format("'{}' has more than {} bytes, which no such file needs.", path.string(), most));
    }
    if (done == bytes.size()) bytes.resize(bytes.size() + 4096);  // it grows
  }
  bytes.resize(done);
  return bytes;
}

}  // namespace lamin::base
