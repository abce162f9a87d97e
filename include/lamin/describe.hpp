// describe.hpp -- what is known about a record, for a person to read.
//
// A description is a tree of nodes: a title, fields, a table, a text, and what belongs below. `to_text` prints it as
// LaminDB's describe() does, `to_json` gives the same to programs; a page is another printer.
//
// Example: examples/cpp/describe.cpp
#pragma once
#include <string>
#include <utility>
#include <vector>
#include "lamin/instance.hpp"

namespace lamin {

struct Node {
  std::string title = {};        ///< "Artifact: a.h5ad (0000)", "Features"; may be empty
  std::string description = {};  ///< of the record, in its own words
  std::vector<std::pair<std::string, std::string>> fields = {};  ///< name and value; two empty ones leave a gap
  std::vector<std::string> header = {};                          ///< of the table; empty: feature, type and values
  std::vector<std::vector<std::string>> rows = {};
  bool cut = false;                     ///< the table or the text has more than is here
  std::vector<std::string> lines = {};  ///< of a text
  std::vector<Node> children = {};
};

/// What LaminDB's describe() shows of any record: fields, links, features and labels, readme. A part that cannot be
/// read says so in its place. Throws nothing but what the database throws.
Node describe_tree(Instance& instance, const Record& record);
/// Of it what says which features it has, of the dataset and beside it.
Node describe_features(Instance& instance, const Record& record);
/// A tree as text without colours, with guide lines; what a terminal would obey is shown as an escape.
std::string to_text(const Node& node);
/// {"title", "description", "fields": {name: value}, "columns", "rows", "text", "children"}, without what is empty.
std::string to_json(const Node& node);
/// The tree as text.
std::string describe(Instance& instance, const Record& record);

/// The runs that led to a dataset and those that used it (lineage.hpp), both directions as a tree of text.
std::string print_lineage(Instance& instance, const Record& dataset);

}  // namespace lamin
