// cache_entry.hpp -- one cache entry on disk: a folder with the object and a note of what was verified.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>

namespace lamin::store {

inline constexpr const char* note_name = ".lamin-verified";

/// Size of the object as noted; nullopt if there is no readable note.
std::optional<std::int64_t> noted_bytes(const std::filesystem::path& entry);
/// Whether all files are as noted: same names, sizes, inodes, modification and change times.
bool unchanged(const std::filesystem::path& entry, const std::filesystem::path& object);
/// Notes the files as they are now.
void note(const std::filesystem::path& entry, const std::filesystem::path& object);
/// Marks the entry as just used.
void touch(const std::filesystem::path& entry);

}  // namespace lamin::store
