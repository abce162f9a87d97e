#include "format/notebook_html.hpp"
#include <fmt/format.h>
#include <array>
#include "base/html_text.hpp"
#include "base/json.hpp"
#include "base/redact.hpp"
#include "base/text.hpp"
#include "format/code_html.hpp"
#include "format/markdown.hpp"
#include "format/notebook_style.hpp"

namespace lamin::format {
namespace {

namespace json = boost::json;
using base::escaped;

std::string joined(const json::value* value) {
  if (value == nullptr) return {};
  if (value->is_string()) return {value->get_string().data(), value->get_string().size()};
  if (!value->is_array()) return base::write_json(*value);
  std::string text;
  for (const auto& line : value->get_array()) text += joined(&line);
  return text;
}

std::string member(const json::object& object, std::string_view name) { return joined(object.if_contains(name)); }

std::string safe(std::string_view text) { return base::redact_text(text); }

std::string picture(std::string_view type, const std::string& data) {
  std::string bytes;
  for (const char c : data)
    if (c != '\n' && c != '\r') bytes += c;
  return fmt::format(R"(<img src="data:{};base64,{}" alt="">)", type, escaped(bytes));
}

/// What of an output is shown: the richest form that a page can show, as Jupyter orders them.
std::string shown(const json::object& data) {
  const auto has = [&](std::string_view type) { return data.contains(type); };
  // As source code: what is a secret in a log ("token: next") may be a name in a script.
  if (has("application/javascript"))
    return "<script>" + base::redact_source(member(data, "application/javascript")).text + "</script>";
  if (has("text/html")) return safe(member(data, "text/html"));
  if (has("text/markdown")) return markdown().to_html(safe(member(data, "text/markdown")));
  if (has("image/svg+xml")) return safe(member(data, "image/svg+xml"));
  if (has("text/latex")) return fmt::format("<x-equation>{}</x-equation>", escaped(safe(member(data, "text/latex"))));
  constexpr std::array pictures = {"image/png", "image/jpeg", "image/gif", "image/webp"};
  for (const char* type : pictures) {
    if (has(type)) return picture(type, member(data, type));
  }
  for (const char* type : {"text/plain", "application/json"}) {
    if (has(type)) return "<pre>" + terminal_html(safe(member(data, type))) + "</pre>";
  }
  return "";
}

std::string output(const json::object& given) {
  const auto type = member(given, "output_type");
  if (type == "stream") {
    const bool stderr_too = member(given, "name") == "stderr";
    return fmt::format(R"(<div class="output{}"><pre>{}</pre></div>)", stderr_too ? " stderr" : "",
                       terminal_html(safe(member(given, "text"))));
  }
  if (type == "error") {
    std::string lines;
    if (const auto* trace = given.if_contains("traceback"); trace != nullptr && trace->is_array()) {
      for (const auto& line : trace->get_array()) lines += (lines.empty() ? "" : "\n") + joined(&line);
    }
    if (lines.empty()) lines = member(given, "ename") + ": " + member(given, "evalue");
    return fmt::format(R"(<div class="output error"><pre>{}</pre></div>)", terminal_html(safe(lines)));
  }
  const auto* data = given.if_contains("data");
  const auto html = data != nullptr && data->is_object() ? shown(data->get_object()) : std::string();
  return html.empty() ? html : R"(<div class="output">)" + html + "</div>";
}

/// "![](attachment:plot.png)" shows what the cell itself holds.
std::string with_attachments(std::string text, const json::object& attachments) {
  for (const auto& [name, forms] : attachments) {
    if (!forms.is_object() || forms.get_object().empty()) continue;
    const auto& [type, data] = *forms.get_object().begin();
    const auto address = fmt::format("data:{};base64,{}", std::string_view(type), joined(&data));
    const auto mark = "attachment:" + std::string(name);
    for (auto at = text.find(mark); at != text.npos; at = text.find(mark, at + address.size()))
      text.replace(at, mark.size(), address);
  }
  return text;
}

/// Without the line that is the title.
std::string without_title(const std::string& source, std::string_view title, bool& done) {
  if (done || title.empty()) return source;
  std::string kept;
  for (const auto& line : base::split(source, '\n')) {
    if (!done && line.starts_with("# ") && line.find(title) != line.npos) done = true;
    else kept += line + "\n";
  }
  return kept;
}

/// What `ln.finish()` says while it waits is no result.
bool waits_for_saving(const NotebookCell& cell, const json::object& output) {
  return cell.source.find(".finish(") != cell.source.npos &&
         member(output, "text").find("to save the notebook in your editor") != std::string::npos;
}

std::string code_cell(const NotebookCell& cell) {
  if (base::trim(cell.source).empty() && cell.outputs.empty()) return "";
  std::string html = fmt::format(R"(<div class="cell"><pre class="source">{}</pre>)",
                                 python_html(base::redact_source(cell.source).text));
  for (const auto& one : cell.outputs) {
    if (one.is_object() && !waits_for_saving(cell, one.get_object())) html += output(one.get_object());
  }
  return html + "</div>\n";
}

}  // namespace

std::string notebook_page(const Notebook& notebook, std::string_view title) {
  std::string body;
  bool title_seen = false;
  for (const auto& cell : notebook.cells) {
    if (cell.type == "code") {
      body += code_cell(cell);
    } else if (cell.type == "markdown") {
      const auto text = with_attachments(safe(without_title(cell.source, title, title_seen)), cell.attachments);
      if (!base::trim(text).empty()) body += R"(<div class="cell text">)" + markdown().to_html(text) + "</div>\n";
    } else if (!base::trim(cell.source).empty()) {
      body += R"(<div class="cell"><pre>)" + escaped(safe(cell.source)) + "</pre></div>\n";
    }
  }
  const auto heading = title.empty() ? std::string() : fmt::format("<h1>{}</h1>\n", escaped(title));
  return fmt::format(
      "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>{}</title>\n<meta name=\"viewport\" "
      "content=\"width=device-width, initial-scale=1\"><style>{}</style></head>\n<body>\n{}{}</body></html>\n",
      escaped(title), notebook_style, heading, body);
}

}  // namespace lamin::format
