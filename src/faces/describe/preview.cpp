// preview.cpp -- a first look at content as a tree of nodes.
#include "lamin/preview.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include "base/budget.hpp"
#include "faces/describe/parts.hpp"

namespace lamin {
namespace faces {
namespace {

constexpr std::size_t widest_cell = 32, widest_values = 60;

std::string base64(std::string_view bytes) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::uint32_t three = 0;
    for (std::size_t i = 0; i < 3; ++i)
      three = three << 8 | (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    for (std::size_t i = 0; i < 4; ++i) {
      const bool padding = at + i > bytes.size();
      out += padding ? '=' : digits[three >> (18 - 6 * i) & 63U];
    }
  }
  return out;
}

/// "obs: 700 rows, 4 columns", and how much of them is shown.
std::string title_of(const PreviewTable& table) {
  std::string title = table.name.empty() ? "" : table.name + ": ";
  if (table.rows >= 0) title += fmt::format("{} row{}, ", table.rows, table.rows == 1 ? "" : "s");
  title += fmt::format("{} column{}", table.n_columns, table.n_columns == 1 ? "" : "s");
  if (table.columns.size() < table.n_columns) title += fmt::format(", the first {}", table.columns.size());
  if (table.seen >= 0) title += fmt::format(", values of the first {} rows", table.seen);
  return title;
}

std::vector<std::string> shortened_row(const std::vector<std::string>& row) {
  std::vector<std::string> cells;
  for (const auto& cell : row) {
    auto line = cell;
    std::ranges::replace(line, '\n', ' ');
    cells.push_back(shortened(line, widest_cell));
  }
  return cells;
}

/// Names, types, the first rows.
Node plain_node(const PreviewTable& table) {
  Node node{.title = title_of(table)};
  std::vector<std::string> types;
  for (const auto& column : table.columns) {
    node.header.push_back(shortened(column.name, widest_cell));
    types.push_back(column.type);
  }
  node.rows.push_back(std::move(types));
  for (const auto& row : table.first) node.rows.push_back(shortened_row(row));
  node.cut = table.rows < 0 || table.rows > static_cast<std::int64_t>(table.first.size());
  return node;
}

/// A row per column: name, type, values.
Node counted_node(const PreviewTable& table) {
  Node node{.title = title_of(table)};
  const bool missing = std::ranges::any_of(table.columns, [](const auto& column) { return column.missing > 0; });
  node.header = {"column", "type", "values"};
  if (missing) node.header.emplace_back("missing");
  for (const auto& column : table.columns) {
    auto& row = node.rows.emplace_back(std::vector{column.name, column.type, shortened(column.values, widest_values)});
    if (missing) row.push_back(column.missing > 0 ? fmt::format("{}", column.missing) : "");
  }
  node.cut = table.columns.size() < table.n_columns;
  return node;
}

}  // namespace
}  // namespace faces

Node preview_node(const Preview& preview) {
  Node node{.title = preview.name};
  if (!preview.what.empty()) node.fields.emplace_back("content", preview.what);
  node.fields.emplace_back("size", faces::display_size(preview.size));
  for (const auto& fact : preview.facts) node.fields.push_back(fact);
  if (!preview.note.empty()) node.fields.emplace_back("note", preview.note);
  for (const auto& table : preview.tables)
    node.children.push_back(table.name.empty() ? faces::plain_node(table) : faces::counted_node(table));
  node.lines = preview.lines;
  node.cut = preview.cut;
  if (!preview.picture.empty())
    node.picture = fmt::format("data:{};base64,{}", preview.picture_type, faces::base64(preview.picture));
  return node;
}

}  // namespace lamin
