// notebook.cpp -- a notebook is written and read again with the same source code, and whatever it holds has a page; a
// text with marks of cells always is a notebook, unless it is not UTF-8.
#include "format/notebook.hpp"
#include "format/notebook_html.hpp"
#include "format/percent.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace lamin;

LAMIN_FUZZ_TARGET(text) {
  fuzz::accepts([&] { format::write_notebook(format::from_percent(text, "title")); });
  format::Notebook notebook;
  if (!fuzz::accepts([&] { notebook = format::read_notebook(text, "a.ipynb"); })) return;
  const auto title = format::title_of(notebook);
  const auto again = format::read_notebook(format::write_notebook(notebook), "b.ipynb");
  fuzz::require(format::to_percent(again, title) == format::to_percent(notebook, title));
  fuzz::require(format::gaps_in_execution(again, ".finish(") == format::gaps_in_execution(notebook, ".finish("));
  fuzz::require(!format::notebook_page(notebook, title).empty());
}
