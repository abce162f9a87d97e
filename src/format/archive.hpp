// archive.hpp -- which files a zip or tar archive has, and their bytes.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>
#include "format/byte_stream.hpp"

namespace lamin::format {

struct ZipMember {
  std::string name;
  std::int64_t offset = 0, stored = 0, size = 0;  ///< of its local header; compressed bytes; bytes
  int method = 0;                                 ///< 0 = as it is, 8 = deflate
  std::uint32_t crc = 0;
  bool encrypted = false;
};
/// Files, not folders. Throws corrupt (no directory, places outside of the file, another number of files than stated).
std::vector<ZipMember> zip_members(const std::filesystem::path& path);
/// Throws unsupported for another compression, naming it, and for a password; reading throws corrupt if size or
/// checksum differ from those stated.
std::unique_ptr<ByteStream> open_member(const std::filesystem::path& path, const ZipMember& member);

constexpr std::size_t tar_block = 512, tar_name = 100;
bool is_tar(std::string_view begin);
/// Throws corrupt if it is cut short.
void each_in_tar(ByteStream& bytes, const std::string& name,
                 const std::function<void(std::string_view name, ByteStream& bytes)>& use);

}  // namespace lamin::format
