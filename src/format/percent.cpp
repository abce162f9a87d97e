#include "format/percent.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <vector>
#include "base/json.hpp"
#include "base/text.hpp"
#include "format/python_text.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

namespace json = boost::json;
using Lines = std::vector<std::string>;

/// Cell magics that name the language of the whole cell.
constexpr std::array languages = {"R",
                                  "bash",
                                  "sh",
                                  "python",
                                  "python2",
                                  "python3",
                                  "coconut",
                                  "javascript",
                                  "js",
                                  "perl",
                                  "html",
                                  "latex",
                                  "markdown",
                                  "pypy",
                                  "ruby",
                                  "script",
                                  "svg",
                                  "matlab",
                                  "octave",
                                  "idl",
                                  "robotframework",
                                  "sas",
                                  "spark",
                                  "sql",
                                  "cython",
                                  "haskell",
                                  "tcl",
                                  "gnuplot",
                                  "wolfram language",
                                  "julia",
                                  "c++",
                                  "scheme",
                                  "clojure",
                                  "powershell",
                                  "q",
                                  "typescript",
                                  "scala",
                                  "rust",
                                  "csharp",
                                  "fsharp",
                                  "sos",
                                  "java",
                                  "groovy",
                                  "sage",
                                  "ocaml",
                                  "maxima",
                                  "stata",
                                  "jenner",
                                  "xonsh",
                                  "logtalk",
                                  "lua",
                                  "go",
                                  "c#",
                                  "f#",
                                  "cs",
                                  "fs"};

/// Metadata of a cell that says how it is shown or ran, not what it is.
constexpr std::array passing = {"autoscroll",
                                "collapsed",
                                "scrolled",
                                "trusted",
                                "execution",
                                "ExecuteTime",
                                "skipline",
                                "noskipline",
                                "cell_marker",
                                "lines_to_next_cell",
                                "lines_to_end_of_cell_marker"};

bool is_key(std::string_view key) {
  return !key.empty() && std::ranges::all_of(key, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '.' ||
           c == '@' || c == '/' || c == '-';
  });
}

json::object lasting(const json::object& metadata) {
  json::object kept;
  for (const auto& [key, value] : metadata) {
    const bool no_tags = key == "tags" && value.is_array() && value.get_array().empty();
    if (no_tags || !is_key(key) || std::ranges::find(passing, std::string_view(key)) != passing.end()) continue;
    kept[key] = value;
  }
  return kept;
}

/// Keeps the order of the others, which `erase` does not.
void drop(json::object& metadata, std::string_view key) {
  if (const auto at = metadata.find(key); at != metadata.end()) metadata.stable_erase(at);
}

std::string text_of(const json::object& metadata, std::string_view key) {
  const auto* value = metadata.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string().c_str()) : std::string();
}

/// Takes the magic that names the cell's language off its first line.
void take_language(Lines& lines, json::object& metadata) {
  if (!lines[0].starts_with("%%")) return;
  const auto magic = lines[0].substr(2);
  const auto blank = magic.find(' ');
  const auto language = magic.substr(0, blank);
  if (!language.empty() && std::ranges::find(languages, language) == languages.end()) return;
  lines.erase(lines.begin());
  if (blank != magic.npos && blank + 1 < magic.size()) metadata["magic_args"] = magic.substr(blank + 1);
  if (!language.empty()) metadata["language"] = language;
}

/// Whether the cell is code for Python that runs in a script, too.
bool is_active(const json::object& metadata, bool otherwise) {
  const auto names_python = [](const std::string& list, std::string_view separators) {
    std::size_t begin = 0;
    while (begin <= list.size()) {
      const auto end = std::min(list.find_first_of(separators, begin), list.size());
      if (list.substr(begin, end - begin) == "py") return true;
      begin = end + 1;
    }
    return false;
  };
  if (const auto* control = metadata.if_contains("run_control"); control != nullptr && control->is_object()) {
    const auto* frozen = control->get_object().if_contains("frozen");
    if (frozen != nullptr && frozen->is_bool() && frozen->get_bool()) return false;
  }
  if (const auto* tags = metadata.if_contains("tags"); tags != nullptr && tags->is_array()) {
    for (const auto& tag : tags->get_array()) {
      if (tag.is_string() && std::string_view(tag.get_string()).starts_with("active-"))
        return names_python(tag.get_string().c_str(), "-");
    }
  }
  return metadata.contains("active") ? names_python(text_of(metadata, "active"), ".,") : otherwise;
}

