// file.hpp -- small files, read and replaced as a whole.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace lamin::base {

/// Who may read a file: anyone the umask allows, or only its owner (0600, in a folder of 0700).
enum class Readers { all, owner };

/// Replaces a file atomically and durably: a reader sees the old text or the new one. Makes missing folders. For
/// `owner`, a folder that others may enter is closed to them. Throws no_access, unavailable.
void write_file(const std::filesystem::path& path, std::string_view text, Readers readers);
/// nullopt if there is none. Throws no_access.
std::optional<std::string> read_file(const std::filesystem::path& path);
/// Waits until the content of a file, or what a folder lists, is on disk. Throws unavailable.
void sync_path(const std::filesystem::path& path);

}  // namespace lamin::base
