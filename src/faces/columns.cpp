#include "faces/columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/json.hpp"
#include "base/time.hpp"
#include "base/visible.hpp"
#include "faces/json_value.hpp"

namespace lamin::faces {

namespace {

constexpr std::size_t rows_that_decide = 1000;  // how wide columns are
constexpr std::size_t widest_cell = 48;         // a longer one makes every other column unreadable

/// In characters, not bytes: what a terminal counts, for text without wide characters.
std::size_t length(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string cut(const std::string& text, std::size_t most) {
  if (length(text) <= most) return text;
  std::size_t bytes = 0;
  for (std::size_t seen = 0; bytes < text.size(); ++bytes) {
    if ((text[bytes] & 0xC0) != 0x80 && seen++ == most - 1) break;
  }
  return text.substr(0, bytes) + "…";
}

/// Collapsed to a single line, for a table cell.
std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return base::visible_line(text);
}

}  // namespace

boost::json::value json_value(const Value& value) {
  struct Visit {
    boost::json::value operator()(std::monostate) const { return nullptr; }
    boost::json::value operator()(bool b) const { return b; }
    boost::json::value operator()(std::int64_t i) const { return i; }
    boost::json::value operator()(double d) const { return d; }
    boost::json::value operator()(const std::string& s) const { return boost::json::string(s); }
    boost::json::value operator()(Time t) const { return boost::json::string(base::iso(t)); }
    boost::json::value operator()(Date d) const { return boost::json::string(base::iso(d)); }
    boost::json::value operator()(const Json& j) const { return base::parse_json(j.text); }
  };
  return std::visit(Visit{}, static_cast<const Value::variant&>(value));
}

std::vector<int> shown_columns(const schema::Table& table) {
  std::vector<int> first, rest;
  for (const auto& column : table.columns) {
    const bool title = column.name == "uid" || column.name == table.name_field || column.name == table.id_field;
    if (title) first.push_back(column.position);
    if (title || column.position == 0 || column.name[0] == '_' || column.kind == schema::Kind::ref) continue;
    if (column.field && column.field->hidden) continue;
    rest.push_back(column.position);
  }
  std::stable_sort(first.begin(), first.end(), [&](int a, int b) {
    return (table.columns[static_cast<std::size_t>(a)].name == "uid") >
           (table.columns[static_cast<std::size_t>(b)].name == "uid");
  });
  // A table has mixed-in fields first; a person looks for the registry's own first.
  const auto mixed = [&](int position) {
    const auto& name = table.columns[static_cast<std::size_t>(position)].name;
    return name == "is_locked" || name == "created_at" || name == "updated_at" || name == "is_type" ||
           name == "is_latest" || name == "version_tag";
  };
  std::stable_partition(rest.begin(), rest.end(), [&](int p) { return !mixed(p); });
  first.insert(first.end(), rest.begin(), rest.end());
  return first;
}

std::string display(const Value& value) {
  struct Visit {
    std::string operator()(std::monostate) const { return ""; }
    std::string operator()(bool b) const { return b ? "True" : "False"; }
    std::string operator()(std::int64_t i) const { return std::to_string(i); }
    std::string operator()(double d) const { return fmt::format("{}", d); }
    std::string operator()(const std::string& s) const { return s; }
    std::string operator()(Time t) const { return base::display(t); }
    std::string operator()(Date d) const { return base::iso(d); }
    std::string operator()(const Json& j) const { return j.text; }
  };
  return std::visit(Visit{}, static_cast<const Value::variant&>(value));
}

TextTable::TextTable(std::vector<std::string> header, std::size_t width, bool bold, Write write)
    : header_(std::move(header)), width_(width), bold_(bold), write_(std::move(write)) {}

void TextTable::add(std::vector<std::string> row) {
  for (auto& cell : row) cell = one_line(std::move(cell));
  if (settled_) return line(row, widest_cell);
  first_.push_back(std::move(row));
  if (first_.size() == rows_that_decide) settle();
}

void TextTable::finish() {
  if (!settled_) settle();
  if (widths_.size() == header_.size()) return;
  std::string text = "(not shown:";
  for (std::size_t i = widths_.size(); i < header_.size(); ++i) text += " " + header_[i];
  write_(text + ")\n");
}

void TextTable::settle() {
  settled_ = true;
  std::size_t used = 0;
  for (std::size_t i = 0; i < header_.size(); ++i) {
    std::size_t widest = length(header_[i]);
    for (const auto& row : first_) widest = std::max(widest, std::min(widest_cell, length(row[i])));
    if (i >= 2 && used + widest > width_) break;
    widths_.push_back(widest);
    used += widest + 2;
  }
  if (bold_) write_("\033[1m");
  line(header_, 0);
  if (bold_) write_("\033[0m");
  for (const auto& row : first_) line(row, 0);
  first_.clear();
}

void TextTable::line(const std::vector<std::string>& cells, std::size_t most) const {
  std::string text;
  for (std::size_t i = 0; i < widths_.size(); ++i) {
    const std::string cell = cut(cells[i], std::max(most, widths_[i]));
    const std::size_t is = length(cell);
    text += cell;
    if (i + 1 < widths_.size()) text.append(std::max(widths_[i], is) - is + 2, ' ');
  }
  write_(text + "\n");
}

std::string json_object(const Record& record) {
  boost::json::object object;
  for (const auto& column : record.table().columns) object[column.column.view()] = json_value(record[column.position]);
  return base::write_json(object);
}

}  // namespace lamin::faces
