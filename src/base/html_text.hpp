// html_text.hpp -- text as it may stand in HTML.
#pragma once
#include <string>
#include <string_view>

namespace lamin::base {

/// With what means something in HTML escaped, also within quotes, and control characters made visible.
std::string escaped(std::string_view text);

}  // namespace lamin::base
