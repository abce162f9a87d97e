#include "store/copy.hpp"
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <vector>
#include "base/threads.hpp"
#include "lamin/error.hpp"
#include "store/posix.hpp"

namespace lamin::store {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t chunk_size = std::size_t{128} << 10;  // stays in the cache between reading, hashing and writing
constexpr std::int64_t stretch = 16 << 20;

struct Target {
  int fd;
  const std::string& path;
  std::int64_t size;
};

std::size_t read_some(int fd, std::vector<std::uint8_t>& into, const std::string& path) {
  for (;;) {
    auto count = read(fd, into.data(), into.size());
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR) fail(errno, "Cannot read", path);
  }
}

/// Shares the blocks (btrfs, xfs): the copy is there at once and the hash is read from it.
bool clone(int from, int to) { return ioctl(to, FICLONE, from) == 0; }

void hash_all(int fd, base::FileHasher& hasher, const std::string& path) {
  if (lseek(fd, 0, SEEK_SET) != 0) fail(errno, "Cannot read", path);
  std::vector<std::uint8_t> buffer(chunk_size);
  while (auto count = read_some(fd, buffer, path)) hasher.add({buffer.data(), count});
}

/// Hashing is several times faster than a disk, so what runs beside it is the disk: the kernel is asked to write each
/// stretch while the next is hashed. (A thread that hashes gains nothing on idle cores and loses much on busy ones.)
void copy_bytes(int from, const Target& to, base::FileHasher& hasher, const std::string& source) {
  std::vector<std::uint8_t> buffer(std::clamp<std::size_t>(static_cast<std::size_t>(to.size) + 1, 4096, chunk_size));
  std::int64_t done = 0, asked = 0;
  while (auto count = read_some(from, buffer, source)) {
    hasher.add({buffer.data(), count});
    write_all(to.fd, buffer.data(), count, to.path, to.size);
    done += static_cast<std::int64_t>(count);
    if (done - asked < stretch) continue;
    sync_file_range(to.fd, asked, done - asked, SYNC_FILE_RANGE_WRITE);  // a hint only
    asked = done;
  }
}

base::FileHash copy_file(const fs::path& from, int to_dir, const std::string& name, const std::string& shown) {
  Fd source(open(from.c_str(), O_RDONLY | O_CLOEXEC));
  if (!source.is_open()) fail(errno, "Cannot read", from.string());
  struct stat info{};
  if (fstat(source.get(), &info) != 0) fail(errno, "Cannot read", from.string());
  if (!S_ISREG(info.st_mode)) {
    throw Error(Code::invalid_argument, fmt::format("'{}' is neither a file nor a folder.", from.string()));
  }
  Fd target(openat(to_dir, name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (!target.is_open()) fail_write(errno, shown, info.st_size, to_dir);
  base::FileHasher hasher(info.st_size);
  const Target to{target.get(), shown, info.st_size};
  if (info.st_size > 0 && clone(source.get(), target.get())) {
    hash_all(target.get(), hasher, shown);
  } else {
    copy_bytes(source.get(), to, hasher, from.string());
  }
  return hasher.finish();
}

struct Tree {
  std::vector<fs::path> folders, files;  // relative to the root of the tree
};

Tree tree_of(const fs::path& root) {
  Tree tree;
  std::error_code failure;
  fs::recursive_directory_iterator entry(root, failure);
  for (const fs::recursive_directory_iterator end; !failure && entry != end; entry.increment(failure)) {
    std::error_code gone;
    auto below = entry->path().lexically_relative(root);
    if (entry->is_directory(gone) && !entry->is_symlink(gone)) {
      tree.folders.push_back(std::move(below));
    } else if (entry->is_regular_file(gone)) {
      tree.files.push_back(std::move(below));
    }
  }
  if (failure) fail(failure.value(), "Cannot read", root.string());
  return tree;
}

base::FileHash copy_folder(const fs::path& from, int to_dir, const std::string& name, const std::string& shown) {
  const Tree tree = tree_of(from);
  if (mkdirat(to_dir, name.c_str(), 0777) != 0) fail_write(errno, shown, 0, to_dir);
  Fd root(openat(to_dir, name.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!root.is_open()) fail(errno, "Cannot open", shown);
  for (auto& folder : tree.folders) {  // parents come before what is in them
    if (mkdirat(root.get(), folder.c_str(), 0777) != 0) fail_write(errno, shown, 0, to_dir);
  }
  std::vector<std::pair<std::string, base::FileHash>> hashes(tree.files.size());
  base::in_parallel(tree.files.size(), [&](std::size_t i) {
    auto below = tree.files[i].generic_string();
    hashes[i] = {below, copy_file(from / tree.files[i], root.get(), below, shown + "/" + below)};
  });
  return base::combine(std::move(hashes));
}

}  // namespace

base::FileHash copy_hashing(const fs::path& from, int to_dir, const std::string& name, const std::string& shown) {
  std::error_code failure;
  return fs::is_directory(from, failure) ? copy_folder(from, to_dir, name, shown)
                                         : copy_file(from, to_dir, name, shown);
}

}  // namespace lamin::store
