#include "store/posix.hpp"
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include "lamin/error.hpp"

namespace lamin::store {
namespace {

bool is_full(int error) { return error == ENOSPC || error == EDQUOT || error == EFBIG; }

Code code_of(int error) {
  switch (error) {
    case ENOENT: return Code::not_found;
    case EACCES:
    case EPERM:
    case EROFS:
    case EXDEV:
    case ELOOP: return Code::no_access;
    case EEXIST:
    case ENOTEMPTY:
    case ENOTDIR:
    case EISDIR: return Code::conflict;
    case ENAMETOOLONG:
    case EINVAL: return Code::invalid_argument;
    default: return Code::unavailable;
  }
}

std::string reason(int error) {
  switch (error) {
    case EXDEV:
    case ELOOP: return "a link on the way leads out of the storage";
    case EACCES:
    case EPERM: return "permission denied; change the permissions or choose another place";
    case EROFS: return "the file system is read-only; choose another place";
    case ENOTDIR: return "a part of the path is a file, not a folder";
    case EEXIST: return "it exists already";
    default: return std::strerror(error);
  }
}

// For kernels without openat2: opens every part separately and allows no links at all.
Fd walk_beneath(int root, const std::string& key, int flags) {
  int at = root;
  Fd folder;
  std::size_t begin = 0;
  for (;;) {
    auto slash = key.find('/', begin);
    std::string part = key.substr(begin, slash == std::string::npos ? slash : slash - begin);
    if (slash == std::string::npos) return Fd(openat(at, part.c_str(), flags | O_NOFOLLOW | O_CLOEXEC));
    folder = Fd(openat(at, part.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!folder.is_open()) return Fd();
    at = folder.get();
    begin = slash + 1;
  }
}

int rename_with(int from_dir, const char* from, int to_dir, const char* to, unsigned flags) {
  return renameat2(from_dir, from, to_dir, to, flags) == 0 ? 0 : errno;
}

}  // namespace

Fd::~Fd() {
  if (fd_ >= 0) close(fd_);
}

void fail(int error, std::string_view what, const std::string& path) {
  throw Error(code_of(error), fmt::format("{} '{}': {}.", what, path, reason(error)));
}

void fail_write(int error, const std::string& path, std::int64_t needed, int fd) {
  if (!is_full(error)) fail(error, "Cannot write", path);
  struct statvfs disk{};
  std::string room;
  if (fd >= 0 && fstatvfs(fd, &disk) == 0) {
    room = fmt::format(", {} are free", static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize);
  }
  throw Error(
      Code::unavailable,
      fmt::format("Cannot write '{}': {}. {} bytes are needed{}. Nothing was left behind; make room and try again.",
                  path, std::strerror(error), needed, room));
}

Fd open_beneath(int root, const std::string& key, int flags) {
  if (key.empty()) return Fd(openat(root, ".", flags | O_CLOEXEC));
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC);
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  for (int attempt = 0;; ++attempt) {
    auto fd = static_cast<int>(syscall(SYS_openat2, root, key.c_str(), &how, sizeof(how)));
    if (fd >= 0) return Fd(fd);
    if (errno == ENOSYS) return walk_beneath(root, key, flags);
    // EAGAIN: something was renamed while ".." in a link was followed.
    if ((errno != EAGAIN && errno != EINTR) || attempt == 100) return Fd();
  }
}

int rename_new(int from_dir, const char* from, int to_dir, const char* to) {
  int error = rename_with(from_dir, from, to_dir, to, RENAME_NOREPLACE);
  if (error != EINVAL && error != ENOSYS) return error;
  // A hard link fails if the name is taken; folders cannot be linked, so for those it checks first.
  if (linkat(from_dir, from, to_dir, to, 0) == 0) return unlinkat(from_dir, from, 0) == 0 ? 0 : errno;
  if (errno == EEXIST) return EEXIST;
  struct stat info{};
  if (fstatat(to_dir, to, &info, AT_SYMLINK_NOFOLLOW) == 0) return EEXIST;
  return renameat(from_dir, from, to_dir, to) == 0 ? 0 : errno;
}

int rename_exchange(int from_dir, const char* from, int to_dir, const char* to) {
  return rename_with(from_dir, from, to_dir, to, RENAME_EXCHANGE);
}

void write_all(int fd, const void* bytes, std::size_t size, const std::string& path, std::int64_t needed) {
  auto* at = static_cast<const char*>(bytes);
  while (size > 0) {
    auto count = write(fd, at, size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail_write(errno, path, needed, fd);
    at += count;
    size -= static_cast<std::size_t>(count);
  }
}

void write_at(int fd, std::int64_t offset, const void* bytes, std::size_t size, const std::string& path,
              std::int64_t needed) {
  auto* at = static_cast<const char*>(bytes);
  while (size > 0) {
    const auto count = pwrite(fd, at, size, offset);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail_write(errno, path, needed, fd);
    at += count;
    offset += count;
    size -= static_cast<std::size_t>(count);
  }
}

void sync_or_fail(int fd, const std::string& path) {
  int result = 0;
  do result = fsync(fd);
  while (result != 0 && errno == EINTR);
  if (result != 0) fail_write(errno, path, 0, fd);
}

}  // namespace lamin::store
