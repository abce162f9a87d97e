// code_html.hpp -- code and terminal output as HTML.
#pragma once
#include <string>
#include <string_view>

namespace lamin::format {

/// Python with keywords, texts, numbers and comments in spans of the classes k, s, n and c.
std::string python_html(std::string_view code);
/// What a terminal would show: colours as spans of the classes fg1 ... fg15 and b; of a line that was written over and
/// over ("\r") what was left in the end.
std::string terminal_html(std::string_view text);

}  // namespace lamin::format
