// visible.hpp -- texts as people may see them.
#pragma once
#include <string>
#include <string_view>

namespace lamin::base {

/// Escapes what a terminal would obey instead of showing: control characters, marks that turn the direction of writing,
/// bytes that are not text: "\x1b", "\u202e". Lines and tabs stay.
std::string visible(std::string_view text);
std::string visible_line(std::string_view text);  ///< lines and tabs too: "\n", "\t"

}  // namespace lamin::base