/// What follows "# %%": title, type, metadata.
std::string options_of(json::object metadata, const std::string& type) {
  std::vector<std::string> words;
  if (metadata.contains("title")) words.push_back(text_of(metadata, "title"));
  drop(metadata, "title");
  if (const auto* depth = metadata.if_contains("cell_depth"); depth != nullptr && depth->is_int64())
    words.insert(words.begin(),
                 std::string(static_cast<std::size_t>(std::clamp<std::int64_t>(depth->get_int64(), 0, 9)), '%'));
  drop(metadata, "cell_depth");
  if (type != "code") {
    const auto region = text_of(metadata, "region_name");
    words.push_back("[" + (region.empty() ? type : region) + "]");
    drop(metadata, "region_name");
  }
  std::string text = base::join(words, " ");
  for (const auto& [key, value] : metadata) {
    text += text.empty() ? "" : " ";
    text += value.is_null() ? std::string(key) : fmt::format("{}={}", std::string_view(key), base::write_json(value));
  }
  return text;
}

Lines commented(const Lines& lines) {
  Lines out;
  for (const auto& line : lines) out.push_back(line.empty() ? "#" : "# " + line);
  return out;
}

Lines to_lines(const NotebookCell& cell) {
  auto metadata = lasting(cell.metadata);
  auto source = lines_of_cell(cell.source);
  take_language(source, metadata);
  const auto language = text_of(metadata, "language");
  const bool active = is_active(metadata, language.empty() || base::lower(language) == "python");
  const bool code = cell.type == "code";
  const auto options = options_of(metadata, cell.type);
  std::string indent;
  if (code && active && !source.empty()) {
    const auto begin = source[0].find_first_not_of(" \t");
    if (begin != std::string::npos) indent = source[0].substr(0, begin);
  }
  Lines lines{indent + (options.empty() || options[0] == '%' ? "# %%" : "# %% ") + options};
  if (code && active) {
    if (source == Lines{""}) return lines;
    comment_magics(source);
    lines.insert(lines.end(), source.begin(), source.end());
    return lines;
  }
  const auto rest = commented(source);
  lines.insert(lines.end(), rest.begin(), rest.end());
  return lines;
}

void replace_all(std::string& text, const std::string& old, std::string_view now) {
  for (auto at = text.find(old); at != text.npos; at = text.find(old, at + now.size()))
    text.replace(at, old.size(), now);
}

// -- back ------------------------------------------------------------------------------------------------------------

/// What follows the mark of a cell ("# %%", "# %% [markdown]"); nullopt for any other line.
std::optional<std::string_view> mark_in(std::string_view line) {
  const auto trimmed = base::trim(line);
  if (!trimmed.starts_with('#')) return std::nullopt;
  auto rest = base::trim(trimmed.substr(1));
  if (!rest.starts_with("%%")) return std::nullopt;
  rest.remove_prefix(2);
  if (!rest.empty() && rest[0] != ' ' && rest[0] != '%') return std::nullopt;
  return base::trim(rest);
}

/// The value of "key=value" at the end of `text`, which is cut off; false if there is none.
bool take_last(std::string_view& text, std::string& key, json::value& value) {
  for (auto equals = text.rfind('='); equals != text.npos && equals > 0; equals = text.rfind('=', equals - 1)) {
    const auto begin = text.substr(0, equals).rfind(' ');
    const auto name = text.substr(begin == text.npos ? 0 : begin + 1, equals - (begin == text.npos ? 0 : begin + 1));
    if (!is_key(name)) continue;
    try {
      value = base::parse_json(text.substr(equals + 1));
    } catch (const Error&) { continue; }
    key = name;
    text = base::trim(text.substr(0, begin == text.npos ? 0 : begin));
    return true;
  }
  return false;
}

