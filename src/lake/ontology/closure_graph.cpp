// Descendants of terms, from their links alone.
#include "lake/ontology/closure_graph.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace lamin::lake {
namespace {

/// Terms as numbers from 0, each with its children.
struct Graph {
  std::vector<std::int64_t> ids;               // ascending
  std::vector<std::uint32_t> first, children;  // children of i: children[first[i] .. first[i + 1])
};

Graph graph_of(const std::vector<Edge>& edges) {
  Graph graph;
  for (const auto& [child, parent] : edges) graph.ids.insert(graph.ids.end(), {child, parent});
  std::sort(graph.ids.begin(), graph.ids.end());
  graph.ids.erase(std::unique(graph.ids.begin(), graph.ids.end()), graph.ids.end());
  const auto number = [&](std::int64_t id) {
    return static_cast<std::uint32_t>(std::lower_bound(graph.ids.begin(), graph.ids.end(), id) - graph.ids.begin());
  };
  std::vector<std::pair<std::uint32_t, std::uint32_t>> down;  // (parent, child)
  down.reserve(edges.size());
  for (const auto& [child, parent] : edges) down.emplace_back(number(parent), number(child));
  std::sort(down.begin(), down.end());
  graph.first.assign(graph.ids.size() + 1, 0);
  graph.children.reserve(down.size());
  for (const auto& [parent, child] : down) {
    ++graph.first[parent + 1];
    graph.children.push_back(child);
  }
  for (std::size_t i = 1; i < graph.first.size(); ++i) graph.first[i] += graph.first[i - 1];
  return graph;
}

/// From one end of the links to the others.
using Ways = std::unordered_map<std::int64_t, std::vector<std::int64_t>>;

Ways ways(const std::vector<Edge>& edges, bool up) {
  Ways out;
  for (const auto& [child, parent] : edges) {
    if (up) out[child].push_back(parent);
    else out[parent].push_back(child);
  }
  return out;
}

/// Everything that the ways lead to, with the distance; without the start.
std::unordered_map<std::int64_t, std::int32_t> reached_from(std::int64_t start, const Ways& ways) {
  std::unordered_map<std::int64_t, std::int32_t> distances;
  std::vector<std::int64_t> level{start}, next;
  for (std::int32_t distance = 1; !level.empty(); ++distance) {
    next.clear();
    for (const auto id : level) {
      const auto on = ways.find(id);
      if (on == ways.end()) continue;
      for (const auto to : on->second) {
        if (to != start && distances.emplace(to, distance).second) next.push_back(to);
      }
    }
    level.swap(next);
  }
  return distances;
}

std::optional<std::vector<Pair>> closure_of(const Graph& graph) {
  const std::size_t most = 1'000'000 + 64 * graph.ids.size();
  std::vector<Pair> pairs;
  std::vector<std::uint32_t> seen(graph.ids.size(), 0xffff'ffff), reached;
  for (std::uint32_t start = 0; start < graph.ids.size(); ++start) {
    reached.assign(1, start);
    seen[start] = start;
    const std::size_t before = pairs.size();
    if (before > most) return {};
    std::int32_t distance = 0;
    for (std::size_t level = 0, end = 1; level < end; end = reached.size()) {
      ++distance;
      for (; level < end; ++level) {
        for (std::uint32_t c = graph.first[reached[level]]; c < graph.first[reached[level] + 1]; ++c) {
          const std::uint32_t child = graph.children[c];
          if (seen[child] == start) continue;
          seen[child] = start;
          reached.push_back(child);
          pairs.push_back({graph.ids[start], graph.ids[child], distance});
        }
      }
    }
    std::sort(pairs.begin() + static_cast<std::ptrdiff_t>(before), pairs.end(),
              [](const Pair& a, const Pair& b) { return a.descendant < b.descendant; });
  }
  return pairs;
}

std::vector<std::int64_t> cycle_in(const Graph& graph) {
  enum class Seen : std::uint8_t { no, on_the_way, done };
  std::vector<Seen> seen(graph.ids.size(), Seen::no);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> way;  // (term, its next child)
  for (std::uint32_t start = 0; start < graph.ids.size(); ++start) {
    if (seen[start] != Seen::no) continue;
    seen[start] = Seen::on_the_way;
    way.assign(1, {start, graph.first[start]});
    while (!way.empty()) {
      auto& [term, next] = way.back();
      if (next == graph.first[term + 1]) {
        seen[term] = Seen::done;
        way.pop_back();
        continue;
      }
      const std::uint32_t child = graph.children[next++];
      if (seen[child] == Seen::no) {
        seen[child] = Seen::on_the_way;
        way.emplace_back(child, graph.first[child]);
      } else if (seen[child] == Seen::on_the_way) {
        std::vector<std::int64_t> cycle;
        for (auto at = way.rbegin(); at != way.rend(); ++at) {
          cycle.push_back(graph.ids[at->first]);
          if (at->first == child) return cycle;
        }
      }
    }
  }
  return {};
}

}  // namespace

std::optional<std::vector<Pair>> transitive_closure(const std::vector<Edge>& edges) {
  return closure_of(graph_of(edges));
}
std::vector<std::int64_t> find_cycle(const std::vector<Edge>& edges) { return cycle_in(graph_of(edges)); }

std::shared_future<Foreseen> foresee(std::vector<Edge> edges) {
  auto work = [edges = std::move(edges)]() mutable {
    std::sort(edges.begin(), edges.end());
    const Graph graph = graph_of(edges);
    return Foreseen{.edges = std::move(edges), .cycle = cycle_in(graph), .pairs = closure_of(graph)};
  };
  return std::async(std::launch::async | std::launch::deferred, std::move(work)).share();
}

EdgeChanges changes_between(std::vector<Edge> before, std::vector<Edge> now) {
  const auto order = [](std::vector<Edge>& edges) {
    std::erase_if(edges, [](const Edge& edge) { return edge.first == edge.second; });
    std::sort(edges.begin(), edges.end());
    edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  };
  order(before);
  order(now);
  EdgeChanges out;
  std::set_difference(now.begin(), now.end(), before.begin(), before.end(), std::back_inserter(out.added));
  std::set_difference(before.begin(), before.end(), now.begin(), now.end(), std::back_inserter(out.removed));
  return out;
}

std::vector<std::int64_t> affected_ancestors(const std::vector<Edge>& now, const EdgeChanges& changes) {
  // Above a removed link there may be only what was reached through other removed links.
  std::vector<Edge> ever = now;
  ever.insert(ever.end(), changes.removed.begin(), changes.removed.end());
  const Ways up = ways(ever, true);
  std::unordered_set<std::int64_t> affected;
  std::vector<std::int64_t> open;
  const auto add = [&](std::int64_t id) {
    if (affected.insert(id).second) open.push_back(id);
  };
  for (const auto* edges : {&changes.added, &changes.removed}) {
    for (const auto& edge : *edges) add(edge.second);
  }
  while (!open.empty()) {
    const auto on = up.find(open.back());
    open.pop_back();
    if (on == up.end()) continue;
    for (const auto parent : on->second) add(parent);
  }
  std::vector<std::int64_t> out(affected.begin(), affected.end());
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<Pair> pairs_below(const std::vector<Edge>& edges, const std::vector<std::int64_t>& ancestors) {
  const Ways down = ways(edges, false);
  std::vector<Pair> pairs;
  for (const auto ancestor : ancestors) {
    const auto before = static_cast<std::ptrdiff_t>(pairs.size());
    for (const auto& [id, distance] : reached_from(ancestor, down)) pairs.push_back({ancestor, id, distance});
    std::sort(pairs.begin() + before, pairs.end(),
              [](const Pair& a, const Pair& b) { return a.descendant < b.descendant; });
  }
  return pairs;
}

}  // namespace lamin::lake
