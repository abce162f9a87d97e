#include "store/cache.hpp"
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <functional>
#include <vector>
#include "base/uid.hpp"
#include "store/cache_entry.hpp"
#include "store/download.hpp"
#include "store/key.hpp"
#include "store/posix.hpp"

namespace lamin::store {
namespace {

namespace fs = std::filesystem;

constexpr const char* lock_name = ".lock";
constexpr std::string_view unfinished = ".new-";

/// Held while entries are removed or replaced; released when its process ends.
class Lock {
 public:
  explicit Lock(const fs::path& folder) : fd_(open((folder / lock_name).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
    if (!fd_.is_open()) fail_write(errno, (folder / lock_name).string(), 0, -1);
    while (flock(fd_.get(), LOCK_EX) != 0) {
      if (errno != EINTR) fail(errno, "Cannot lock", (folder / lock_name).string());
    }
  }

 private:
  Fd fd_;
};

fs::path object_of(const fs::path& entry, std::string_view key) { return entry / fs::path(clean_key(key)).filename(); }

struct Used {
  fs::path entry;
  std::int64_t bytes;
  timespec when;
};

std::vector<Used> entries_in(const fs::path& folder) {
  std::vector<Used> entries;
  std::error_code failure;
  for (auto it = fs::directory_iterator(folder, failure); !failure && it != fs::directory_iterator();
       it.increment(failure)) {
    auto name = it->path().filename().string();
    if (name == lock_name) continue;
    struct stat info{};
    bool finished = !name.starts_with(unfinished);
    auto at = finished ? it->path() / note_name : it->path();
    if (stat(at.c_str(), &info) != 0) continue;
    auto bytes = finished ? noted_bytes(it->path()).value_or(0) : 0;
    entries.push_back({it->path(), bytes, info.st_mtim});
  }
  return entries;
}

}  // namespace

Cache::Cache(fs::path folder, CacheOptions options) : folder_(std::move(folder)), options_(options) {
  std::error_code failure;
  fs::create_directories(folder_, failure);
  if (failure) fail(failure.value(), "Cannot make the cache", folder_.string());
}

fs::path Cache::entry(std::string_view uid, std::string_view digest) const {
  for (auto part : {uid, digest}) {
    if (part.find_first_of(std::string_view("/\0", 2)) != std::string_view::npos || part.starts_with('.')) {
      throw Error(Code::invalid_argument, fmt::format("'{}' is no name for a cache entry.", part));
    }
  }
  if (uid.empty()) throw Error(Code::invalid_argument, "A cache entry needs a uid.");
  return folder_ / fmt::format("{}.{}", uid, digest.empty() ? "any" : digest.substr(0, 32));
}

fs::path Cache::find(std::string_view uid, std::string_view digest, std::string_view key) {
  auto at = entry(uid, digest), object = object_of(at, key);
  if (!unchanged(at, object)) {
    if (digest.empty()) return {};
    const Lock lock(folder_);
    std::error_code failure;
    if (!fs::exists(object, failure)) return {};
    if (base::hash_path(object).digest != digest) {
      fs::remove_all(at, failure);
      return {};
    }
    note(at, object);  // touched but unchanged
  }
  touch(at);
  return object;
}

namespace {

void give_shape(const fs::path& folder, const FolderShape& shape) {
  for (const auto& path : shape.empty_folders) fs::create_directories(folder / clean_key(path));
  for (const auto& path : shape.executables) {
    std::error_code ignored;  // a file that is not there makes the digest another one
    fs::permissions(folder / clean_key(path), fs::perms::owner_exec, fs::perm_options::add, ignored);
  }
}

/// The folder of an entry that is being made. Large files keep theirs when the work ends early, so that the next
/// attempt goes on there, and one process at a time has it; others are removed.
class Fresh {
 public:
  Fresh(fs::path folder, bool keeps) : folder_(std::move(folder)), keeps_(keeps) {
    fs::create_directories(folder_);
    if (!keeps_) return;
    // The name must still be that of the folder that was locked: another process may have finished with it.
    for (;;) {
      lock_ = Fd(open((folder_ / own_lock).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
      if (!lock_.is_open() && errno == ENOENT) {
        fs::create_directories(folder_);
        continue;
      }
      if (!lock_.is_open()) fail_write(errno, (folder_ / own_lock).string(), 0, -1);
      while (flock(lock_.get(), LOCK_EX) != 0 && errno == EINTR) {}
      struct stat locked{}, named{};
      if (fstat(lock_.get(), &locked) == 0 && stat((folder_ / own_lock).c_str(), &named) == 0 &&
          locked.st_ino == named.st_ino) {
        return;
      }
    }
  }
  Fresh(const Fresh&) = delete;
  Fresh& operator=(const Fresh&) = delete;
  ~Fresh() {
    std::error_code ignored;
    if (!keeps_) fs::remove_all(folder_, ignored);
  }
  const fs::path& folder() const { return folder_; }
  void discard() { keeps_ = false; }
  /// Before the folder becomes the entry.
  void unlock() {
    std::error_code ignored;
    fs::remove(folder_ / own_lock, ignored);
    keeps_ = false;
  }

 private:
  static constexpr const char* own_lock = ".fetching";
  fs::path folder_;
  bool keeps_;
  Fd lock_;
};

}  // namespace

fs::path Cache::materialise(std::string_view uid, std::string_view digest, Store& source, std::string_view key,
                            const FolderShape& shape) {
  if (auto found = find(uid, digest, key); !found.empty()) return found;
  auto at = entry(uid, digest);
  const auto object_there = digest.empty() ? std::nullopt : source.stat(key);
  const bool resumes = object_there && is_resumable(*object_there);
  Fresh fresh(folder_ / (std::string(unfinished) + (resumes ? at.filename().string() : base::random_uid(16))), resumes);
  if (resumes) {  // another process may have fetched it while this one waited
    if (auto found = find(uid, digest, key); !found.empty()) {
      fresh.discard();
      return found;
    }
  }
  auto object = object_of(fresh.folder(), key);
  base::FileHash got;
  for (const bool first : {true, false}) {
    const auto hashed = resumes ? fetch_on(source, *object_there, object) : fetch(source, key, object);
    if (!hashed) give_shape(object, shape);
    got = hashed ? *hashed : base::hash_path(object);
    if (digest.empty() || got.digest == digest) break;
    fs::remove_all(object);
    // What an earlier attempt left may have been damaged by a crash of the machine: fetch it once more.
    if (resumes && first) continue;
    fresh.discard();
    throw Error(Code::corrupt,
                fmt::format("'{}/{}' ({} bytes) is not what was saved: its digest is {}, not {}. Somebody "
                            "changed it; restore it from a backup or save it as a new version.",
                            source.root(), key, got.size, got.digest, digest));
  }
  {
    const Lock lock(folder_);
    auto target = object_of(at, key);
    // Another process may have been faster; what it verified is just as good.
    fresh.unlock();
    if (unchanged(at, target)) return target;
    fs::remove_all(at);
    // A rename changes neither inode nor times of the folder's content, so the note stays valid.
    note(fresh.folder(), object);
    fs::rename(fresh.folder(), at);
  }
  trim();
  return object_of(at, key);
}

void Cache::remove(std::string_view uid) {
  auto prefix = entry(uid, "").filename().string();
  prefix.resize(uid.size() + 1);
  const Lock lock(folder_);
  for (auto& used : entries_in(folder_)) {
    if (used.entry.filename().string().starts_with(prefix)) fs::remove_all(used.entry);
  }
}

void Cache::clear() {
  const Lock lock(folder_);
  for (auto& used : entries_in(folder_)) fs::remove_all(used.entry);
}

std::int64_t Cache::bytes() const {
  std::int64_t sum = 0;
  for (auto& used : entries_in(folder_)) sum += used.bytes;
  return sum;
}

std::vector<CacheEntry> Cache::list() const {
  std::vector<CacheEntry> all;
  for (auto& used : entries_in(folder_)) {
    const auto name = used.entry.filename().string();
    if (name.starts_with(unfinished)) continue;
    all.push_back({name.substr(0, name.find('.')), used.entry, used.bytes, used.when.tv_sec});
  }
  std::ranges::stable_sort(all, std::ranges::greater(), &CacheEntry::used);
  return all;
}

void Cache::trim() {
  constexpr std::int64_t abandoned = 24 * 3600;  // seconds after which an unfinished entry has been abandoned
  const Lock lock(folder_);
  auto entries = entries_in(folder_);
  std::sort(entries.begin(), entries.end(), [](const Used& a, const Used& b) {
    return std::pair(a.when.tv_sec, a.when.tv_nsec) < std::pair(b.when.tv_sec, b.when.tv_nsec);
  });
  std::int64_t sum = 0;
  for (auto& used : entries) sum += used.bytes;
  const std::int64_t now = time(nullptr);
  for (auto& used : entries) {
    bool is_unfinished = used.entry.filename().string().starts_with(unfinished);
    if (is_unfinished ? now - used.when.tv_sec < abandoned
                      : sum <= options_.max_bytes || now - used.when.tv_sec < options_.spare.count()) {
      continue;
    }
    fs::remove_all(used.entry);
    sum -= used.bytes;
  }
}

}  // namespace lamin::store
