// posix.hpp -- files by descriptor: opening below a root, failures as lamin::Error.
#pragma once
#include <sys/types.h>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace lamin::store {

/// Owns a file descriptor; -1 means none.
class Fd {
 public:
  explicit Fd(int fd = -1) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Fd();
  int get() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }

 private:
  int fd_;
};

/// Throws the Error for an errno: "`what` '<path>': <reason>, and what to do".
[[noreturn]] void fail(int error, std::string_view what, const std::string& path);
/// Like `fail`, but names the bytes needed and free if the disk is full. `fd` is on that disk.
[[noreturn]] void fail_write(int error, const std::string& path, std::int64_t needed, int fd);

/// Opens `key` below the folder `root`, never outside it: links that lead out are refused (errno EXDEV or ELOOP). On
/// failure returns a closed Fd and sets errno.
Fd open_beneath(int root, const std::string& key, int flags);
/// renameat2 with RENAME_NOREPLACE. Returns 0 or an errno; if the file system does not support it, checks and renames.
int rename_new(int from_dir, const char* from, int to_dir, const char* to);
/// Swaps two names. Returns 0 or an errno.
int rename_exchange(int from_dir, const char* from, int to_dir, const char* to);

void write_all(int fd, const void* bytes, std::size_t size, const std::string& path, std::int64_t needed);
/// The same at a place of the file, also on several threads.
void write_at(int fd, std::int64_t offset, const void* bytes, std::size_t size, const std::string& path,
              std::int64_t needed);
void sync_or_fail(int fd, const std::string& path);

}  // namespace lamin::store
