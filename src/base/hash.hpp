// hash.hpp -- digests of bytes, and LaminDB's hash of files and folders.
//
// LaminDB's hash (md5; beyond 50 MiB only the ends; folders without names) is kept for compatibility. Identity is
// decided by the digest: BLAKE3 over all bytes, of a folder over a manifest of path, size and digest.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lamin::base {

/// url-safe base64 without padding, cut to `size` characters (0 = all).
std::string base64url(std::span<const std::uint8_t> bytes, std::size_t size = 0);
std::string md5_base64(std::string_view text);  ///< 22 characters: LaminDB's hash_string
std::vector<std::uint8_t> md5(std::string_view bytes);
std::vector<std::uint8_t> sha1(std::string_view bytes);
std::string hex(std::span<const std::uint8_t> bytes);

struct FileHash {
  std::string hash;         ///< LaminDB's value, 22 characters
  std::string type;         ///< "md5", "sha1-fl", "md5-d"
  std::string digest;       ///< BLAKE3, 64 hex digits
  std::int64_t size = 0;    ///< bytes; of a folder the sum
  std::int64_t files = -1;  ///< folders: how many; -1 for a file
};

/// Fed in any pieces, in order, of a file whose size need not be known.
class FileHasher {
 public:
  FileHasher();
  ~FileHasher();
  void add(std::span<const std::uint8_t> bytes);
  FileHash finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// One pass over the bytes, files of a folder in parallel. Throws not_found, no_access.
FileHash hash_path(const std::filesystem::path& path);
/// Of a folder, from those of its files: (path below the folder, hash).
FileHash combine(std::vector<std::pair<std::string, FileHash>> files);

}  // namespace lamin::base
