// hash_path.cpp -- hashes what is on a disk: one file, or the files of a folder on several threads.
#include <fmt/format.h>
#include <sys/stat.h>
#include <algorithm>
#include <cerrno>
#include "base/checkpoint.hpp"
#include "base/hash.hpp"
#include "base/large_hash.hpp"
#include "base/source_file.hpp"
#include "base/threads.hpp"
#include "base/tree.hpp"
#include "lamin/error.hpp"

namespace lamin::base {
namespace {

FileHash hash_large(const SourceFile& file) {
  LargeHasher hasher(file.size());
  in_parallel(
      hasher.ranges().size(),
      [&](std::size_t i) {
        checkpoint();
        const auto range = hasher.ranges()[i];
        std::vector<std::uint8_t> buffer(LargeHasher::piece_size);
        for (auto at = range.begin; at < range.end; at += std::ssize(buffer)) {
          const auto wanted = std::min<std::int64_t>(std::ssize(buffer), range.end - at);
          const std::span piece(buffer.data(), static_cast<std::size_t>(wanted));
          file.read_whole(at, piece);
          hasher.add(i, piece);
        }
      },
      1);
  file.refuse_more();
  return hasher.finish();
}

FileHash hash_in_order(const SourceFile& file) {
  std::vector<std::uint8_t> buffer(std::clamp<std::size_t>(static_cast<std::size_t>(file.size()) + 1, 4096, 1 << 20));
  FileHasher hasher(file.size());
  while (const auto count = file.read_some(buffer)) hasher.add({buffer.data(), count});
  return hasher.finish();
}

}  // namespace

// Holes are read like any bytes: a copy is verified against this hash, so it must not rely on what the file system says
// about holes, as the copy does.
FileHash hash_file(const SourceFile& file) {
  try {
    auto hash = LargeHasher::takes(file.size()) ? hash_large(file) : hash_in_order(file);
    hash.is_executable = file.is_executable();
    return hash;
  } catch (Error& error) {
    error.add_context(fmt::format("while hashing '{}'", file.path()));
    throw;
  }
}

TreeHash hash_folder(const std::filesystem::path& folder, Follow follow, const TakeHash& take) {
  const auto tree = walk(folder, follow);
  return hash_tree(
      tree, [&](const TreeEntry& entry) { return hash_file(SourceFile(tree.place_of(entry), false)); }, take);
}

FileHash hash_path(const std::filesystem::path& path) {
  struct stat info{};
  if (stat(path.c_str(), &info) != 0) fail_read(errno, path.string());
  if (S_ISDIR(info.st_mode)) return hash_folder(path, Follow::all).whole;
  if (!S_ISREG(info.st_mode)) {
    throw Error(Code::invalid_argument, fmt::format("'{}' is {}, not a file.", path.string(), kind_name(info.st_mode)));
  }
  return hash_file(SourceFile(path.string()));
}

}  // namespace lamin::base