NotebookCell cell_marked(std::string_view options) {
  NotebookCell cell;
  std::vector<std::pair<std::string, json::value>> found;
  std::string key;
  json::value value;
  while (take_last(options, key, value)) found.emplace_back(key, value);
  for (auto one = found.rbegin(); one != found.rend(); ++one) cell.metadata[one->first] = one->second;
  for (const char* type : {"markdown", "raw", "md"}) {
    const auto bracketed = "[" + std::string(type) + "]";
    const auto at = options.find(bracketed);
    if (at == options.npos) continue;
    cell.type = type == std::string_view("md") ? "markdown" : type;
    options = base::trim(options.substr(0, at));
    break;
  }
  if (!options.empty()) cell.metadata["title"] = std::string(options);
  return cell;
}

std::string uncommented(std::string line) {
  if (line.starts_with("# ")) return line.substr(2);
  return line.starts_with('#') ? line.substr(1) : line;
}

/// The lines of a cell as its source.
void fill(NotebookCell& cell, Lines lines) {
  if (!lines.empty() && lines.back().empty()) lines.pop_back();
  if (lines.size() >= 2 && base::trim(lines.back()).empty() && !base::trim(lines[lines.size() - 2]).empty())
    lines.pop_back();  // two lines before a function
  const auto language = text_of(cell.metadata, "language");
  const bool active = cell.type == "code" && is_active(cell.metadata, language.empty());
  if (active) uncomment_magics(lines);
  else std::ranges::transform(lines, lines.begin(), uncommented);
  if (!language.empty() && cell.type == "code") {
    const auto arguments = text_of(cell.metadata, "magic_args");
    lines.insert(lines.begin(), "%%" + language + (arguments.empty() ? "" : " " + arguments));
    drop(cell.metadata, "language");
    drop(cell.metadata, "magic_args");
  }
  cell.source = base::join(lines, "\n");
}

}  // namespace

std::string to_percent(const Notebook& notebook, std::string_view title) {
  Lines text;  // from the last cell to the first: what follows decides on the empty lines between
  for (auto cell = notebook.cells.rbegin(); cell != notebook.cells.rend(); ++cell) {
    auto lines = to_lines(*cell);
    auto blank = static_cast<std::int64_t>(blank_lines_between(lines, text));
    if (const auto* given = cell->metadata.if_contains("lines_to_next_cell"); given != nullptr && given->is_int64())
      blank = std::clamp<std::int64_t>(given->get_int64(), 0, 100);
    lines.resize(lines.size() + static_cast<std::size_t>(blank));
    lines.insert(lines.end(), std::make_move_iterator(text.begin()), std::make_move_iterator(text.end()));
    text = std::move(lines);
  }
  auto out = base::join(text, "\n");
  if (!title.empty()) replace_all(out, "# # " + std::string(title), "#");
  return out;
}

Notebook from_percent(std::string_view text, std::string_view title) {
  Notebook notebook;
  Lines lines;
  QuoteScan scan;
  std::optional<NotebookCell> cell;
  const auto end_cell = [&] {
    if (!cell && std::ranges::all_of(lines, [](const auto& line) { return base::trim(line).empty(); })) return;
    if (!cell) cell.emplace();
    fill(*cell, std::move(lines));
    lines.clear();
    notebook.cells.push_back(std::move(*cell));
  };
  for (auto& line : lines_of_cell(text)) {
    const auto mark = scan.quoted() ? std::nullopt : mark_in(line);
    if (!mark) {
      const bool code = !cell || cell->type == "code";
      if (code) scan.read(line);
      lines.push_back(std::move(line));
      continue;
    }
    end_cell();
    cell = cell_marked(*mark);
  }
  end_cell();
  if (!notebook.cells.empty() && !title.empty()) {
    auto& first = notebook.cells[0];
    const bool empty_heading = first.type == "markdown" && (first.source.empty() || first.source[0] == '\n');
    if (empty_heading) first.source = "# " + std::string(title) + first.source;
  }
  notebook.metadata["kernelspec"] = {{"display_name", "Python 3"}, {"language", "python"}, {"name", "python3"}};
  notebook.metadata["language_info"] = {{"name", "python"}};
  return notebook;
}

}  // namespace lamin::format
