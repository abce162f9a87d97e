#include "process/witness.hpp"
#include <fcntl.h>
#include <sys/stat.h>
#include <algorithm>
#include <climits>
#include <cstdlib>
#include <filesystem>
#include "lamin/error.hpp"

namespace lamin::process {
namespace fs = std::filesystem;
namespace {

/// A larger file is not hashed while the program waits: its content is then not known.
constexpr std::int64_t most_hashed = std::int64_t{4} << 30;
/// Of a folder that is renamed.
constexpr std::size_t most_moved = 100'000;

/// With links resolved as far as the path exists.
std::string place_of(const std::string& path) {
  char resolved[PATH_MAX];
  if (::realpath(path.c_str(), resolved) != nullptr) return resolved;
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return "";
  const auto folder = slash == 0 ? std::string("/") : path.substr(0, slash);
  if (::realpath(folder.c_str(), resolved) == nullptr) return "";
  std::string place = resolved;
  if (place.back() != '/') place += '/';
  return place + path.substr(slash + 1);
}

/// The place of a name itself: a link that is renamed or removed is not what it leads to.
std::string place_of_name(const std::string& path) {
  struct stat about{};
  if (::lstat(path.c_str(), &about) != 0 || !S_ISLNK(about.st_mode)) return place_of(path);
  return "";
}

std::optional<base::FileHash> hash_of(const std::string& path, std::int64_t size) {
  if (size > most_hashed) return std::nullopt;
  try {
    return base::hash_path(path);
  } catch (const Error&) { return std::nullopt; }  // it is being changed, or may not be read
}

bool is_of_kernel(const std::string& place) {
  return place.starts_with("/dev/") || place.starts_with("/proc/") || place.starts_with("/sys/");
}

bool is_folder(const std::string& path) {
  struct stat about{};
  return ::lstat(path.c_str(), &about) == 0 && S_ISDIR(about.st_mode);
}

}  // namespace

std::optional<Stamp> stamp_of(const std::string& path) {
  struct stat about{};
  if (::stat(path.c_str(), &about) != 0 || !S_ISREG(about.st_mode)) return std::nullopt;
  return Stamp{about.st_dev, about.st_ino, about.st_size,
               about.st_mtim.tv_sec * std::int64_t{1'000'000'000} + about.st_mtim.tv_nsec};
}

/// What is known of a place; null for a place that is not listed.
Witness::Known* Witness::at(const std::string& path, const std::optional<Stamp>& stamp) {
  const auto place = place_of(path);
  if (place.empty()) return nullptr;
  const auto found = files_.find(place);
  if (found != files_.end()) return &found->second;
  const auto role = places_.role(place);
  if (role == Role::environment) environment_.insert(place);
  if (role == Role::environment || role == Role::system) return nullptr;
  Known known{.use = {.path = place, .role = role, .is_new = !stamp, .size = stamp ? stamp->size : 0}, .first = stamp};
  return &files_.emplace(place, std::move(known)).first->second;
}

void Witness::opened(const std::string& path, int flags) {
  const bool reads = (flags & O_ACCMODE) != O_WRONLY && (flags & O_TRUNC) == 0;
  const bool changes = (flags & O_ACCMODE) != O_RDONLY || (flags & O_TRUNC) != 0;
  const bool creates = (flags & O_CREAT) != 0;
  if (!changes && !creates && seen_.contains(path)) return;
  const auto stamp = stamp_of(path);
  if (!stamp) {
    if (!creates || is_folder(path)) return;
    struct stat about{};
    if (::stat(path.c_str(), &about) == 0) return;  // a pipe, a device
  } else if (creates && (flags & O_EXCL) != 0) {
    return;  // will fail
  }
  auto* known = at(path, stamp);
  if (!changes && stamp) seen_.insert(path);
  if (known == nullptr) return;
  known->use.gone = false;
  if (reads && stamp && !known->use.written) known->use.read = true;
  if (changes || !stamp) {
    remember(*known);
    known->use.written = true;
  }
}

/// The content is about to change.
void Witness::remember(Known& known) {
  auto& use = known.use;
  if (!use.read || use.written || use.before || !use.now_at.empty()) return;
  use.before = hash_of(use.path, use.size);
}

void Witness::write(const std::string& path, const std::optional<Stamp>& stamp) {
  if (auto* known = at(path, stamp)) {
    remember(*known);
    known->use.written = true;
    known->use.gone = false;
  }
}

void Witness::executed(const std::string& path) {
  const auto stamp = stamp_of(path);
  if (!stamp) return;
  places_.started(path);
  places_.started(place_of(path));  // of a virtual environment, the installation that it was made from
  if (auto* known = at(path, stamp)) known->use.executed = true;
}

void Witness::move_file(const std::string& from, const std::string& to, const Stamp& stamp, bool keeps) {
  const auto target = stamp_of(to);
  auto* source = at(from, stamp);
  const auto old_place = source == nullptr ? std::string() : source->use.path;
  const bool own = source != nullptr && source->use.written;
  if (source != nullptr && !own) source->use.read = true;
  write(to, target);
  if (source == nullptr) return;
  auto& use = files_.at(old_place).use;
  const auto place = place_of(to);
  if (!keeps) use.gone = true;
  if (!own && !keeps && !use.before) use.now_at = place;
}

void Witness::move_folder(const std::string& from, const std::string& to) {
  std::error_code failed;
  std::size_t count = 0;
  const auto base = fs::path(to);
  for (fs::recursive_directory_iterator i(from, failed), end; !failed && i != end && count < most_moved;
       i.increment(failed), ++count) {
    const auto path = i->path().string();
    // The target does not exist yet: its place is that of the new folder.
    const auto stamp = stamp_of(path);
    if (!stamp || i->is_symlink(failed)) continue;
    auto* source = at(path, stamp);
    if (source == nullptr) continue;
    const bool own = source->use.written;
    if (!own) source->use.read = true;
    source->use.gone = true;
    const auto place = place_of(to);
    if (place.empty()) return;
    const auto now = place + path.substr(from.size());
    if (!own && !source->use.before) source->use.now_at = now;
    Known moved{.use = {.path = now, .role = places_.role(now), .written = true, .is_new = true}, .first = {}};
    files_.insert_or_assign(now, std::move(moved));
  }
}

void Witness::renamed(const std::string& from, const std::string& to, bool exchange) {
  seen_.erase(to);
  if (is_folder(from)) return move_folder(from, to);
  const auto stamp = stamp_of(from);
  if (!stamp || place_of_name(from).empty()) return;
  if (exchange) {
    opened(from, O_RDWR);
    opened(to, O_RDWR);
    return;
  }
  move_file(from, to, *stamp, false);
}

void Witness::linked(const std::string& from, const std::string& to) {
  if (const auto stamp = stamp_of(from)) move_file(from, to, *stamp, true);
}

void Witness::removed(const std::string& path) {
  seen_.erase(path);
  const auto place = place_of_name(path);
  const auto found = files_.find(place);
  if (found == files_.end()) return;
  remember(found->second);
}

bool Witness::may_change(const std::string& path, const std::string& other, const std::vector<std::string>& folders) {
  for (const auto& one : {path, other}) {
    if (one.empty() || is_folder(one)) continue;
    const auto place = place_of(one);
    if (place.empty() || is_of_kernel(place)) continue;  // will fail, or is a device
    const auto inside = [&](const std::string& folder) { return place.starts_with(folder); };
    if (std::ranges::any_of(folders, inside)) continue;
    const auto known = files_.find(place);
    const bool own = known != files_.end() && known->second.use.is_new && known->second.use.written;
    if (own || (!stamp_of(place) && places_.role(place) == Role::scratch)) continue;
    refused_.insert(place);
    return false;
  }
  return true;
}

std::vector<FileUse> Witness::finish() {
  std::vector<FileUse> all;
  for (auto& [place, known] : files_) {
    auto& use = known.use;
    const auto now = stamp_of(place);
    use.gone = !now;
    if (use.written && now) {
      if (known.first && *known.first == *now) {  // opened for writing, and left as it was
        use.written = false;
        use.before.reset();
      } else {
        use.size = now->size;
      }
    }
    all.push_back(std::move(use));
  }
  files_.clear();
  return all;
}

}  // namespace lamin::process
