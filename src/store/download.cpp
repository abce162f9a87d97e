#include "store/download.hpp"
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <fstream>
#include <mutex>
#include <set>
#include <thread>
#include <vector>
#include "base/checkpoint.hpp"
#include "base/progress.hpp"
#include "base/reporting.hpp"
#include "base/threads.hpp"
#include "store/buffer.hpp"
#include "store/posix.hpp"

namespace lamin::store {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t piece = 8 << 20, large = 32 << 20;
constexpr std::size_t lanes_for_pieces = 4, lanes_for_files = 8;

void write_at(int fd, std::span<const std::uint8_t> bytes, std::int64_t offset, const fs::path& to, std::int64_t size) {
  while (!bytes.empty()) {
    const auto count = pwrite(fd, bytes.data(), bytes.size(), offset);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) fail_write(count < 0 ? errno : ENOSPC, to.string(), size, fd);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
    offset += count;
  }
}

std::vector<std::int64_t> pieces_of(std::int64_t size, const std::set<std::int64_t>& there) {
  std::vector<std::int64_t> wanted;
  for (std::int64_t i = 0; i * piece < size; ++i) {
    if (!there.contains(i)) wanted.push_back(i);
  }
  return wanted;
}

/// Buffers for pieces, used again: fresh memory costs as much as what is done with it.
class Buffers {
 public:
  explicit Buffers(std::size_t size) : size_(size) {}
  Buffer take() {
    {
      const std::lock_guard lock(mutex_);
      if (!free_.empty()) {
        auto buffer = std::move(free_.back());
        free_.pop_back();
        return buffer;
      }
    }
    return Buffer(size_);
  }
  void give_back(Buffer buffer) {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(buffer));
  }

 private:
  std::size_t size_;
  std::mutex mutex_;
  std::vector<Buffer> free_;
};

/// Hashes a file in the order of its pieces, in whatever order they arrive: who brings the one that is next goes on as
/// far as there are pieces, from memory its own and from the file those that came too early.
class FollowingHash {
 public:
  FollowingHash(int fd, std::int64_t size, const fs::path& to, const std::set<std::int64_t>& there)
      : fd_(fd), size_(size), to_(to), there_(static_cast<std::size_t>((size + piece - 1) / piece)), hasher_(size) {
    for (const auto number : there) there_[static_cast<std::size_t>(number)] = true;
  }

  /// It is in the file, and `bytes` are its.
  void arrived(std::int64_t number, std::span<const std::uint8_t> bytes) {
    std::unique_lock lock(mutex_);
    there_[static_cast<std::size_t>(number)] = true;
    go_on(lock, number, bytes);
  }
  /// Once all have arrived.
  base::FileHash finish() {
    std::unique_lock lock(mutex_);
    go_on(lock, -1, {});
    return hasher_.finish();
  }

 private:
  void go_on(std::unique_lock<std::mutex>& lock, std::int64_t number, std::span<const std::uint8_t> bytes) {
    if (busy_) return;
    busy_ = true;
    while (next_ < there_.size() && there_[next_]) {
      const auto now = static_cast<std::int64_t>(next_);
      lock.unlock();
      if (now == number) hasher_.add(bytes);
      else add_from_file(now * piece);
      lock.lock();
      ++next_;
    }
    busy_ = false;
  }

  void add_from_file(std::int64_t from) {
    if (buffer_.empty()) buffer_ = Buffer(1 << 20);
    const auto end = std::min(from + piece, size_);
    while (from < end) {
      const auto room = std::min<std::int64_t>(end - from, static_cast<std::int64_t>(buffer_.size()));
      const auto count = pread(fd_, buffer_.bytes().data(), static_cast<std::size_t>(room), from);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) fail(count < 0 ? errno : EIO, "Cannot read", to_.string());
      hasher_.add(buffer_.bytes().first(static_cast<std::size_t>(count)));
      from += count;
    }
  }

  int fd_;
  std::int64_t size_;
  const fs::path& to_;
  std::mutex mutex_;
  std::vector<bool> there_;
  std::size_t next_ = 0;
  bool busy_ = false;  // whoever set it has the hasher and the buffer
  base::FileHasher hasher_;
  Buffer buffer_;
};

