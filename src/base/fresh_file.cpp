#include "base/fresh_file.hpp"
#include <fcntl.h>
#include <fmt/format.h>
#include <cerrno>
#include <cstdio>
#include "base/file.hpp"
#include "base/uid.hpp"
#include "lamin/error.hpp"

namespace lamin::base {
namespace {

namespace fs = std::filesystem;

fs::path followed(const fs::path& target) {
  std::error_code failure;
  if (!fs::is_symlink(target, failure)) return target;
  auto real = fs::weakly_canonical(target, failure);
  return failure ? target : real;
}

/// Returns 0 or an errno. Not every file system knows every flag.
int rename_with(unsigned flags, const fs::path& from, const fs::path& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), flags) == 0) return 0;
  return errno;
}

int plain_rename(const fs::path& from, const fs::path& to) {
  return ::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

int move(const fs::path& from, const fs::path& to, bool replace) {
  std::error_code ignored;
  if (!replace) {
    const int error = rename_with(RENAME_NOREPLACE, from, to);
    if (error != EINVAL && error != ENOSYS) return error;
    return fs::exists(to, ignored) ? EEXIST : plain_rename(from, to);
  }
  if (!fs::is_directory(to, ignored)) return plain_rename(from, to);
  // A folder that is not empty cannot be replaced by a rename: the two change places, and the old one goes.
  const int error = rename_with(RENAME_EXCHANGE, from, to);
  if (error != EINVAL && error != ENOSYS) return error;
  const auto old = to.parent_path() / fmt::format(".{}-{}", random_uid(8), to.filename().string());
  if (const int failed = plain_rename(to, old); failed != 0) return failed;
  const int failed = plain_rename(from, to);
  if (failed != 0) plain_rename(old, to);
  else fs::remove_all(old, ignored);
  return failed;
}

void sync_all(const fs::path& path) {
  std::error_code failure;
  if (fs::is_directory(path, failure)) {
    for (auto it = fs::recursive_directory_iterator(path, failure);
         !failure && it != fs::recursive_directory_iterator(); it.increment(failure))
      if (!it->is_symlink(failure)) sync_path(it->path());
  }
  sync_path(path);
}

}  // namespace

FreshFile::FreshFile(const fs::path& target)
    : target_(followed(target)),
      path_(target_.parent_path() / fmt::format(".{}-{}", random_uid(8), target_.filename().string())) {}

FreshFile::~FreshFile() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

void FreshFile::put(bool replace) {
  std::error_code failure;
  if (const auto before = fs::status(target_, failure); !failure && fs::is_regular_file(before))
    fs::permissions(path_, before.permissions(), failure);
  sync_all(path_);
  if (const int error = move(path_, target_, replace); error == EEXIST) {
    throw Error(Code::conflict, fmt::format("'{}' already exists.", target_.string()));
  } else if (error != 0) {
    const std::error_code why(error, std::generic_category());
    throw Error(error == ENOSPC || error == EIO ? Code::unavailable : Code::no_access,
                fmt::format("Cannot write '{}': {}.", target_.string(), why.message()));
  }
  sync_path(target_.has_parent_path() ? target_.parent_path() : fs::path("."));
}

}  // namespace lamin::base
