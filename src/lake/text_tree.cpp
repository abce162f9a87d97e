#include "lake/text_tree.hpp"
#include <algorithm>

namespace lamin::lake {
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

void append(std::string& out, std::string line) {
  while (!line.empty() && line.back() == ' ') line.pop_back();
  out += line + "\n";
}

void print(const std::vector<TreeNode>& nodes, const std::string& indent, std::string& out) {
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const bool last = i + 1 == nodes.size();
    const auto below = indent + (last ? "    " : "│   ");
    for (std::size_t j = 0; j < nodes[i].lines.size(); ++j) {
      append(out, (j == 0 ? indent + (last ? "└── " : "├── ") : below) + nodes[i].lines[j]);
    }
    print(nodes[i].children, below, out);
  }
}

}  // namespace

std::string print_tree(const TreeNode& root) {
  std::string out;
  for (const auto& line : root.lines) append(out, line);
  print(root.children, "", out);
  out.pop_back();
  return out;
}

std::vector<std::string> two_columns(const std::vector<std::string>& cells) {
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 0; i < cells.size(); i += 2) {
    rows.push_back({cells[i], i + 1 < cells.size() ? cells[i + 1] : std::string()});
  }
  return aligned(rows);
}

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

std::string value_row(const std::string& name, const std::string& type, const std::string& values) {
  constexpr std::size_t name_width = 30, type_width = 35, value_width = 40, gap = 2;
  return padded(shortened(name, name_width), name_width + gap) + padded(shortened(type, type_width), type_width + gap) +
         shortened(values, value_width);
}

}  // namespace lamin::lake
