// glob.hpp -- patterns of paths as people write them: "*" and "?" within a name, "**" over folders.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace lamin::lake {

/// Whether an absolute path matches a pattern, which is relative to `folder` unless it is absolute. A pattern that
/// names a folder matches everything below it.
bool matches(std::string_view path, std::string_view pattern, const std::filesystem::path& folder);
/// The regular files that match now, sorted.
std::vector<std::string> files_matching(std::string_view pattern, const std::filesystem::path& folder);

}  // namespace lamin::lake
