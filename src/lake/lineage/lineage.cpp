// lineage.cpp -- steps that led to a dataset, or that used it: the graph with its rows, read by one query per registry.
#include "lamin/lineage.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <cstdlib>
#include <map>
#include "lamin/lineage_graph.hpp"

namespace lamin {
namespace lake {
namespace {

class Steps {
 public:
  Steps(Instance& instance, const Record& dataset, bool downstream)
      : instance_(instance),
        graph_(lineage_graph(
            instance, dataset,
            {.up = downstream ? 0 : LineageOptions::any, .down = downstream ? LineageOptions::any : 0, .most = 0})) {}

  std::vector<LineageStep> all() {
    read_rows();
    std::map<std::size_t, LineageStep> by_run;
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      if (graph_.nodes[i].kind != LineageNode::Kind::run || row(i) == nullptr) continue;
      by_run[i].run = *row(i);
      by_run[i].transform = transform_of(by_run[i].run);
    }
    for (const auto& edge : graph_.edges) {
      const bool used = edge.kind == LineageEdge::Kind::input;
      if (!used && edge.kind != LineageEdge::Kind::output) continue;
      const auto step = by_run.find(used ? edge.to : edge.from);
      if (step != by_run.end()) add(used ? step->second.inputs : step->second.outputs, used ? edge.from : edge.to);
    }
    std::vector<std::size_t> order;
    for (const auto& [node, step] : by_run) order.push_back(node);
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return std::abs(graph_.nodes[i].distance.value_or(0)); });
    std::vector<LineageStep> steps;
    for (const auto i : order) steps.push_back(std::move(by_run[i]));
    return steps;
  }

 private:
  using Kind = LineageNode::Kind;
  using Key = std::pair<Kind, std::int64_t>;

  void read_rows() {
    constexpr std::pair<Kind, std::string_view> registries[] = {
        {Kind::artifact, "Artifact"}, {Kind::collection, "Collection"}, {Kind::record, "Record"}, {Kind::run, "Run"}};
    for (const auto& [kind, registry] : registries) {
      std::vector<Value> ids;
      for (const auto& node : graph_.nodes) {
        if (node.kind == kind) ids.emplace_back(node.id);
      }
      read(kind, registry, std::move(ids));
    }
    std::vector<Value> transforms;
    for (const auto& [key, record] : rows_) {
      if (key.first == Kind::run) transforms.push_back(record.at("transform"));
    }
    read(Kind::transform, "Transform", std::move(transforms));
  }

  void read(Kind kind, std::string_view registry, std::vector<Value> ids) {
    if (ids.empty()) return;
    const Query query{.registry = std::string(registry), .where = Expr::in("id", std::move(ids)), .any_branch = true};
    for (auto& record : instance_.database().all(query)) {
      const Key key(kind, record.id());
      rows_.insert_or_assign(key, std::move(record));
    }
  }

  const Record* row(std::size_t node) const {
    const auto found = rows_.find({graph_.nodes[node].kind, graph_.nodes[node].id});
    return found == rows_.end() ? nullptr : &found->second;  // deleted since the graph was read
  }

  Record transform_of(const Record& run) const {
    const auto found = rows_.find({Kind::transform, run.at("transform").integer_or(0)});
    if (found == rows_.end()) throw Error(Code::corrupt, fmt::format("run {} has no transform", run.uid()));
    return found->second;
  }

  void add(std::vector<Record>& to, std::size_t node) const {
    if (const auto* record = row(node)) to.push_back(*record);
  }

  Instance& instance_;
  LineageGraph graph_;
  std::map<Key, Record> rows_;
};

}  // namespace
}  // namespace lake

std::vector<LineageStep> lineage(Instance& instance, const Record& dataset, Direction direction) {
  if (dataset.table().find_relation("input_of_runs") == nullptr) {
    throw Error(Code::invalid_argument, fmt::format("a {} has no lineage: pass an artifact, a collection or a record",
                                                    dataset.table().name.view()));
  }
  return lake::Steps(instance, dataset, direction == Direction::downstream).all();
}

}  // namespace lamin
