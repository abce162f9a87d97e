// local.cpp -- a folder as a store.
//
// How an object gets to its key: 1 its bytes go to the staging folder, hashed on the way; 2 fsync; 3 missing folders
// are created, each made durable in its parent; 4 rename, which refuses an existing key unless it is to be replaced; 5
// fsync of the folder. So a small file costs two fsyncs, plus one for each new folder. `put_many` and folders replace
// step 2 by one syncfs for all.
#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <mutex>
#include <set>
#include <utility>
#include "base/threads.hpp"
#include "store/copy.hpp"
#include "store/key.hpp"
#include "store/posix.hpp"
#include "store/staging.hpp"
#include "store/store.hpp"

namespace lamin::store {
namespace {

namespace fs = std::filesystem;

/// The folder of a key and the name in it.
struct Place {
  std::string folder, name;
};

Place split_key(const std::string& key) {
  auto slash = key.rfind('/');
  if (slash == std::string::npos) return {"", key};
  return {key.substr(0, slash), key.substr(slash + 1)};
}

std::string stamp_of(const struct ::stat& info) {
  return fmt::format("{}-{}.{:09}-{}", info.st_size, info.st_mtim.tv_sec, info.st_mtim.tv_nsec, info.st_ino);
}

class LocalReader : public Reader {
 public:
  LocalReader(Fd fd, std::int64_t size, std::string path) : fd_(std::move(fd)), size_(size), path_(std::move(path)) {}
  std::int64_t size() const override { return size_; }
  std::size_t read_at(std::int64_t offset, std::span<std::uint8_t> into) const override {
    std::size_t done = 0;
    while (done < into.size()) {
      auto count = pread(fd_.get(), into.data() + done, into.size() - done, offset + static_cast<std::int64_t>(done));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) fail(errno, "Cannot read", path_);
      if (count == 0) break;
      done += static_cast<std::size_t>(count);
    }
    return done;
  }

 private:
  Fd fd_;
  std::int64_t size_;
  std::string path_;
};

class Local : public Store {
 public:
  Local(Fd root, std::string path) : root_(std::move(root)), path_(std::move(path)) {
    if (may_write()) swept_ = Staging::sweep(root_.get(), path_);
  }

  Capabilities can() const override { return {.local_paths = true, .keeps_folders = true, .moves_at_once = true}; }
  std::string root() const override { return path_; }

  std::optional<Entry> stat(std::string_view key) override {
    auto clean = clean_key(key);
    Fd fd = open_beneath(root_.get(), clean, O_PATH);
    if (!fd.is_open()) {
      if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
      fail(errno, "Cannot look at", full(clean));
    }
    struct ::stat info{};
    if (fstat(fd.get(), &info) != 0) fail(errno, "Cannot look at", full(clean));
    bool folder = S_ISDIR(info.st_mode);
    if (folder) return Entry{std::move(clean), 0, true};
    return Entry{std::move(clean), static_cast<std::int64_t>(info.st_size), false, stamp_of(info)};
  }

  std::unique_ptr<Reader> open(std::string_view key) override {
    auto clean = clean_key(key);
    Fd fd = open_beneath(root_.get(), clean, O_RDONLY | O_NONBLOCK);
    if (!fd.is_open()) fail(errno == ENOTDIR ? ENOENT : errno, "Cannot open", full(clean));
    struct ::stat info{};
    if (fstat(fd.get(), &info) != 0) fail(errno, "Cannot open", full(clean));
    if (!S_ISREG(info.st_mode)) {
      throw Error(Code::invalid_argument, fmt::format("'{}' is a folder, not a file: list it.", full(clean)));
    }
    return std::make_unique<LocalReader>(std::move(fd), info.st_size, full(clean));
  }

