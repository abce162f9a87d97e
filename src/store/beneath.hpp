// beneath.hpp -- files at paths that somebody else chose, such as a row of a database: below a folder or not at all.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

namespace lamin::store {

/// Writes a new file at `key` below `folder`, whole or not at all; folders on the way are made. The kernel holds the
/// path below the folder, links included. Throws invalid_argument (no path below a folder), conflict (the file is there
/// already), no_access (a link leads out, no permission), unavailable.
std::filesystem::path create_beneath(const std::filesystem::path& folder, const std::string& key,
                                     std::string_view text);

}  // namespace lamin::store
