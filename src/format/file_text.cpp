#include "format/file_text.hpp"
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>
#include <memory>
#include "format/codecs.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path, int error) {
  Code code = error == ENOENT || error == ENOTDIR                   ? Code::not_found
              : error == EACCES || error == EPERM || error == ELOOP ? Code::no_access
                                                                    : Code::unavailable;
  throw Error(code, fmt::format("Cannot read '{}': {}.", path.string(), std::strerror(error)));
}

}  // namespace

std::string file_bytes(const std::filesystem::path& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) fail(path, errno);
  auto close_it = [](const int* p) { close(*p); };
  const std::unique_ptr<const int, decltype(close_it)> guard(&fd, close_it);
  struct stat info{};
  if (fstat(fd, &info) != 0) fail(path, errno);
  if (S_ISDIR(info.st_mode)) {
    throw Error(Code::invalid_argument, fmt::format("'{}' is a folder, not a file.", path.string()));
  }
  std::string bytes(static_cast<std::size_t>(info.st_size) + 1, '\0');
  std::size_t done = 0;
  for (;;) {
    // The size is a guess for pipes and for files that grow.
    if (done == bytes.size()) bytes.resize(bytes.size() + 4096);
    const auto count = read(fd, bytes.data() + done, bytes.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(path, errno);
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  bytes.resize(done);
  return bytes;
}

std::string file_text(const std::filesystem::path& path) {
  auto bytes = file_bytes(path);
  const std::string_view codec = bytes.starts_with("\x1F\x8B")           ? "gzip"
                                 : bytes.starts_with("\x28\xB5\x2F\xFD") ? "zstd"
                                                                         : "";
  if (codec.empty()) return bytes;
  try {
    return codecs().decompress(codec, bytes, -1);
  } catch (Error& error) {
    error.add_context(fmt::format("while reading '{}'", path.string()));
    throw;
  }
}

}  // namespace lamin::format