/// Reads pieces `wanted` of the object; `arrived` is told of each once it is in the file.
base::FileHash fetch_pieces(const Reader& reader, int fd, const fs::path& to, const std::set<std::int64_t>& there,
                            const std::function<void(std::int64_t)>& arrived) {
  const auto size = reader.size();
  const auto wanted = pieces_of(size, there);
  FollowingHash hash(fd, size, to, there);
  Buffers buffers(static_cast<std::size_t>(std::min(piece, std::max<std::int64_t>(size, 1))));
  const auto here = std::this_thread::get_id();
  std::atomic<std::size_t> done = 0;
  base::Progress progress(base::progress_say(), fmt::format("fetching '{}'", to.filename().string()),
                          static_cast<std::int64_t>(wanted.size()) * (piece >> 20));
  base::in_lanes(wanted.size(), lanes_for_pieces, [&](std::size_t i) {
    base::checkpoint();
    if (std::this_thread::get_id() == here) progress.at(static_cast<std::int64_t>(done) * (piece >> 20));
    const auto from = wanted[i] * piece;
    auto buffer = buffers.take();
    const auto bytes = buffer.bytes().first(static_cast<std::size_t>(std::min(piece, size - from)));
    if (reader.read_at(from, bytes) != bytes.size()) {
      throw Error(Code::conflict,
                  fmt::format("what is copied to '{}' became shorter meanwhile: read it again", to.string()));
    }
    write_at(fd, bytes, from, to, size);
    arrived(wanted[i]);
    hash.arrived(wanted[i], bytes);
    buffers.give_back(std::move(buffer));
    ++done;
  });
  return hash.finish();
}

base::FileHash fetch_file(Store& source, const std::string& key, const fs::path& to) {
  const auto reader = source.open(key);
  const Fd fd(open(to.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (!fd.is_open()) fail_write(errno, to.string(), reader->size(), -1);
  return fetch_pieces(*reader, fd.get(), to, {}, [](std::int64_t) {});
}

/// The pieces that a note lists; none if it is about another content.
std::set<std::int64_t> noted(const fs::path& note, const std::string& about) {
  std::ifstream in(note);
  std::string line;
  std::set<std::int64_t> pieces;
  if (!std::getline(in, line) || line != about) return pieces;
  for (std::int64_t number = 0; in >> number;) pieces.insert(number);
  return pieces;
}

}  // namespace

bool is_resumable(const Entry& object) { return !object.is_folder && object.size >= large && !object.stamp.empty(); }

std::optional<base::FileHash> fetch(Store& source, std::string_view key, const fs::path& to) {
  const auto found = source.stat(key);
  if (!found) {
    throw Error(Code::not_found,
                fmt::format("'{}/{}' is not in its storage: it was moved or deleted.", source.root(), key));
  }
  if (!found->is_folder) return fetch_file(source, found->key, to);
  fs::create_directories(to);
  const auto files = source.list(found->key);
  std::set<fs::path> folders;
  std::vector<fs::path> paths;
  for (const auto& file : files) {
    paths.push_back(to / file.key.substr(found->key.size() + 1));
    folders.insert(paths.back().parent_path());
  }
  for (const auto& folder : folders) fs::create_directories(folder);
  base::in_lanes(files.size(), source.can().local_paths ? 1 : lanes_for_files, [&](std::size_t i) {
    base::checkpoint();
    static_cast<void>(fetch_file(source, files[i].key, paths[i]));
  });
  return std::nullopt;
}

base::FileHash fetch_on(Store& source, const Entry& object, const fs::path& to) {
  const auto note = to.string() + ".part";
  const auto about = fmt::format("{} {}", object.size, object.stamp);
  const auto there = noted(note, about);
  const Fd fd(open(to.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | (there.empty() ? O_TRUNC : 0), 0666));
  if (!fd.is_open()) fail_write(errno, to.string(), object.size, -1);
  const Fd log(open(note.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | (there.empty() ? O_TRUNC : 0), 0666));
  if (!log.is_open()) fail_write(errno, note, object.size, -1);
  const auto say = [&](const std::string& line) { write_all(log.get(), line.data(), line.size(), note, object.size); };
  if (there.empty()) say(about + "\n");
  const auto reader = source.open(object.key);
  if (reader->size() != object.size) {
    throw Error(Code::conflict,
                fmt::format("'{}/{}' was replaced meanwhile: read it again", source.root(), object.key));
  }
  auto hash = fetch_pieces(*reader, fd.get(), to, there, [&](std::int64_t i) { say(fmt::format("{}\n", i)); });
  std::error_code ignored;
  fs::remove(note, ignored);
  return hash;
}

}  // namespace lamin::store
