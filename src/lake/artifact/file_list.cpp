// file_list.cpp -- a list of files in memory and, beyond a megabyte, in a temporary file that has no name.
//
// A file is (bytes of its path, bytes of its digest, its size), path, digest.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include "lamin/artifact.hpp"
#include "lamin/error.hpp"

namespace lamin {
namespace {

constexpr std::size_t most_in_memory = std::size_t{1} << 20, block_size = std::size_t{1} << 18;

struct Sizes {
  std::uint32_t path = 0, digest = 0;
  std::int64_t size = 0;
};

[[noreturn]] void fail(const char* what) {
  throw Error(Code::unavailable, fmt::format("The list of a folder's files cannot be {} a temporary file: {}", what,
                                             std::strerror(errno)));
}

/// A file without a name, or one that has lost it.
int new_file() {
  const auto folder = std::filesystem::temp_directory_path().string();
  const int unnamed = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (unnamed >= 0) return unnamed;
  auto name = folder + "/lamin-XXXXXX";
  const int named = ::mkostemp(name.data(), O_CLOEXEC);
  if (named < 0) fail("kept in");
  ::unlink(name.c_str());
  return named;
}

}  // namespace

struct FileListState {
  FileListState() = default;
  FileListState(const FileListState&) = delete;
  ~FileListState() {
    if (file >= 0) ::close(file);
  }

  void flush() {
    if (file < 0) file = new_file();
    for (std::size_t done = 0; done < waiting.size();) {
      const auto n = ::pwrite(file, waiting.data() + done, waiting.size() - done, written);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) fail("written to");
      done += static_cast<std::size_t>(n);
      written += n;
    }
    waiting.clear();
  }

  int file = -1;
  std::int64_t written = 0;  ///< bytes in the file
  std::string waiting = {};  ///< what comes after them
  std::size_t count = 0;
};

void FileList::add(const FilePart& part) {
  if (!state_) state_ = std::make_shared<FileListState>();
  const Sizes sizes{.path = static_cast<std::uint32_t>(part.path.size()),
                    .digest = static_cast<std::uint32_t>(part.digest.size()),
                    .size = part.size};
  auto& to = state_->waiting;
  to.append(reinterpret_cast<const char*>(&sizes), sizeof(sizes)).append(part.path).append(part.digest);
  ++state_->count;
  if (to.size() >= most_in_memory) state_->flush();
}

std::size_t FileList::size() const { return state_ ? state_->count : 0; }

FileList::Iterator::Iterator(const FileList& list) : state_(list.state_), left_(list.size()) {
  if (left_ > 0) read();
}

FileList::Iterator& FileList::Iterator::operator++() {
  if (--left_ > 0) read();
  return *this;
}

void FileList::Iterator::read() {
  Sizes sizes;
  std::memcpy(&sizes, bytes(sizeof(sizes)).data(), sizeof(sizes));
  part_.path = bytes(sizes.path);
  part_.digest = bytes(sizes.digest);
  part_.size = sizes.size;
}

/// The next bytes of the file or, after its end, of those in memory. Valid until the next call.
std::string_view FileList::Iterator::bytes(std::size_t count) {
  if (!in_memory_ && used_ == block_.size() && at_ == state_->written) {
    in_memory_ = true;
    block_.clear();
    used_ = 0;
  }
  if (in_memory_) {
    used_ += count;
    return std::string_view(state_->waiting).substr(used_ - count, count);
  }
  if (block_.size() - used_ < count) {
    block_.erase(0, used_);
    used_ = 0;
    const auto wanted = std::max(block_size, count);
    const auto kept = block_.size();
    block_.resize(wanted);
    std::size_t got = kept;
    while (got < count || (got < wanted && at_ < state_->written)) {
      const auto n = ::pread(state_->file, block_.data() + got, wanted - got, at_);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) fail("read from");
      got += static_cast<std::size_t>(n);
      at_ += n;
    }
    block_.resize(got);
  }
  used_ += count;
  return std::string_view(block_).substr(used_ - count, count);
}

}  // namespace lamin