  std::vector<Entry> list(std::string_view folder) override;
  base::FileHash put(const fs::path& from, std::string_view key, bool replace) override;
  std::vector<base::FileHash> put_many(std::span<const std::pair<fs::path, std::string>> files) override;
  base::FileHash put(const Reader& from, std::string_view key, bool replace) override;
  void remove(std::string_view key) override;
  void move(std::string_view from, std::string_view to, bool replace) override;

  Swept sweep() override {
    auto swept = Staging::sweep(root_.get(), path_);
    const auto at_opening = std::exchange(swept_, {});
    swept.folders += at_opening.folders;
    swept.bytes += at_opening.bytes;
    return swept;
  }

  std::optional<fs::path> local_path(std::string_view key) override {
    auto found = stat(key);
    if (!found) return std::nullopt;
    return fs::path(path_) / found->key;
  }

 private:
  std::string full(const std::string& key) const { return path_ + "/" + key; }

  bool may_write() const { return faccessat(root_.get(), ".", W_OK | X_OK, AT_EACCESS) == 0; }

  Staging& staging() {
    const std::lock_guard lock(mutex_);
    // Checked here and not when opening: a store that may only be read can still be loaded from.
    if (stagings_.empty() && !may_write()) fail(errno, "Cannot write to the storage", path_);
    if (stagings_.empty() || !stagings_.back()->is_there()) {
      stagings_.push_back(std::make_unique<Staging>(root_.get(), path_));
    }
    return *stagings_.back();
  }

  void refuse_existing(const std::string& key, bool replace) {
    if (!replace && stat(key)) fail(EEXIST, "Cannot write", full(key));
  }
  Fd make_folder(const std::string& folder);
  void publish(Staged& staged, const std::string& key, const Fd& folder, bool replace);
  std::vector<std::string> look_into(const Fd& folder, const std::string& key, std::vector<Entry>& into);
  void walk(const Fd& folder, const std::string& key, std::vector<Entry>& into);
  void sync_all() {
    if (syncfs(root_.get()) != 0) fail_write(errno, path_, 0, root_.get());
  }

