// file.hpp -- small files, whole and in one step.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace lamin::base {

/// Who may read a file: whoever the umask lets, or its owner alone (0600, in a folder of 0700).
enum class Readers { all, owner };

/// Replaces a file in one step, durably: a reader sees the old text or the new one. Folders on the way are made. For
/// the owner alone, a folder that others may enter is closed to them. Throws no_access, unavailable.
void write_file(const std::filesystem::path& path, std::string_view text, Readers readers);
/// nullopt if there is none. Throws no_access.
std::optional<std::string> read_file(const std::filesystem::path& path);

}  // namespace lamin::base
