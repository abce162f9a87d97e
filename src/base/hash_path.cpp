// hash_path.cpp -- hashing what lies on a disk: one file, or the files of a folder by several threads.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include "base/hash.hpp"
#include "base/threads.hpp"
#include "lamin/error.hpp"

namespace lamin::base {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& path, int why) {
  Code code = Code::unavailable;
  if (why == ENOENT || why == ENOTDIR) code = Code::not_found;
  if (why == EACCES || why == EPERM) code = Code::no_access;
  throw Error(code, fmt::format("'{}' cannot be read: {}.", path.string(), std::strerror(why)));
}

class OpenFile {
 public:
  explicit OpenFile(const fs::path& path) : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (descriptor_ < 0) fail(path, errno);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() { close(descriptor_); }
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

FileHash hash_file(const fs::path& path, std::vector<std::uint8_t>& buffer) {
  const OpenFile file(path);
  struct stat info{};
  if (fstat(file.descriptor(), &info) != 0) fail(path, errno);
  if (!S_ISREG(info.st_mode)) {
    throw Error(Code::invalid_argument, fmt::format("'{}' is neither a file nor a folder.", path.string()));
  }
  FileHasher hasher(info.st_size);
  for (;;) {
    const ssize_t count = read(file.descriptor(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(path, errno);
    if (count == 0) break;
    hasher.add({buffer.data(), static_cast<std::size_t>(count)});
  }
  try {
    return hasher.finish();
  } catch (Error& error) {
    error.add_context(fmt::format("while hashing '{}'", path.string()));
    throw;
  }
}

std::vector<fs::path> files_of(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code failure;
  fs::recursive_directory_iterator entry(folder, failure);
  for (const fs::recursive_directory_iterator end; !failure && entry != end; entry.increment(failure)) {
    std::error_code gone;
    if (entry->is_regular_file(gone)) files.push_back(entry->path());
  }
  if (failure) fail(folder, failure.value());
  return files;
}

FileHash hash_folder(const fs::path& folder) {
  const std::vector<fs::path> paths = files_of(folder);
  std::vector<std::pair<std::string, FileHash>> files(paths.size());
  in_parallel(paths.size(), [&](std::size_t i) {
    files[i] = {paths[i].lexically_relative(folder).generic_string(), hash_path(paths[i])};
  });
  return combine(std::move(files));
}

}  // namespace

FileHash hash_path(const fs::path& path) {
  struct stat info{};
  if (stat(path.c_str(), &info) != 0) fail(path, errno);
  if (S_ISDIR(info.st_mode)) return hash_folder(path);
  std::vector<std::uint8_t> buffer(std::clamp<std::size_t>(static_cast<std::size_t>(info.st_size) + 1, 4096, 1 << 20));
  return hash_file(path, buffer);
}

}  // namespace lamin::base
