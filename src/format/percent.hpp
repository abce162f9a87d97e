// percent.hpp -- a notebook as a script with cell marks ("# %%"), and back: the form in which its source code is kept.
//
// The form is py:percent as jupytext 1.19 writes it without a header: LaminDB stores a notebook so, and finds it again
// by the hash of this text. Outputs, execution counts and the notebook's own metadata are not part of it. The first
// heading is its title, which the transform has as its description, and is left out.
#pragma once
#include <string>
#include <string_view>
#include "format/notebook.hpp"

namespace lamin::format {

/// With the heading "# TITLE" replaced by "#" if it is the notebook's title.
std::string to_percent(const Notebook& notebook, std::string_view title);
/// With `title` in place of an empty heading in the first cell.
Notebook from_percent(std::string_view text, std::string_view title);

}  // namespace lamin::format
