// copy.cpp -- copies files and folders into a store, hashing on the way.
#include "store/copy.hpp"
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <mutex>
#include <vector>
#include "base/checkpoint.hpp"
#include "base/large_hash.hpp"
#include "base/source_file.hpp"
#include "base/threads.hpp"
#include "base/tree.hpp"
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

/// Shares the blocks (btrfs, xfs): the copy is instant and the hash is read from it.
bool clone(int from, int to) { return ioctl(to, FICLONE, from) == 0; }

/// Fills `into`, of a file that nobody else changes.
void read_at(int fd, std::int64_t offset, std::span<std::uint8_t> into, const std::string& path) {
  while (!into.empty()) {
    const auto count = pread(fd, into.data(), into.size(), offset);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) fail(count < 0 ? errno : EIO, "Cannot read", path);
    into = into.subspan(static_cast<std::size_t>(count));
    offset += count;
  }
}

void hash_all(const Target& of, base::FileHasher& hasher) {
  std::vector<std::uint8_t> buffer(chunk_size);
  for (std::int64_t at = 0; at < of.size; at += std::ssize(buffer)) {
    const std::span piece(buffer.data(), std::min(buffer.size(), static_cast<std::size_t>(of.size - at)));
    read_at(of.fd, at, piece, of.path);
    hasher.add(piece);
  }
}

/// Hashing is several times faster than a disk, so the disk works in parallel: the kernel is asked to write each
/// stretch while the next is hashed.
class Copying {
 public:
  Copying(const base::SourceFile& from, const Target& to, base::FileHasher& hasher)
      : from_(from), to_(to), hasher_(hasher) {
    buffer_.resize(std::clamp<std::size_t>(static_cast<std::size_t>(to.size) + 1, 4096, chunk_size));
  }

  /// Copies from the current positions to the end of the source, or the next `most` bytes.
  void bytes(std::int64_t most = std::numeric_limits<std::int64_t>::max()) {
    std::int64_t done = 0, asked = 0;
    while (done < most) {
      const auto room = std::min<std::int64_t>(most - done, static_cast<std::int64_t>(buffer_.size()));
      const auto count = from_.read_some({buffer_.data(), static_cast<std::size_t>(room)});
      if (count == 0) return;
      hasher_.add({buffer_.data(), count});
      write_all(to_.fd, buffer_.data(), count, to_.path, to_.size);
      done += static_cast<std::int64_t>(count);
      if (done - asked < stretch) continue;
      sync_file_range(to_.fd, begin_ + asked, done - asked, SYNC_FILE_RANGE_WRITE);  // a hint only
      asked = done;
    }
  }

  /// Holes stay holes: they are hashed as zeros and skipped in the target. What the file system says about them is
  /// verified by comparing the hash with that of all bytes.
  void data_between_holes() {
    for (std::int64_t at = 0; at < to_.size;) {
      const auto data = next(at, SEEK_DATA);
      zeros(data - at);
      if (data == to_.size) break;
      const auto hole = next(data, SEEK_HOLE);
      if (lseek(from_.descriptor(), data, SEEK_SET) < 0) base::fail_read(errno, from_.path());
      if (lseek(to_.fd, data, SEEK_SET) < 0) fail(errno, "Cannot write", to_.path);
      begin_ = data;
      bytes(hole - data);
      at = hole;
    }
    if (ftruncate(to_.fd, to_.size) != 0) fail_write(errno, to_.path, to_.size, to_.fd);
  }

 private:
  /// Where the next data or hole starts, at or after `at`; the end of the file if there is none. A file system without
  /// holes reports everything as data.
  std::int64_t next(std::int64_t at, int what) const {
    const auto found = lseek(from_.descriptor(), at, what);
    if (found >= 0) return std::min<std::int64_t>(found, to_.size);
    return what == SEEK_DATA && errno != ENXIO ? at : to_.size;
  }

  void zeros(std::int64_t count) {
    static constexpr std::array<std::uint8_t, chunk_size> nothing{};
    for (; count > 0; count -= static_cast<std::int64_t>(nothing.size()))
      hasher_.add({nothing.data(), static_cast<std::size_t>(std::min<std::int64_t>(count, nothing.size()))});
  }

  const base::SourceFile& from_;
  const Target& to_;
  base::FileHasher& hasher_;
  std::vector<std::uint8_t> buffer_;
  std::int64_t begin_ = 0;  // where in the target the copied bytes start
};

