// env_file.hpp -- the lines of LaminDB's settings files: prefix_key=value, "null" for nothing.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lamin::lake {

using EnvPairs = std::vector<std::pair<std::string, std::string>>;

/// The keys without the prefix, in the order of the file.
EnvPairs env_pairs(std::string_view text, std::string_view prefix);
std::optional<std::string> env_value(const EnvPairs& pairs, std::string_view key);
/// Throws invalid_argument for a value that is not one line without control characters.
void check_env_value(std::string_view key, std::string_view value);
std::string or_null(std::string_view text);    ///< "null" for ""
std::string from_null(std::string_view text);  ///< "" for "null"

}  // namespace lamin::lake
