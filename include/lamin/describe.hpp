// describe.hpp -- what is known about a record, for people to read.
//
// A description is a tree of nodes: a title, fields, a table, text, and children. `to_text` prints it as LaminDB's
// describe() does, `to_html` for a notebook, and `to_json` returns the same for programs.
//
// Example: examples/cpp/describe.cpp
#pragma once
#include <string>
#include <utility>
#include <vector>
#include "lamin/instance.hpp"
#include "lamin/preview.hpp"
#include "lamin/term.hpp"
#include "lamin/upgrade.hpp"

namespace lamin {

struct Node {
  std::string title = {};        ///< "Artifact: a.h5ad (0000)", "Features"; may be empty
  std::string description = {};  ///< the record's own description
  std::vector<std::pair<std::string, std::string>> fields = {};  ///< name and value; both empty: a blank line
  std::vector<std::string> header = {};                          ///< of the table; empty: feature, type and values
  std::vector<std::vector<std::string>> rows = {};
  bool cut = false;                     ///< the table or text is truncated
  std::vector<std::string> lines = {};  ///< of text
  std::string picture = {};             ///< a data: address, which only HTML shows
  std::vector<Node> children = {};
};

struct DescribeOptions {
  bool comments = false;            ///< with the comments on the record, oldest first
  bool hidden = false;              ///< with the features that a schema hides
  bool runs = false;                ///< of a run its inputs, outputs and the runs around it; of a transform its runs
  std::size_t most_features = 100;  ///< per slot of a dataset; of names, such as genes, at most 20 are shown
};
/// What LaminDB's describe() shows for any record: fields, links, features and labels, readme; more where the options
/// ask for it. A part that cannot be
/// read is replaced by a note. Throws only what the database throws.
Node describe_tree(Instance& instance, const Record& record, const DescribeOptions& options = {});
/// The part about features: those of the dataset and those set on the record.
Node describe_features(Instance& instance, const Record& record);
/// The part about labels: one row per relation.
Node describe_labels(Instance& instance, const Record& record);
/// A tree as text with guide lines; terminal control characters are escaped. With `colours`, for a terminal that has
/// them: titles and headers are bold, guide lines and names of fields are dim. Tables of values are at most so many
/// characters wide; 0 = as wide as they like.
std::string to_text(const Node& node, bool colours = false, std::size_t width = 0);
/// A tree as an HTML fragment with its own style, for a notebook; all texts are escaped.
std::string to_html(const Node& node);
/// {"title", "description", "fields": {name: value}, "columns", "rows", "text", "children"}, without empty parts.
std::string to_json(const Node& node);
/// A first look at content (preview.hpp); cells of tables are shortened.
Node preview_node(const Preview& preview);
/// A record with the fields that have a value, as `to_html` shows it in a notebook.
Node record_node(const Record& record);
/// The tree as text.
std::string describe(Instance& instance, const Record& record, const DescribeOptions& options = {});

struct HierarchyOptions {
  std::string field = {};  ///< what each record is shown by; empty: its name
  bool parents = true, children = false;
  int distance = 5;  ///< levels up and down
};
/// The records above one, and below it. Throws invalid_argument for a registry without parents, unknown_field.
Node hierarchy_tree(Instance& instance, const Record& record, const HierarchyOptions& options = {});

/// All that is known of a term; what is above it and below it, as a tree in which each term has its branches once.
Node term_node(const TermInfo& term);
Node graph_node(const TermGraph& graph);
/// The graph as a drawing of its own, parents above, in the colours of the page: for a notebook or a file.
std::string to_svg(const TermGraph& graph);

struct ChangesOptions {
  std::size_t most = 20;  ///< of each kind; 0 = all
};
Node diff_node(const ReleaseDiff& diff, const ChangesOptions& options = {});
Node plan_node(const UpgradePlan& plan, const ChangesOptions& options = {});
Node upgrade_node(const Upgrade& upgrade);

/// The runs that led to a dataset and, unless `upstream_only`, those that used it (lineage.hpp), each direction as a
/// text tree. What is deeper than 20 steps follows as a tree of its own, so the text grows with the number of nodes.
std::string print_lineage(Instance& instance, const Record& dataset, bool upstream_only = false);

}  // namespace lamin
