// lineage_text.cpp -- a lineage as text: a tree for what came before, and one for what came after.
#include <fmt/format.h>
#include <algorithm>
#include <deque>
#include <set>
#include <vector>
#include "base/time.hpp"
#include "base/visible.hpp"
#include "lamin/describe.hpp"
#include "lamin/lineage_graph.hpp"

namespace lamin {
namespace faces {
namespace {

using NodeKind = LineageNode::Kind;

std::string label(const LineageNode& node) {
  if (node.kind == NodeKind::run) {
    return base::visible_line(fmt::format(
        "{}{}{}  run {}{}{}", node.name, node.entrypoint.empty() ? "" : ": ", node.entrypoint, node.uid.substr(0, 7),
        node.at ? " at " + base::display(*node.at) : "", node.failed() ? ", " + node.status : ""));
  }
  return base::visible_line(fmt::format("{}{} ({})", node.kind == NodeKind::collection ? "collection " : "", node.name,
                                        node.version.empty() ? node.uid : node.version));
}

// How a node is related to the one from which it is met.
std::string_view verb(const LineageNode& node, bool down) {
  switch (node.kind) {
    case NodeKind::run: return down ? "used by" : "made by";
    case NodeKind::transform: return down ? "before" : "after";
    default: return down ? "made" : "from";
  }
}

constexpr int deepest = 20;  // steps of one tree: deeper, the indentation would grow faster than the content

// One direction as a tree: dataset, the runs next to it, their datasets on the far side, and so on. A run is expanded
// once; where it recurs, a reader finds it above. What is too deep waits for a tree of its own.
class Tree {
 public:
  Tree(const LineageGraph& graph, bool down)
      : graph_(graph), down_(down), next_(graph.nodes.size()), seen_(graph.nodes.size(), false) {
    for (const auto& edge : graph.edges) {
      if (edge.kind == LineageEdge::Kind::recreated && !leads(edge)) continue;
      next_[down ? edge.from : edge.to].push_back(down ? edge.to : edge.from);
    }
    seen_[0] = true;
  }

  bool empty() const { return next_[0].empty(); }
  /// `more`: another tree follows below the same node.
  void print(std::string& out, bool more = false) {
    more_ = more;
    print(0, "", 0, out);
    more_ = false;
  }
  void print_rest(std::string& out) {
    while (!waiting_.empty()) {
      const auto node = waiting_.front();
      waiting_.pop_front();
      out += "\n" + label(graph_.nodes[node]) + ", continued\n";
      print(node, "", 0, out);
    }
  }

 private:
  // Whether a run that made something again was asked for because of it.
  bool leads(const LineageEdge& edge) const {
    const auto &from = graph_.nodes[edge.from].distance, &to = graph_.nodes[edge.to].distance;
    return from && to && *to - *from == 1;
  }

  void print(std::size_t node, const std::string& indent, int depth, std::string& out) {
    const auto& next = next_[node];
    for (std::size_t i = 0; i < next.size(); ++i) {
      const bool last = i + 1 == next.size() && !(more_ && indent.empty());
      const auto& other = graph_.nodes[next[i]];
      const bool step = other.kind != NodeKind::run;  // a run and its datasets are one step
      const bool above = other.is_code() && seen_[next[i]];
      const bool waits = !above && step && depth + 1 == deepest && !next_[next[i]].empty();
      if (other.is_code() && !waits) seen_[next[i]] = true;
      out += fmt::format("{}{}{} {}{}\n", indent, last ? "└── " : "├── ", verb(other, down_), label(other),
                         above   ? "  (see above)"
                         : waits ? "  (continued below)"
                                 : "");
      if (above) continue;
      if (!waits) print(next[i], indent + (last ? "    " : "│   "), depth + (step ? 1 : 0), out);
      else if (queued_.insert(next[i]).second) waiting_.push_back(next[i]);
    }
  }

  const LineageGraph& graph_;
  bool down_, more_ = false;
  std::vector<std::vector<std::size_t>> next_;
  std::vector<bool> seen_;
  std::set<std::size_t> queued_;
  std::deque<std::size_t> waiting_;
};

// What there is to say if there is nothing in the directions asked for.
std::string alone(const LineageGraph& graph) {
  struct Words {
    std::string_view up, down, both;
  };
  constexpr Words of_data{"no run made it", "no run has used it", "no run made it and none has used it"},
      of_runs{"it used nothing", "it made nothing", "it used nothing and made nothing"},
      of_code{"it used nothing that another transform made", "no other transform used what it made",
              "no other transform made what it used or used what it made"};
  const auto kind = graph.nodes[0].kind;
  const auto& words = kind == NodeKind::run ? of_runs : kind == NodeKind::transform ? of_code : of_data;
  return fmt::format("    {}\n", graph.up && graph.down ? words.both : graph.down ? words.down : words.up);
}

}  // namespace
}  // namespace faces

std::string to_text(const LineageGraph& graph) {
  if (graph.nodes.empty()) return "";
  std::string out = faces::label(graph.nodes[0]) + "\n";
  faces::Tree above(graph, false), below(graph, true);
  const bool up = graph.up && !above.empty(), down = graph.down && !below.empty();
  if (!up && !down) return out + faces::alone(graph);
  if (up) above.print(out, down);
  if (down) below.print(out);
  if (up) above.print_rest(out);
  if (down) below.print_rest(out);
  if (graph.cut) out += "\nThere is more: this is cut.\n";
  return out;
}

std::string print_lineage(Instance& instance, const Record& dataset, bool upstream_only) {
  return to_text(
      lineage_graph(instance, dataset, {.down = upstream_only ? 0 : LineageOptions::any, .siblings = false}));
}

}  // namespace lamin
