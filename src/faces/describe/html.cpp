// html.cpp -- a tree of nodes as an HTML fragment, for a notebook. The style is inline and takes the colours of the
// page, so that it reads in light and dark themes.
#include <fmt/format.h>
#include <string>
#include <string_view>
#include "base/html_text.hpp"
#include "faces/columns.hpp"
#include "lamin/describe.hpp"
#include "schema/kind.hpp"

namespace lamin {
namespace faces {
namespace {

using base::escaped;

constexpr std::string_view cell = "text-align:left;padding:1px 12px 1px 0;vertical-align:top";

void add_fields(const Node& node, std::string& out) {
  if (node.fields.empty()) return;
  out += R"(<table style="border-collapse:collapse;margin:2px 0">)";
  for (const auto& [name, value] : node.fields) {
    if (name.empty()) continue;
    out += fmt::format(R"(<tr><td style="{0};opacity:.65">{1}</td><td style="{0}">{2}</td></tr>)", cell, escaped(name),
                       escaped(value));
  }
  out += "</table>";
}

void add_row(const std::vector<std::string>& row, std::string_view tag, std::string& out) {
  out += "<tr>";
  for (const auto& text : row) out += fmt::format(R"(<{0} style="{1}">{2}</{0}>)", tag, cell, escaped(text));
  out += "</tr>";
}

void add_table(const Node& node, std::string& out) {
  if (node.rows.empty() && node.header.empty()) return;
  out += R"(<table style="border-collapse:collapse;margin:2px 0">)";
  if (!node.header.empty()) {
    out += "<thead>";
    add_row(node.header, "th", out);
    out += "</thead>";
  }
  out += "<tbody>";
  for (const auto& row : node.rows) add_row(row, "td", out);
  if (node.cut && !node.rows.empty()) out += "<tr><td>…</td></tr>";
  out += "</tbody></table>";
}

void add(const Node& node, bool root, std::string& out) {
  if (!node.title.empty()) out += fmt::format("<div><b>{}</b></div>", escaped(node.title));
  if (!root) out += R"(<div style="margin-left:16px">)";
  if (!node.description.empty()) out += fmt::format("<div>{}</div>", escaped(node.description));
  add_fields(node, out);
  add_table(node, out);
  if (!node.lines.empty()) {
    out += R"(<pre style="margin:2px 0">)";
    for (const auto& line : node.lines) out += escaped(line) + "\n";
    out += node.cut ? "…</pre>" : "</pre>";
  }
  if (!node.picture.empty()) {
    out += fmt::format(R"(<img src="{}" alt="{}" style="max-width:320px;max-height:240px;margin:4px 0">)",
                       escaped(node.picture), escaped(node.title));
  }
  for (const auto& child : node.children) add(child, false, out);
  if (!root) out += "</div>";
}

}  // namespace
}  // namespace faces

std::string to_html(const Node& node) {
  std::string out = R"(<div class="lamindb">)";
  faces::add(node, true, out);
  return out + "</div>";
}

Node record_node(const Record& record) {
  Node node{.title = record ? named(record) : "no record"};
  if (!record) return node;
  const auto show = [&](const schema::Column& column) {
    const auto& value = record[column.position];
    if (!value.is_null()) node.fields.emplace_back(column.column, faces::display(value));
  };
  const auto& columns = record.table().columns;
  for (const int position : faces::shown_columns(record.table())) show(columns[static_cast<std::size_t>(position)]);
  for (const auto& column : columns) {
    if (column.kind == schema::Kind::ref && column.name[0] != '_') show(column);
  }
  return node;
}

}  // namespace lamin
