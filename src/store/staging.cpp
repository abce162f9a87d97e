#include "store/staging.hpp"
#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <filesystem>
#include <vector>
#include "base/uid.hpp"
#include "store/key.hpp"

namespace lamin::store {
namespace {

namespace fs = std::filesystem;

const char* const shared_name = staging_folder.data();

Fd open_folder(int at, const char* name) {
  return Fd(openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

bool lock(int fd, int how) {
  int result = 0;
  do result = flock(fd, how);
  while (result != 0 && errno == EINTR);
  return result == 0;
}

bool has_links(int fd) {
  struct stat info{};
  return fstat(fd, &info) == 0 && info.st_nlink > 0;
}

std::vector<std::string> names_in(const Fd& folder) {
  std::vector<std::string> names;
  DIR* entries = fdopendir(dup(folder.get()));
  if (!entries) return names;
  while (auto* entry = readdir(entries)) {
    if (std::string_view name = entry->d_name; name != "." && name != "..") names.emplace_back(name);
  }
  closedir(entries);
  return names;
}

std::int64_t bytes_below(const fs::path& folder) {
  std::int64_t sum = 0;
  std::error_code failed;
  for (fs::recursive_directory_iterator it(folder, failed), end; !failed && it != end; it.increment(failed)) {
    std::error_code gone;
    if (it->is_symlink(gone) || !it->is_regular_file(gone)) continue;
    const auto size = it->file_size(gone);
    if (!gone) sum += static_cast<std::int64_t>(size);
  }
  return sum;
}

}  // namespace

Staging::Staging(int root, std::string root_path)
    : root_(root), root_path_(std::move(root_path)), name_(base::random_uid(12)) {
  const std::string path = std::string(shared_name) + "/" + name_;
  // Another process may remove the empty parent, or sweep the new folder before it is locked: then try again.
  for (int attempt = 0; attempt < 100; ++attempt) {
    if (mkdirat(root_, shared_name, 0777) != 0 && errno != EEXIST) break;
    if (mkdirat(root_, path.c_str(), 0777) != 0 && errno != EEXIST) {
      if (errno == ENOENT) continue;
      break;
    }
    Fd parent = open_folder(root_, shared_name);
    if (!parent.is_open() && errno != ENOENT) break;
    folder_ = open_folder(parent.get(), name_.c_str());
    if (!folder_.is_open()) continue;
    if (lock(folder_.get(), LOCK_EX) && has_links(folder_.get())) return;
  }
  fail_write(errno, root_path_ + "/" + path, 0, root_);
}

Staging::~Staging() {
  unlinkat(root_, (std::string(shared_name) + "/" + name_).c_str(), AT_REMOVEDIR);
  unlinkat(root_, shared_name, AT_REMOVEDIR);
}

bool Staging::is_there() const { return has_links(folder_.get()); }

std::string Staging::new_name() { return base::random_uid(16); }

void Staging::discard(const std::string& name) {
  if (unlinkat(folder_.get(), name.c_str(), 0) == 0 || errno == ENOENT) return;
  std::error_code ignored;
  fs::remove_all(fs::path(root_path_) / shared_name / name_ / name, ignored);
}

Swept Staging::sweep(int root, const std::string& root_path) {
  Swept swept;
  Fd parent = open_folder(root, shared_name);
  if (!parent.is_open()) return swept;
  for (auto& name : names_in(parent)) {
    Fd folder = open_folder(parent.get(), name.c_str());
    if (!folder.is_open() || !lock(folder.get(), LOCK_EX | LOCK_NB)) continue;
    const auto path = fs::path(root_path) / shared_name / name;
    const auto bytes = bytes_below(path);
    std::error_code failed;
    const bool empty = fs::is_empty(path, failed);  // perhaps made a moment ago, and not locked yet
    fs::remove_all(path, failed);
    if (failed) {
      ++swept.kept;
      continue;
    }
    if (!empty) ++swept.folders;
    swept.bytes += bytes;
  }
  unlinkat(root, shared_name, AT_REMOVEDIR);
  return swept;
}

}  // namespace lamin::store
