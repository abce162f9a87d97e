// file.cpp -- writes a small file under a temporary name, locked meanwhile, then renames it.
#include "base/file.hpp"
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include "base/uid.hpp"
#include "lamin/error.hpp"

namespace lamin::base {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void fail(const fs::path& path, std::string_view action, int error) {
  const bool access = error == EACCES || error == EPERM || error == EROFS;
  throw Error(access ? Code::no_access : Code::unavailable,
              fmt::format("cannot {} '{}': {}", action, path.string(), std::strerror(error)));
}

/// A folder that the user owns and others may enter. One owned by somebody else is not changed.
void close_to_others(const fs::path& folder) {
  struct stat info{};
  constexpr mode_t others = S_IRWXG | S_IRWXO;
  if (::stat(folder.c_str(), &info) != 0 || info.st_uid != ::geteuid() || (info.st_mode & others) == 0) return;
  ::chmod(folder.c_str(), info.st_mode & 07777 & ~others);
}

/// Returns 0 or an errno.
int write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const auto n = ::write(file, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return ::fsync(file) == 0 ? 0 : errno;
}

constexpr std::size_t marks = 8;  // random characters that distinguish unfinished files

std::string unfinished_prefix(const fs::path& path) { return "." + path.filename().string() + "."; }

/// Removes what killed writers of the file left behind; a living writer holds a lock on its own.
void sweep(const fs::path& path) {
  const auto prefix = unfinished_prefix(path);
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(path.parent_path(), failed)) {
    const auto name = entry.path().filename().string();
    if (name.size() != prefix.size() + marks || !name.starts_with(prefix)) continue;
    const int file = ::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0) continue;
    if (::flock(file, LOCK_EX | LOCK_NB) == 0) ::unlink(entry.path().c_str());
    ::close(file);
  }
}

/// A rename is durable once its folder is.
void sync_folder(const fs::path& folder) {
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return;
  ::fsync(file);
  ::close(file);
}

}  // namespace

void write_file(const fs::path& path, std::string_view text, Readers readers) {
  const bool own = readers == Readers::owner;
  const auto folder = path.parent_path();
  std::error_code ignored;
  fs::create_directories(folder, ignored);
  if (own) close_to_others(folder);
  sweep(path);
  const auto temporary = folder / (unfinished_prefix(path) + random_uid(marks));
  const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, own ? 0600 : 0644);
  if (file < 0) fail(path, "write", errno);
  ::flock(file, LOCK_EX | LOCK_NB);
  int error = write_all(file, text);
  if (error == 0 && ::rename(temporary.c_str(), path.c_str()) != 0) error = errno;
  ::close(file);
  if (error == 0) return sync_folder(folder);
  ::unlink(temporary.c_str());
  fail(path, "write", error);
}

std::optional<std::string> read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    if (errno == EACCES) fail(path, "read", errno);
    return std::nullopt;
  }
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

void sync_path(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool done = file >= 0 && ::fsync(file) == 0;
  const int error = errno;
  if (file >= 0) ::close(file);
  if (!done) throw Error(Code::unavailable, fmt::format("cannot write '{}': {}", path.string(), std::strerror(error)));
}

}  // namespace lamin::base
