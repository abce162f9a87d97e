// hierarchy.cpp -- what is above and below a record, as a tree.
#include <fmt/format.h>
#include <set>
#include "faces/columns.hpp"
#include "faces/describe/parts.hpp"
#include "lamin/describe.hpp"

namespace lamin {
namespace {

class Branches {
 public:
  Branches(Instance& instance, const Record& record, const HierarchyOptions& options)
      : instance_(instance), options_(options) {
    const auto& table = record.table();
    if (!table.has(schema::Trait::hierarchical)) {
      throw Error(Code::invalid_argument,
                  fmt::format("rows of {} have no parents and children", table.qualified.view()));
    }
    if (!options.field.empty()) static_cast<void>(table.column(options.field));  // throws, naming the nearest
  }

  std::string label(const Record& record) const {
    return options_.field.empty() ? faces::called(record) : faces::display(record.at(options_.field));
  }

  /// Each record once; one that was shown before ends its branch.
  void add(Node& node, const Record& record, std::string_view relation, int depth) {
    if (depth == 0) return;
    auto query = instance_.database().related(record, *record.table().find_relation(relation));
    query.order_by = {"id"};
    for (const auto& next : instance_.database().all(query)) {
      auto& child = node.children.emplace_back(Node{.title = label(next)});
      if (seen_.emplace(relation, next.id()).second) add(child, next, relation, depth - 1);
      else child.title += " …";
    }
  }

 private:
  Instance& instance_;
  const HierarchyOptions& options_;
  std::set<std::pair<std::string_view, std::int64_t>> seen_;
};

}  // namespace

Node hierarchy_tree(Instance& instance, const Record& record, const HierarchyOptions& options) {
  Branches branches(instance, record, options);
  Node root{.title = fmt::format("{}: {}", record.table().name.view(), branches.label(record))};
  for (const auto& [wanted, relation] :
       {std::pair(options.parents, "parents"), std::pair(options.children, "children")}) {
    if (!wanted) continue;
    Node part{.title = relation};
    branches.add(part, record, relation, options.distance);
    if (!part.children.empty()) root.children.push_back(std::move(part));
  }
  return root;
}

}  // namespace lamin
