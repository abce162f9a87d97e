// file_text.hpp -- a whole text file in memory.
#pragma once
#include <filesystem>
#include <string>

namespace lamin::format {

/// Throws not_found, no_access, invalid_argument (a folder).
std::string file_bytes(const std::filesystem::path& path);
/// The same, decompressed if it begins like a gzip or zstd file. Throws corrupt if it ends too early.
std::string file_text(const std::filesystem::path& path);

}  // namespace lamin::format
