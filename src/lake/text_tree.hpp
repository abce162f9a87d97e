// text_tree.hpp -- text as a tree with guide lines; a node may have several lines.
#pragma once
#include <string>
#include <utility>
#include <vector>

namespace lamin::lake {

struct TreeNode {
  std::vector<std::string> lines;
  std::vector<TreeNode> children = {};
};

/// The node's own lines stand without guides; blanks at the ends of lines are cut.
std::string print_tree(const TreeNode& root);

/// "key: value" cells in rows of two, the second column aligned. An empty cell leaves its place empty.
std::vector<std::string> two_columns(const std::vector<std::string>& cells);
/// Rows with every column as wide as its longest cell, two blanks between.
std::vector<std::string> aligned(const std::vector<std::vector<std::string>>& rows);
/// name, type and values in the columns of LaminDB's describe(), each cut with an ellipsis.
std::string value_row(const std::string& name, const std::string& type, const std::string& values);
/// At most `width` characters, the last one an ellipsis if some were cut.
std::string shortened(const std::string& text, std::size_t width);

}  // namespace lamin::lake
