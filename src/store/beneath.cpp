#include "store/beneath.hpp"
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstdio>
#include "base/uid.hpp"
#include "base/visible.hpp"
#include "lamin/error.hpp"
#include "store/key.hpp"
#include "store/posix.hpp"

namespace lamin::store {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void refuse(int error, const fs::path& path) {
  const auto shown = base::visible_line(path.string());
  if (error == EXDEV || error == ELOOP) {
    throw Error(Code::no_access,
                fmt::format("'{}' would be written outside of this folder: a link on the way leads out", shown));
  }
  if (error == EEXIST) {
    throw Error(Code::conflict, fmt::format("'{}' is there already. Move it away, or load elsewhere.", shown));
  }
  fail_write(error, shown, 0, -1);
}

/// The folder of a key, created if it is missing.
Fd folder_of(const Fd& root, const std::string& key, const fs::path& shown) {
  Fd folder = open_beneath(root.get(), "", O_RDONLY | O_DIRECTORY);
  for (auto slash = key.find('/'); slash != key.npos; slash = key.find('/', slash + 1)) {
    const auto part = key.substr(0, slash);
    const auto name = part.substr(part.rfind('/') + 1);
    if (mkdirat(folder.get(), name.c_str(), 0777) != 0 && errno != EEXIST) refuse(errno, shown / part);
    folder = open_beneath(root.get(), part, O_RDONLY | O_DIRECTORY);
    if (!folder.is_open()) refuse(errno, shown / part);
  }
  return folder;
}

}  // namespace

fs::path create_beneath(const fs::path& folder, const std::string& key, std::string_view text) {
  const auto clean = clean_key(key);
  const auto shown = folder == "." ? fs::path() : folder;
  const auto path = shown / clean;
  const Fd root(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!root.is_open()) fail(errno, "Cannot open the folder", folder.string());
  const Fd into = folder_of(root, clean, shown);
  const auto name = clean.substr(clean.rfind('/') + 1);
  const auto unfinished = ".new-" + base::random_uid(12);
  const Fd file(openat(into.get(), unfinished.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (!file.is_open()) refuse(errno, path);
  try {
    write_all(file.get(), text.data(), text.size(), path.string(), static_cast<std::int64_t>(text.size()));
    if (const int error = rename_new(into.get(), unfinished.c_str(), into.get(), name.c_str()); error != 0)
      refuse(error, path);
  } catch (...) {
    unlinkat(into.get(), unfinished.c_str(), 0);
    throw;
  }
  return path;
}

}  // namespace lamin::store
