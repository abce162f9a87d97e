// regular_file.hpp -- opening a file that somebody else named: a FIFO, socket or device is refused, never waited for.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>

namespace lamin::base {

/// Opens a regular file for reading; the caller closes the descriptor. Throws not_found, no_access, unavailable;
/// invalid_argument for a folder, FIFO, socket or device.
int open_regular(const std::filesystem::path& path);

/// The same, owned, with its size at that moment.
class RegularFile {
 public:
  explicit RegularFile(const std::filesystem::path& path);
  RegularFile(RegularFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)), size_(other.size_) {}
  RegularFile& operator=(RegularFile&&) = delete;
  ~RegularFile();
  int fd() const { return fd_; }
  std::int64_t size() const { return size_; }

 private:
  int fd_;
  std::int64_t size_ = 0;
};

/// The content of a file that ought to be small. Throws as above, and corrupt beyond `most` bytes.
std::string small_file(const std::filesystem::path& path, std::int64_t most);

}  // namespace lamin::base
