// file_text.hpp -- a text file, whole in memory or on the way.
#pragma once
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <string>
#include "format/byte_stream.hpp"

namespace lamin::format {

/// Throws not_found, no_access, invalid_argument (a folder, FIFO or device); corrupt beyond `most` bytes.
std::string file_bytes(const std::filesystem::path& path,
                       std::int64_t most = std::numeric_limits<std::int64_t>::max() - 1);
/// The same, decompressed if it starts like a gzip or zstd file; of a zip archive its only file. Throws corrupt if it
/// is truncated or exceeds the budget of a file of its size (base/budget.hpp), and what open_bytes throws.
std::string file_text(const std::filesystem::path& path);
/// The same on the way, in little memory; reading throws corrupt.
std::unique_ptr<ByteStream> open_text(const std::filesystem::path& path);

}  // namespace lamin::format