  Fd root_;
  std::string path_;
  Swept swept_;
  std::mutex mutex_;
  // Created at the first write, and again if somebody removed it; others may still use the previous one.
  std::vector<std::unique_ptr<Staging>> stagings_;
};

// Opens the folder, creating what is missing; each new one is durable before anything is put into it.
Fd Local::make_folder(const std::string& folder) {
  constexpr int flags = O_RDONLY | O_DIRECTORY;
  Fd fd = open_beneath(root_.get(), folder, flags);
  if (fd.is_open()) return fd;
  if (errno != ENOENT) fail_write(errno, full(folder), 0, root_.get());
  auto [parent_key, name] = split_key(folder);
  Fd parent = make_folder(parent_key);
  if (mkdirat(parent.get(), name.c_str(), 0777) != 0 && errno != EEXIST) {
    fail_write(errno, full(folder), 0, parent.get());
  }
  sync_or_fail(parent.get(), full(parent_key));
  fd = open_beneath(root_.get(), folder, flags);
  if (!fd.is_open()) fail_write(errno, full(folder), 0, root_.get());
  return fd;
}

void Local::publish(Staged& staged, const std::string& key, const Fd& folder, bool replace) {
  auto name = split_key(key).name;
  int from = staged.folder();
  int error = rename_new(from, staged.name().c_str(), folder.get(), name.c_str());
  if (error == EEXIST && replace) {
    // Renaming cannot replace a folder, so swap: the old one is discarded with the staged name.
    error = rename_exchange(from, staged.name().c_str(), folder.get(), name.c_str());
    if (error == 0) return;
    error = renameat(from, staged.name().c_str(), folder.get(), name.c_str()) == 0 ? 0 : errno;
  }
  if (error != 0) fail_write(error, full(key), 0, folder.get());
  staged.published();
}

base::FileHash Local::put(const fs::path& from, std::string_view key, bool replace) {
  auto clean = clean_key(key);
  refuse_existing(clean, replace);
  Staged staged(staging());
  auto hash = copy_hashing(from, staged.folder(), staged.name(), full(clean));
  if (hash.files >= 0) {
    sync_all();
  } else {
    Fd fd(openat(staged.folder(), staged.name().c_str(), O_RDONLY | O_CLOEXEC));
    sync_or_fail(fd.get(), full(clean));
  }
  Fd folder = make_folder(split_key(clean).folder);
  publish(staged, clean, folder, replace);
  sync_or_fail(folder.get(), full(clean));
  return hash;
}

std::vector<base::FileHash> Local::put_many(std::span<const std::pair<fs::path, std::string>> files) {
  std::vector<std::string> keys;
  for (auto& [from, key] : files) {
    keys.push_back(clean_key(key));
    refuse_existing(keys.back(), false);
  }
  std::vector<base::FileHash> hashes(files.size());
  if (files.empty()) return hashes;
  std::vector<Staged> staged;
  staged.reserve(files.size());
  for (std::size_t i = 0; i < files.size(); ++i) staged.emplace_back(staging());
  base::in_parallel(files.size(), [&](std::size_t i) {
    hashes[i] = copy_hashing(files[i].first, staged[i].folder(), staged[i].name(), full(keys[i]));
  });
  sync_all();
  std::set<std::string> folders;
  std::pair<std::string, Fd> open;  // the last folder: most files go into the same one
  for (std::size_t i = 0; i < files.size(); ++i) {
    auto folder = split_key(keys[i]).folder;
    if (folder != open.first || !open.second.is_open()) open = {folder, make_folder(folder)};
    publish(staged[i], keys[i], open.second, false);
    folders.insert(std::move(folder));
  }
  for (auto& folder : folders) sync_or_fail(make_folder(folder).get(), full(folder));
  return hashes;
}

base::FileHash Local::put(const Reader& from, std::string_view key, bool replace) {
  auto clean = clean_key(key);
  refuse_existing(clean, replace);
  Staged staged(staging());
  const auto size = from.size();
  Fd fd(openat(staged.folder(), staged.name().c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (!fd.is_open()) fail_write(errno, full(clean), size, root_.get());
  base::FileHasher hasher(size);
  read_all(from, [&](std::span<const std::uint8_t> piece) {
    hasher.add(piece);
    write_all(fd.get(), reinterpret_cast<const char*>(piece.data()), piece.size(), full(clean), size);
  });
  auto hash = hasher.finish();
  sync_or_fail(fd.get(), full(clean));
  Fd folder = make_folder(split_key(clean).folder);
  publish(staged, clean, folder, replace);
  sync_or_fail(folder.get(), full(clean));
  return hash;
}

void Local::remove(std::string_view key) {
  auto clean = clean_key(key);
  auto [folder_key, name] = split_key(clean);
  Fd folder = open_beneath(root_.get(), folder_key, O_RDONLY | O_DIRECTORY);
  if (!folder.is_open()) {
    if (errno == ENOENT || errno == ENOTDIR) return;
    fail(errno, "Cannot remove", full(clean));
  }
  if (unlinkat(folder.get(), name.c_str(), 0) == 0 || errno == ENOENT) return;
  if (errno != EISDIR && errno != EPERM) fail(errno, "Cannot remove", full(clean));
  // A folder vanishes as a whole; its parts are then removed out of sight.
  Staged staged(staging());
  if (renameat(folder.get(), name.c_str(), staged.folder(), staged.name().c_str()) != 0 && errno != ENOENT) {
    fail(errno, "Cannot remove", full(clean));
  }
}

void Local::move(std::string_view from, std::string_view to, bool replace) {
  auto source = clean_key(from), target = clean_key(to);
  if (!stat(source)) fail(ENOENT, "Cannot move", full(source));
  auto [source_folder, source_name] = split_key(source);
  Fd out = open_beneath(root_.get(), source_folder, O_RDONLY | O_DIRECTORY);
  if (!out.is_open()) fail(errno, "Cannot move", full(source));
  Fd into = make_folder(split_key(target).folder);
  const auto target_name = split_key(target).name;
  int error = rename_new(out.get(), source_name.c_str(), into.get(), target_name.c_str());
  if (error == EEXIST && replace) {
    error = renameat(out.get(), source_name.c_str(), into.get(), target_name.c_str()) == 0 ? 0 : errno;
  }
  if (error != 0) fail(error, fmt::format("Cannot move '{}' to", full(source)), full(target));
  sync_or_fail(into.get(), full(target));
  sync_or_fail(out.get(), full(source));
}

// Lists one folder: adds files to `into`, returns folders.
std::vector<std::string> Local::look_into(const Fd& folder, const std::string& key, std::vector<Entry>& into) {
  const std::unique_ptr<DIR, int (*)(DIR*)> entries(fdopendir(fcntl(folder.get(), F_DUPFD_CLOEXEC, 0)), closedir);
  if (!entries) fail(errno, "Cannot list", full(key));
  std::vector<std::string> folders;
  while (auto* entry = readdir(entries.get())) {
    const std::string name = entry->d_name;
    if (name == "." || name == ".." || (key.empty() && name == staging_folder)) continue;
    auto child = key.empty() ? name : key + "/" + name;
    struct ::stat info{};
    if (fstatat(folder.get(), name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) continue;  // gone meanwhile
    if (S_ISLNK(info.st_mode)) {
      // Links to files inside the store count as files; links to folders could go in circles.
      const Fd linked = open_beneath(root_.get(), child, O_PATH);
      if (!linked.is_open() || fstat(linked.get(), &info) != 0 || S_ISDIR(info.st_mode)) continue;
    }
    if (S_ISDIR(info.st_mode)) folders.push_back(std::move(child));
    else if (S_ISREG(info.st_mode)) into.push_back({std::move(child), static_cast<std::int64_t>(info.st_size), false});
  }
  return folders;
}

// Each folder is closed before its subfolders are opened: a deep tree needs no more descriptors than a flat one.
void Local::walk(const Fd& folder, const std::string& key, std::vector<Entry>& into) {
  auto open = look_into(folder, key, into);
  while (!open.empty()) {
    const auto child = std::move(open.back());
    open.pop_back();
    const Fd below = open_beneath(root_.get(), child, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (!below.is_open() && (errno == ENOENT || errno == ENOTDIR || errno == ELOOP)) continue;  // gone meanwhile
    if (!below.is_open()) fail(errno, "Cannot list", full(child));
    for (auto& more : look_into(below, child, into)) open.push_back(std::move(more));
  }
}

std::vector<Entry> Local::list(std::string_view folder) {
  auto key = clean_folder(folder);
  std::vector<Entry> found;
  Fd fd = open_beneath(root_.get(), key, O_RDONLY | O_DIRECTORY);
  if (!fd.is_open()) {
    if (errno == ENOENT) return found;
    if (errno != ENOTDIR) fail(errno, "Cannot list", full(key));
    if (auto file = stat(key)) found.push_back(*file);
    return found;
  }
  walk(fd, key, found);
  std::sort(found.begin(), found.end(), [](const Entry& a, const Entry& b) { return a.key < b.key; });
  return found;
}

}  // namespace

std::unique_ptr<Store> open_local(const fs::path& root, bool create) {
  auto path = fs::absolute(root).lexically_normal();
  if (!path.has_filename() && path != path.root_path()) path = path.parent_path();
  if (create) {
    std::error_code failure;
    fs::create_directories(path, failure);
    if (failure) fail(failure.value(), "Cannot make the folder", path.string());
  }
  Fd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.is_open()) fail(errno, "Cannot open the storage", path.string());
  return std::make_unique<Local>(std::move(fd), path.string());
}

}  // namespace lamin::store
