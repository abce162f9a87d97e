#include "lake/lineage/tidy.hpp"
#include <algorithm>
#include <deque>
#include <map>
#include <tuple>
#include <utility>

namespace lamin::lake {

using EdgeKind = LineageEdge::Kind;

void tidy(LineageGraph& graph) {
  auto& nodes = graph.nodes;
  std::vector<std::size_t> order(nodes.size()), place(nodes.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::sort(order, {}, [&](std::size_t i) { return std::tuple(i != 0, nodes[i].kind, nodes[i].id); });
  std::vector<LineageNode> sorted;
  sorted.reserve(nodes.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    place[order[i]] = i;
    sorted.push_back(std::move(nodes[order[i]]));
  }
  nodes = std::move(sorted);
  std::map<std::pair<std::size_t, std::size_t>, EdgeKind> made;
  auto& edges = graph.edges;
  for (auto& edge : edges) {
    edge.from = place[edge.from];
    edge.to = place[edge.to];
  }
  std::ranges::sort(edges, {}, [](const LineageEdge& e) { return std::tuple(e.from, e.to, e.kind); });
  const auto same = std::ranges::unique(edges, {}, [](const LineageEdge& e) { return std::pair(e.from, e.to); });
  edges.erase(same.begin(), same.end());
  for (const auto& edge : edges) {
    if (edge.kind == EdgeKind::output || edge.kind == EdgeKind::recreated)
      made.emplace(std::pair(edge.from, edge.to), edge.kind);
  }
  std::erase_if(edges, [&](const LineageEdge& edge) {
    return edge.kind == EdgeKind::input && made.contains({edge.to, edge.from});
  });
}

void measure(LineageGraph& graph, bool through_recreated) {
  auto& nodes = graph.nodes;
  nodes[0].distance = 0;
  for (const bool up : {true, false}) {
    std::vector<std::vector<std::size_t>> next(nodes.size());
    for (const auto& edge : graph.edges) {
      if (edge.kind == EdgeKind::recreated && !through_recreated) continue;
      next[up ? edge.to : edge.from].push_back(up ? edge.from : edge.to);
    }
    std::deque<std::size_t> waiting{0};
    std::vector<bool> seen(nodes.size(), false);
    seen[0] = true;
    std::vector<int> steps(nodes.size(), 0);
    while (!waiting.empty()) {
      const auto at = waiting.front();
      waiting.pop_front();
      for (const auto other : next[at]) {
        if (seen[other]) continue;
        seen[other] = true;
        steps[other] = steps[at] + (up ? -1 : 1);
        if (!nodes[other].distance) nodes[other].distance = steps[other];
        waiting.push_back(other);
      }
    }
  }
}

namespace {

void keep(LineageGraph& graph, const std::vector<bool>& wanted) {
  std::vector<std::size_t> place(graph.nodes.size());
  std::vector<LineageNode> kept;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    place[i] = wanted[i] ? kept.size() : graph.nodes.size();
    if (wanted[i]) kept.push_back(std::move(graph.nodes[i]));
  }
  for (auto& edge : graph.edges) {
    edge.from = place[edge.from];
    edge.to = place[edge.to];
  }
  std::erase_if(graph.edges,
                [&](const LineageEdge& edge) { return edge.from == place.size() || edge.to == place.size(); });
  graph.nodes = std::move(kept);
}

}  // namespace

void leave_out_siblings(LineageGraph& graph) {
  std::vector<bool> wanted;
  for (const auto& node : graph.nodes) wanted.push_back(node.distance.has_value());
  keep(graph, wanted);
}

void leave_out_far(LineageGraph& graph, int up, int down) {
  std::vector<bool> wanted, beside(graph.nodes.size(), false);
  for (const auto& node : graph.nodes)
    wanted.push_back(node.distance && (up < 0 || *node.distance >= -up) && (down < 0 || *node.distance <= down));
  for (const auto& edge : graph.edges) {
    if (wanted[edge.from] && graph.nodes[edge.from].is_code() && !graph.nodes[edge.to].distance) beside[edge.to] = true;
    if (wanted[edge.to] && graph.nodes[edge.to].is_code() && !graph.nodes[edge.from].distance) beside[edge.from] = true;
  }
  for (std::size_t i = 0; i < wanted.size(); ++i) wanted[i] = wanted[i] || beside[i];
  keep(graph, wanted);
}

}  // namespace lamin::lake
