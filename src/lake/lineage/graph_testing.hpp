// graph_testing.hpp -- the lineage graph against a plain model of it, on any database.
#pragma once
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>
#include "lake/open/testing.hpp"
#include "lamin/lineage_graph.hpp"
#include "registry/writes.hpp"

namespace lamin::testing {

/// Datasets and runs whose links are known, at random: also circles, and what is in the trash.
class Lineages {
 public:
  using Node = std::pair<std::string, std::int64_t>;  ///< "artifact", id
  using Edge = std::tuple<Node, Node, std::string>;

  Lineages(Instance& instance, const Sandbox& box, unsigned seed) : instance_(instance), random_(seed) {
    constexpr int many = 24;
    for (int i = 0; i < 4; ++i)
      transforms_.push_back(
          make_transform(instance, {.key = fmt::format("t{}.py", i), .source_code = std::to_string(i)}));
    std::vector<Record> parts;
    for (int i = 0; i < many; ++i) {
      const auto& transform = transforms_[pick(transforms_.size())];
      runs_.push_back(start_run(instance, transform, {.tracked = false}));
      instance.session().run = pick(5) == 0 ? 0 : runs_[pick(runs_.size())].id();
      const auto name = fmt::format("d{}", i);
      if (i % 4 == 3) {
        Record row(instance.catalog().table("Record"));
        row.set("name", Value(name));
        registry::Writes(instance.database()).save(row);
        datasets_.push_back(row);
      } else if (i % 4 == 2) {
        auto draft = prepare_collection(instance, {.artifacts = parts, .key = name});
        save_collection(instance, draft);
        datasets_.push_back(draft.record);
      } else {
        auto draft = prepare_artifact(instance, {.source = box.write(name + ".txt", name), .key = name + ".txt"});
        save_artifact(instance, draft);
        datasets_.push_back(draft.record);
        parts.push_back(draft.record);
      }
      instance.session().run = 0;
    }
    for (int i = 0; i < many * 2; ++i) link("input_of_runs");
    for (int i = 0; i < many / 2; ++i) link("recreating_runs");
    registry::Writes writes(instance.database());
    for (const auto at : {3U, 8U, 13U}) {  // one of each registry
      datasets_[at].set("branch", Value(-1));
      writes.save(datasets_[at]);
    }
    read();
  }

  const std::vector<Record>& datasets() const { return datasets_; }
  const std::vector<Record>& runs() const { return runs_; }

  /// What the graph must be, by following edges one by one.
  struct Model {
    std::set<Node> nodes;
    std::set<Edge> edges;
  };
  Model model(const Record& focus, const LineageOptions& options) const {
    const Node start(word(focus), focus.id());
    std::vector<Edge> edges;  // what is in the trash counts only if it was asked for
    for (const auto& edge : edges_) {
      const auto hidden = [&](const Node& node) { return trashed_.contains(node) && node != start; };
      if (!hidden(std::get<0>(edge)) && !hidden(std::get<1>(edge))) edges.push_back(edge);
    }
    std::set<Node> runs;
    for (const bool up : {true, false}) {
      std::set<Node> ring{start}, seen;
      const int steps = up ? options.up : options.down;
      if (start.first == "run") {
        runs.insert(start);
        seen.insert(start);
      }
      for (int step = 0; !ring.empty() && (steps < 0 || step < steps); ++step) {
        std::set<Node> next;
        for (const auto& node : node_ring(edges, ring, up, options.recreated)) {
          for (const auto& run : neighbours(edges, {node}, up, options.recreated)) {
            if (seen.insert(run).second) next.insert(run);
          }
        }
        runs.insert(next.begin(), next.end());
        ring.clear();
        for (const auto& run : next) ring.insert(run);
      }
    }
    Model found;
    found.nodes.insert(start);
    found.nodes.insert(runs.begin(), runs.end());
    for (const auto& [from, to, kind] : edges) {
      if (kind == "recreated" && !options.recreated) continue;
      if (runs.contains(from)) found.nodes.insert(to);
      if (runs.contains(to)) found.nodes.insert(from);
    }
    std::set<std::pair<Node, Node>> made;
    for (const auto& [from, to, kind] : edges) {
      if (kind != "input" && found.nodes.contains(from) && found.nodes.contains(to)) made.emplace(from, to);
    }
    std::set<std::pair<Node, Node>> placed;
    for (const char* wanted : {"output", "recreated", "input"}) {
      for (const auto& [from, to, kind] : edges) {
        if (kind != wanted || !found.nodes.contains(from) || !found.nodes.contains(to)) continue;
        if (kind == "input" && made.contains({to, from})) continue;
        if (placed.emplace(from, to).second) found.edges.emplace(from, to, kind);
      }
    }
    return found;
  }

