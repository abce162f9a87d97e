// terminal.hpp -- whether what is written to a file descriptor may have colours.
#pragma once

namespace lamin::base {

/// It is a terminal, NO_COLOR is not set (no-color.org), and TERM is not "dumb".
bool coloured(int descriptor);

}  // namespace lamin::base
