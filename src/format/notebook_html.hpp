// notebook_html.hpp -- an executed notebook as one page: what its cells say, what they run, what that showed.
//
// Nothing is fetched when the page is read, apart from what an output itself asks for: HTML and scripts in outputs stay
// as they are, as in Jupyter. Secrets in sources and outputs are replaced; pictures are kept as they are. Formulas
// stand as they were written.
#pragma once
#include <string>
#include <string_view>
#include "format/notebook.hpp"

namespace lamin::format {

/// `title` stands above the page, and not again where the notebook says it.
std::string notebook_page(const Notebook& notebook, std::string_view title);

}  // namespace lamin::format