  static Model seen(const LineageGraph& graph) {
    Model found;
    const auto key = [](const LineageNode& node) { return Node(std::string(word_of(node.kind)), node.id); };
    for (const auto& node : graph.nodes) found.nodes.insert(key(node));
    for (const auto& edge : graph.edges)
      found.edges.emplace(key(graph.nodes[edge.from]), key(graph.nodes[edge.to]), std::string(word_of(edge.kind)));
    return found;
  }

  void check() const {
    std::vector<Record> all = datasets_;
    all.insert(all.end(), runs_.begin(), runs_.end());
    for (const auto& focus : all) {
      for (const LineageOptions& options :
           {LineageOptions{}, LineageOptions{.up = 0}, LineageOptions{.down = 0}, LineageOptions{.up = 1, .down = 2},
            LineageOptions{.recreated = true}, LineageOptions{.up = 99, .down = 99},
            LineageOptions{.up = 2, .down = 0, .recreated = true}}) {
        const auto expected = model(focus, options), found = seen(lineage_graph(instance_, focus, options));
        EXPECT_EQ(found.nodes, expected.nodes) << focus.uid() << " " << options.up << " " << options.down;
        EXPECT_EQ(found.edges, expected.edges) << focus.uid() << " " << options.up << " " << options.down;
      }
    }
  }

 private:
  std::size_t pick(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }

  static std::string word(const Record& record) {
    std::string name = record.table().name.str();
    name[0] = static_cast<char>(name[0] - 'A' + 'a');
    return name;
  }

  void link(const char* how) {
    const auto& dataset = datasets_[pick(datasets_.size())];
    const auto* relation = dataset.table().find_relation(how);
    if (relation == nullptr) return;
    const std::int64_t ids[] = {runs_[pick(runs_.size())].id()};
    registry::Writes(instance_.database()).link(dataset, *relation, ids);
  }

  void read() {
    for (const auto& dataset : datasets_) {
      const Node node(word(dataset), dataset.id());
      if (dataset.at("branch").integer_or(0) == -1) trashed_.insert(node);
      if (const auto run = dataset.at("run").integer_or(0); run != 0)
        edges_.emplace_back(Node("run", run), node, "output");
      for (const auto& [how, kind] : {std::pair{"input_of_runs", "input"}, {"recreating_runs", "recreated"}}) {
        const auto* relation = dataset.table().find_relation(how);
        if (relation == nullptr) continue;
        for (const auto& run : instance_.database().all(instance_.database().related(dataset, *relation))) {
          const Node other("run", run.id());
          if (std::string_view(kind) == "input") edges_.emplace_back(node, other, kind);
          else edges_.emplace_back(other, node, kind);
        }
      }
    }
  }

  // Of runs, the datasets on the way; of datasets, themselves.
  static std::set<Node> node_ring(const std::vector<Edge>& edges, const std::set<Node>& ring, bool up, bool recreated) {
    std::set<Node> out;
    for (const auto& node : ring) {
      if (node.first != "run") out.insert(node);
      else out.merge(neighbours(edges, {node}, up, recreated));
    }
    return out;
  }
  static std::set<Node> neighbours(const std::vector<Edge>& edges, const std::set<Node>& of, bool up, bool recreated) {
    std::set<Node> out;
    for (const auto& [from, to, kind] : edges) {
      if (kind == "recreated" && !recreated) continue;
      if (of.contains(up ? to : from)) out.insert(up ? from : to);
    }
    return out;
  }

  Instance& instance_;
  std::mt19937 random_;
  std::vector<Record> transforms_, runs_, datasets_;
  std::vector<Edge> edges_;
  std::set<Node> trashed_;
};

}  // namespace lamin::testing
