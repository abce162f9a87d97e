// source_file.cpp -- opening and reading a user's file, and the errors when that fails.
#include "base/source_file.hpp"
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>
#include "lamin/error.hpp"

namespace lamin::base {
namespace {

Code code_of(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR: return Code::not_found;
    case EACCES:
    case EPERM: return Code::no_access;
    case ELOOP: return Code::conflict;
    case ENAMETOOLONG: return Code::invalid_argument;
    default: return Code::unavailable;
  }
}

}  // namespace

void fail_read(int error, const std::string& path) {
  const auto* why = error == ELOOP ? "it became a link while it was read; save again when nothing writes to it"
                                   : std::strerror(error);
  throw Error(code_of(error), fmt::format("'{}' cannot be read: {}.", path, why));
}

void throw_changed() {
  throw Error(Code::conflict, "The file changed while it was read: save it again when nothing writes to it.");
}

std::string_view kind_name(mode_t mode) {
  if (S_ISFIFO(mode)) return "a named pipe (FIFO)";
  if (S_ISSOCK(mode)) return "a socket";
  if (S_ISCHR(mode) || S_ISBLK(mode)) return "a device";
  return S_ISDIR(mode) ? "a folder" : "something unknown";
}

SourceFile::SourceFile(const std::string& path, bool may_be_link)
    : path_(path),
      descriptor_(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY | (may_be_link ? 0 : O_NOFOLLOW))) {
  if (descriptor_ < 0) {
    if (errno == ENXIO) throw Error(Code::invalid_argument, fmt::format("'{}' is a socket, not a file.", path));
    fail_read(errno, path);
  }
  struct stat info{};
  const int error = fstat(descriptor_, &info) == 0 ? 0 : errno;
  if (error != 0 || !S_ISREG(info.st_mode)) {
    close(descriptor_);
    if (error != 0) fail_read(error, path);
    throw Error(Code::invalid_argument, fmt::format("'{}' is {}, not a file.", path, kind_name(info.st_mode)));
  }
  constexpr std::int64_t block = 512, worth_looking = 64 << 10;
  size_ = info.st_size;
  is_executable_ = (info.st_mode & S_IXUSR) != 0;
  may_have_holes_ = size_ - info.st_blocks * block >= worth_looking;
}

SourceFile::SourceFile(SourceFile&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      size_(other.size_),
      is_executable_(other.is_executable_),
      may_have_holes_(other.may_have_holes_) {}

SourceFile::~SourceFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

std::size_t SourceFile::read_some(std::span<std::uint8_t> into) const {
  for (;;) {
    const auto count = read(descriptor_, into.data(), into.size());
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR) fail_read(errno, path_);
  }
}

std::size_t SourceFile::read_at(std::int64_t offset, std::span<std::uint8_t> into) const {
  std::size_t done = 0;
  while (done < into.size()) {
    const auto part = into.subspan(done);
    const auto count = pread(descriptor_, part.data(), part.size(), offset + static_cast<std::int64_t>(done));
    if (count == 0) break;
    if (count > 0) done += static_cast<std::size_t>(count);
    else if (errno != EINTR) fail_read(errno, path_);
  }
  return done;
}

void SourceFile::read_whole(std::int64_t offset, std::span<std::uint8_t> into) const {
  if (read_at(offset, into) < into.size()) throw_changed();
}

void SourceFile::refuse_more() const {
  std::uint8_t more = 0;
  if (read_at(size_, {&more, 1}) > 0) throw_changed();
}

int open_regular(const std::string& path) {
  const SourceFile file(path);
  const int copy = fcntl(file.descriptor(), F_DUPFD_CLOEXEC, 0);
  if (copy < 0) fail_read(errno, path);
  return copy;
}

std::string small_file(const std::string& path, std::int64_t most) {
  const SourceFile file(path);
  std::string bytes;
  bytes.reserve(static_cast<std::size_t>(std::clamp<std::int64_t>(file.size(), 0, most)));
  std::vector<std::uint8_t> buffer(static_cast<std::size_t>(std::clamp<std::int64_t>(file.size() + 1, 4096, 1 << 20)));
  while (const auto count = file.read_some(buffer)) {
    bytes.append(reinterpret_cast<const char*>(buffer.data()), count);
    if (static_cast<std::int64_t>(bytes.size()) > most) {
      throw Error(Code::corrupt, fmt::format("'{}' has more than {} bytes, which no such file needs.", path, most));
    }
  }
  return bytes;
}

}  // namespace lamin::base
