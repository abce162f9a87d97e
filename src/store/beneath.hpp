// beneath.hpp -- files at paths from elsewhere, such as a database row: below a folder or not at all.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

namespace lamin::store {

/// Writes a new file at `key` below `folder`, whole or not at all; creates missing folders. The kernel confines the
/// path to the folder, links included. Throws invalid_argument (not a path below a folder), conflict (the file exists),
/// no_access (a link leads out, no permission), unavailable.
std::filesystem::path create_beneath(const std::filesystem::path& folder, const std::string& key,
                                     std::string_view text);

}  // namespace lamin::store
