// print.cpp -- a tree of nodes as text with guide lines, and as JSON.
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cmath>
#include <utility>
#include "base/visible.hpp"
#include "faces/describe/parts.hpp"
#include "lamin/describe.hpp"

namespace lamin {
namespace faces {
namespace {

bool starts_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts_character));
}

std::string padded(std::string text, std::size_t width) {
  const auto is = width_of(text);
  if (is < width) text.append(width - is, ' ');
  return text;
}

constexpr std::string_view bold = "\033[1m", dim = "\033[2m", plain = "\033[0m";

/// A line of a node, and what is emphasised in it.
struct Line {
  std::string text;
  bool is_title = false;
};

void append(std::string& out, std::string guide, const Line& line, bool colours) {
  auto text = base::visible(line.text);
  const auto trim = [](std::string& of) { of.erase(of.find_last_not_of(' ') + 1); };
  trim(text);
  if (text.empty()) trim(guide);
  const auto styled = [&](std::string_view style, const std::string& of) {
    if (colours && !of.empty() && !style.empty()) out.append(style).append(of).append(plain);
    else out += of;
  };
  styled(dim, guide);
  styled(line.is_title ? bold : std::string_view(), text);
  out += '\n';
}

/// Rows with every column as wide as its longest cell, separated by two blanks.
std::vector<std::string> aligned(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  std::vector<std::string> lines;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) line += padded(row[i], widths[i] + 2);
    lines.push_back(std::move(line));
  }
  return lines;
}

/// "name: value" in rows of two, the second column aligned.
std::vector<std::string> two_columns(const std::vector<std::pair<std::string, std::string>>& fields) {
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i % 2 == 0) rows.emplace_back();
    const auto& [name, value] = fields[i];
    rows.back().push_back(name.empty() ? std::string() : fmt::format("{}: {}", name, value));
  }
  return aligned(rows);
}

constexpr std::size_t gap = 2;

/// Widths of name, type and values in LaminDB's describe(), and what they become where there is less room: each gives
/// up as much.
std::array<std::size_t, 3> value_widths(std::size_t room) {
  constexpr std::array<std::size_t, 3> wanted{30, 35, 40}, blanks{1, 2, 1};  // before and after the text
  std::array<std::size_t, 3> widths = wanted;
  std::size_t excess = 0;
  for (std::size_t i = 0; i < widths.size(); ++i) excess += wanted[i] + blanks[i];
  excess = room == 0 || room > excess ? 0 : excess - room;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    const auto share = static_cast<std::size_t>(
        std::nearbyint(static_cast<double>(excess) / static_cast<double>(widths.size() - i)));  // halves to even
    const auto least = std::min(share, wanted[i] - 1);
    widths[i] -= least;
    excess -= share;
  }
  return widths;
}

/// Name, type and values, each cut with an ellipsis.
std::string value_row(const std::vector<std::string>& row, std::size_t room) {
  const auto [name, type, values] = value_widths(room);
  return padded(shortened(row.at(0), name), name + gap) + padded(shortened(row.at(1), type), type + gap) +
         shortened(row.at(2), values);
}

std::vector<std::string> table_of(const Node& node, std::size_t room) {
  std::vector<std::string> lines;
  if (!node.header.empty()) {
    auto rows = node.rows;
    rows.insert(rows.begin(), node.header);
    lines = aligned(rows);
  } else {
    for (const auto& row : node.rows) lines.push_back(value_row(row, room));
  }
  if (node.cut && !node.rows.empty()) lines.emplace_back("…");
  return lines;
}

std::vector<Line> lines_of(const Node& node, std::size_t room) {
  std::vector<Line> all;
  const auto add = [&](std::vector<std::string> lines, bool headed = false) {
    for (std::size_t i = 0; i < lines.size(); ++i) all.push_back({std::move(lines[i]), headed && i == 0});
  };
  const bool heads_values = node.header.empty() && !node.rows.empty();
  if (!node.title.empty())
    all.push_back({heads_values ? shortened(node.title, value_widths(room)[0]) : node.title, true});
  if (!node.description.empty()) all.push_back({"|   description: " + node.description});
  add(two_columns(node.fields));
  add(table_of(node, room), !node.header.empty());
  for (const auto& line : node.lines) all.push_back({"│ " + line});
  if (node.cut && !node.lines.empty()) all.push_back({"│ …"});
  return all;
}

/// `room` is how wide a line may be after the indent; 0 = as it likes.
void print(const std::vector<Node>& nodes, const std::string& indent, bool colours, std::size_t room,
           std::string& out) {
  constexpr std::size_t guide_width = 4;
  room = room == 0 ? 0 : room > guide_width ? room - guide_width : 1;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const bool last = i + 1 == nodes.size();
    const auto below = indent + (last ? "    " : "│   ");
    auto guide = indent + (last ? "└── " : "├── ");
    for (const auto& line : lines_of(nodes[i], room)) append(out, std::exchange(guide, below), line, colours);
    print(nodes[i].children, below, colours, room, out);
  }
}

boost::json::value texts(const std::vector<std::string>& all) { return boost::json::value_from(all); }

boost::json::object json_of(const Node& node) {
  boost::json::object out;
  if (!node.title.empty()) out["title"] = node.title;
  if (!node.description.empty()) out["description"] = node.description;
  boost::json::object fields;
  for (const auto& [name, value] : node.fields) {
    if (!name.empty()) fields[name] = value;
  }
  if (!fields.empty()) out["fields"] = std::move(fields);
  if (!node.header.empty()) out["columns"] = texts(node.header);
  if (!node.rows.empty()) {
    boost::json::array rows;
    for (const auto& row : node.rows) rows.push_back(texts(row));
    out["rows"] = std::move(rows);
  }
  if (!node.lines.empty()) out["text"] = texts(node.lines);
  if (node.cut) out["cut"] = true;
  if (!node.children.empty()) {
    boost::json::array children;
    for (const auto& child : node.children) children.push_back(json_of(child));
    out["children"] = std::move(children);
  }
  return out;
}

}  // namespace

std::string shortened(const std::string& text, std::size_t width) {
  if (width_of(text) <= width) return text;
  std::string kept;
  std::size_t n = 0;
  for (const char c : text) {
    if (starts_character(c) && ++n == width) break;
    kept += c;
  }
  return kept + "…";
}

}  // namespace faces

std::string to_text(const Node& node, bool colours, std::size_t width) {
  std::string out;
  for (const auto& line : faces::lines_of(node, width)) faces::append(out, "", line, colours);
  faces::print(node.children, "", colours, width, out);
  out.pop_back();
  return out;
}

std::string to_json(const Node& node) { return boost::json::serialize(faces::json_of(node)); }

}  // namespace lamin
