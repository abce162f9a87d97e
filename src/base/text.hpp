// text.hpp -- small string functions.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lamin::base {

std::string snake(std::string_view camel);  ///< "CellType" -> "cell_type"
std::string lower(std::string_view text);   ///< ASCII only
std::string fold(std::string_view text);    ///< Unicode case folding, as Python's lower(), for look-ups
std::vector<std::string> split(std::string_view text, char separator);
std::string join(std::span<const std::string> parts, std::string_view separator);
std::string_view trim(std::string_view text);
int edit_distance(std::string_view a, std::string_view b);  ///< Damerau-Levenshtein over bytes
/// The closest of `known`, best first, at most `limit`, none further away than half its length.
std::vector<std::string> nearest(std::string_view unknown, std::span<const std::string_view> known,
                                 std::size_t limit = 3);

}  // namespace lamin::base
