// hash.hpp -- digests of bytes, and LaminDB's hash of files and folders.
//
// LaminDB's hash (md5; beyond 50 MiB only the ends; folders without names) is kept for compatibility. Identity is
// decided by the digest: BLAKE3 over all bytes or, for a folder, over a manifest of path, size and digest. The manifest
// also lists the files that their owner may execute and the empty folders, if there are any. Other mode bits, owners
// and times do not count: they change with the umask and with the tool that makes a copy.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lamin::base {

class SourceFile;

/// url-safe base64 without padding, cut to `size` characters (0 = all).
std::string base64url(std::span<const std::uint8_t> bytes, std::size_t size = 0);
/// Standard base64, with padding, as HTTP headers have it.
std::string base64(std::span<const std::uint8_t> bytes);
std::string md5_base64(std::string_view text);  ///< 22 characters: LaminDB's hash_string
std::vector<std::uint8_t> md5(std::string_view bytes);
std::vector<std::uint8_t> sha1(std::string_view bytes);
std::vector<std::uint8_t> sha256(std::string_view bytes);
std::vector<std::uint8_t> hmac_sha256(std::span<const std::uint8_t> key, std::string_view bytes);
std::string hex(std::span<const std::uint8_t> bytes);

struct FileHash {
  std::string hash;         ///< LaminDB's value, 22 characters
  std::string type;         ///< "md5", "sha1-fl", "md5-d"
  std::string digest;       ///< BLAKE3, 64 hex digits
  std::int64_t size = 0;    ///< bytes; for a folder the sum
  std::int64_t files = -1;  ///< number of files in a folder; -1 for a file
  /// The owner may execute the file; counts in the digest of its folder.
  bool is_executable = false;
};

/// Beyond this size LaminDB's hash covers only the first and the last `ends_size` bytes.
constexpr std::int64_t ends_size = 50 * 1024 * 1024;

/// Takes the bytes in any pieces, in order. The size need not be known, but if it is, memory stays small for a large
/// file, and finish() throws conflict if the actual size differs.
class FileHasher {
 public:
  explicit FileHasher(std::int64_t size = -1, std::int64_t ends = ends_size);
  ~FileHasher();
  void add(std::span<const std::uint8_t> bytes);
  FileHash finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// One pass over the bytes, files of a folder in parallel; links are followed, and count as what they lead to. Throws
/// not_found, no_access, invalid_argument (a pipe, ...), unavailable (the disk fails), conflict (changed meanwhile).
FileHash hash_path(const std::filesystem::path& path);
FileHash hash_file(const SourceFile& file);
/// The hash of a folder, from those of its files one after the other, in little memory for each.
class FolderHasher {
 public:
  FolderHasher();
  ~FolderHasher();
  /// In the order of the bytes of the paths, which are below the folder, with "/".
  void add(std::string_view path, const FileHash& file);
  FileHash finish(std::vector<std::string> empty_folders);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The hash of a folder, from those of its files, (path below the folder, hash), and its empty folders.
FileHash combine(const std::vector<std::pair<std::string, FileHash>>& files,
                 std::vector<std::string> empty_folders = {});

}  // namespace lamin::base
