#include "format/notebook.hpp"
#include <fmt/format.h>
#include "base/hash.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

namespace json = boost::json;

/// nbformat writes a text as one string, or as the list of its lines.
std::string joined(const json::value* value) {
  if (value == nullptr) return {};
  if (value->is_string()) return {value->get_string().data(), value->get_string().size()};
  std::string text;
  if (value->is_array()) {
    for (const auto& line : value->get_array()) text += joined(&line);
  }
  return text;
}

std::optional<std::int64_t> count_of(const json::value* value) {
  if (value == nullptr) return std::nullopt;
  if (value->is_int64()) return value->get_int64();
  return value->is_uint64() ? std::optional(static_cast<std::int64_t>(value->get_uint64())) : std::nullopt;
}

NotebookCell cell_of(const json::object& given) {
  NotebookCell cell;
  if (const auto* type = given.if_contains("cell_type")) cell.type = joined(type);
  cell.source = joined(given.if_contains("source"));
  if (const auto* metadata = given.if_contains("metadata"); metadata != nullptr && metadata->is_object())
    cell.metadata = metadata->get_object();
  cell.execution_count = count_of(given.if_contains("execution_count"));
  if (const auto* outputs = given.if_contains("outputs"); outputs != nullptr && outputs->is_array())
    cell.outputs = outputs->get_array();
  if (const auto* pictures = given.if_contains("attachments"); pictures != nullptr && pictures->is_object())
    cell.attachments = pictures->get_object();
  return cell;
}

/// A text as the list of its lines, each with its end, as Jupyter writes it.
json::array lines_of(std::string_view text) {
  json::array lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end == text.npos ? text.size() : end + 1);
    lines.emplace_back(line);
    text.remove_prefix(line.size());
  }
  return lines;
}

}  // namespace

Notebook read_notebook(std::string_view text, std::string_view name) {
  json::value document;
  try {
    document = base::parse_json(text);
  } catch (const Error&) {}  // said below
  const auto* cells = document.is_object() ? document.get_object().if_contains("cells") : nullptr;
  if (document.is_object() && document.get_object().contains("worksheets")) {
    throw Error(Code::unsupported, fmt::format("'{}' was written by a Jupyter before 2015 (nbformat 3): convert it, "
                                               "`jupyter nbconvert --to notebook --inplace {}`",
                                               name, name));
  }
  if (cells == nullptr || !cells->is_array()) {
    throw Error(Code::corrupt,
                fmt::format("'{}' is not a notebook: it is no JSON with cells. Was it written to its end?", name));
  }
  Notebook notebook;
  for (const auto& cell : cells->get_array()) {
    if (!cell.is_object())
      throw Error(Code::corrupt, fmt::format("'{}' is not a notebook: a cell is not an object", name));
    notebook.cells.push_back(cell_of(cell.get_object()));
  }
  if (const auto* metadata = document.get_object().if_contains("metadata");
      metadata != nullptr && metadata->is_object())
    notebook.metadata = metadata->get_object();
  return notebook;
}

std::string write_notebook(const Notebook& notebook) {
  json::array cells;
  for (const auto& cell : notebook.cells) {
    json::object out;
    out["cell_type"] = cell.type;
    const auto id = base::md5_base64(fmt::format("{}", cells.size()));
    std::string readable;  // an id has letters, digits, "-" and "_"
    for (const char c : id.substr(0, 8)) readable += c == '+' || c == '/' || c == '=' ? '-' : c;
    out["id"] = readable;
    out["metadata"] = cell.metadata;
    if (cell.type == "code") {
      out["execution_count"] = cell.execution_count ? json::value(*cell.execution_count) : json::value(nullptr);
      out["outputs"] = cell.outputs;
    }
    out["source"] = lines_of(cell.source);
    cells.emplace_back(std::move(out));
  }
  json::object document;
  document["cells"] = std::move(cells);
  document["metadata"] = notebook.metadata;
  document["nbformat"] = 4;
  document["nbformat_minor"] = 5;
  return base::write_json(document) + "\n";
}

std::string title_of(const Notebook& notebook) {
  for (const auto& cell : notebook.cells) {
    if (cell.type != "markdown") continue;
    for (const auto& line : base::split(cell.source, '\n')) {
      if (!line.starts_with("# ")) continue;
      auto title = std::string_view(line);
      title.remove_prefix(title.find_first_not_of('#'));
      const auto begin = title.find_first_not_of(" .");
      if (begin == title.npos) return "";
      return std::string(title.substr(begin, title.find_last_not_of(" .\r") - begin + 1));
    }
  }
  return "";
}

Gaps gaps_in_execution(const Notebook& notebook, std::string_view calling) {
  Gaps gaps;
  std::optional<std::int64_t> before = 0, last = 0;
  for (const auto& cell : notebook.cells) {
    if (cell.type != "code" || cell.source.empty() || cell.source.find(calling) != cell.source.npos) continue;
    last = cell.execution_count;
    if (!last || !before || *last - *before != 1) gaps.emplace_back(before, last);
    before = last;
  }
  if (!last && !gaps.empty()) gaps.pop_back();
  return gaps;
}

std::string shown(const Gaps& gaps) {
  const auto number = [](const auto& count) { return count ? std::to_string(*count) : std::string("None"); };
  std::string text;
  for (const auto& [before, after] : gaps)
    text += fmt::format("{}({}, {})", text.empty() ? "" : ", ", number(before), number(after));
  return "[" + text + "]";
}

}  // namespace lamin::format