/// Within the kernel where it can, for instance not between file systems.
void copy_range(const base::SourceFile& from, const Target& to, std::int64_t begin, std::int64_t end) {
  for (auto at = begin; at < end;) {
    off_t in = at, out = at;
    const auto count = copy_file_range(from.descriptor(), &in, to.fd, &out, static_cast<std::size_t>(end - at), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && (errno == ENOSPC || errno == EDQUOT || errno == EFBIG)) fail_write(errno, to.path, to.size, to.fd);
    if (count == 0) base::throw_changed();
    if (count < 0) {
      std::vector<std::uint8_t> buffer(std::min(chunk_size, static_cast<std::size_t>(end - at)));
      from.read_whole(at, buffer);
      write_at(to.fd, at, buffer.data(), buffer.size(), to.path, to.size);
      at += std::ssize(buffer);
      continue;
    }
    at += count;
  }
}

/// Ranges are copied one after the other, since writers of one file wait for each other, and each is hashed as it is in
/// the target while the next is copied and the disk writes.
base::FileHash copy_large(const base::SourceFile& from, const Target& to) {
  base::LargeHasher hasher(from.size());
  std::mutex copying;
  const auto copy = [&](std::size_t i) {
    base::checkpoint();
    const auto [begin, end] = hasher.ranges()[i];
    {
      const std::lock_guard turn(copying);
      copy_range(from, to, begin, end);
      sync_file_range(to.fd, begin, end - begin, SYNC_FILE_RANGE_WRITE);  // a hint only
    }
    std::vector<std::uint8_t> buffer(base::LargeHasher::piece_size);
    for (auto at = begin; at < end; at += std::ssize(buffer)) {
      const std::span piece(buffer.data(), std::min(buffer.size(), static_cast<std::size_t>(end - at)));
      read_at(to.fd, at, piece, to.path);
      hasher.add(i, piece);
    }
  };
  base::in_parallel(hasher.ranges().size(), copy, 1);
  from.refuse_more();
  return hasher.finish();
}

/// Regardless of the umask: the owner's execute bit counts in the digest of a folder.
void make_executable(int fd, const std::string& path) {
  struct stat info{};
  if (fstat(fd, &info) != 0) fail(errno, "Cannot look at", path);
  if ((info.st_mode & S_IXUSR) != 0) return;
  if (fchmod(fd, (info.st_mode & 07777) | S_IXUSR) != 0) fail(errno, "Cannot make executable", path);
}

base::FileHash copy_bytes(const base::SourceFile& source, const Target& to) {
  const bool cloned = source.size() > 0 && clone(source.descriptor(), to.fd);
  if (!cloned && !source.may_have_holes() && base::LargeHasher::takes(source.size())) return copy_large(source, to);
  base::FileHasher hasher(source.size());
  if (cloned) hash_all(to, hasher);
  else if (source.may_have_holes()) Copying(source, to, hasher).data_between_holes();
  else Copying(source, to, hasher).bytes();
  return hasher.finish();
}

base::FileHash copy_file(const base::SourceFile& source, int to_dir, const std::string& name, const std::string& shown,
                         bool keep_executable) {
  const bool executable = keep_executable && source.is_executable();
  const Fd target(openat(to_dir, name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, executable ? 0777 : 0666));
  if (!target.is_open()) fail_write(errno, shown, source.size(), to_dir);
  if (executable) make_executable(target.get(), shown);
  auto hash = copy_bytes(source, {target.get(), shown, source.size()});
  hash.is_executable = source.is_executable();
  return hash;
}

base::FileHash copy_folder(const fs::path& from, int to_dir, const std::string& name, const std::string& shown) {
  const auto tree = base::walk(from, base::Follow::all);
  if (mkdirat(to_dir, name.c_str(), 0777) != 0) fail_write(errno, shown, 0, to_dir);
  const Fd root(openat(to_dir, name.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!root.is_open()) fail(errno, "Cannot open", shown);
  for (const auto& entry : tree.entries) {  // parents come before their content
    if (!entry.is_folder) continue;
    if (mkdirat(root.get(), entry.path.c_str(), 0777) != 0) fail_write(errno, shown, 0, to_dir);
  }
  const auto copy = [&](const base::TreeEntry& entry) {
    const base::SourceFile source(tree.place_of(entry), false);
    return copy_file(source, root.get(), entry.path, shown + "/" + entry.path, true);
  };
  return base::hash_tree(tree, copy).whole;
}

}  // namespace

base::FileHash copy_hashing(const fs::path& from, int to_dir, const std::string& name, const std::string& shown) {
  std::error_code failure;
  if (fs::is_directory(from, failure)) return copy_folder(from, to_dir, name, shown);
  return copy_file(base::SourceFile(from.string()), to_dir, name, shown, false);
}

}  // namespace lamin::store
