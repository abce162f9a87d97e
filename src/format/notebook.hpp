// notebook.hpp -- a Jupyter notebook (.ipynb, nbformat 4): its cells, and what can be said about them.
#pragma once
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lamin::format {

struct NotebookCell {
  std::string type = "code";  ///< code, markdown or raw
  std::string source = {};
  boost::json::object metadata = {};
  std::optional<std::int64_t> execution_count = {};
  boost::json::array outputs = {};
  boost::json::object attachments = {};  ///< of Markdown: pictures, by name and type
};

struct Notebook {
  std::vector<NotebookCell> cells = {};
  boost::json::object metadata = {};
};

/// Throws corrupt (no JSON, no cells, cut short), unsupported (written before nbformat 4).
Notebook read_notebook(std::string_view text, std::string_view name_for_messages);
/// As .ipynb, with an id for each cell that depends on its place alone.
std::string write_notebook(const Notebook& notebook);

/// The first heading of the first level in its Markdown cells; "" if there is none.
std::string title_of(const Notebook& notebook);
/// Pairs of neighbouring execution counts that do not follow each other, 0 at the beginning, none for a cell that did
/// not run. The last cell may be running still, and cells that contain `calling` do not count.
using Gaps = std::vector<std::pair<std::optional<std::int64_t>, std::optional<std::int64_t>>>;
Gaps gaps_in_execution(const Notebook& notebook, std::string_view calling);
/// As people know them from LaminDB: "[(1, 3), (3, None)]".
std::string shown(const Gaps& gaps);

}  // namespace lamin::format
