// key.hpp -- keys as stores use them.
#pragma once
#include <string>
#include <string_view>

namespace lamin::store {

/// Checked by base::check_path, and without empty parts: "a//b/" becomes "a/b". Throws invalid_argument, also for the
/// reserved folder in which stores prepare new objects.
std::string clean_key(std::string_view key);
/// The same for a folder to list, which may be "" (everything).
std::string clean_folder(std::string_view folder);

/// Where a local store prepares objects. Never listed.
inline constexpr std::string_view staging_folder = ".lamin-tmp";

}  // namespace lamin::store
