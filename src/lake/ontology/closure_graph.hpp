// closure_graph.hpp -- what is below a term, and how that changes with the links. Numbers in, numbers out.
#pragma once
#include <cstdint>
#include <future>
#include <optional>
#include <utility>
#include <vector>

namespace lamin::lake {

using Edge = std::pair<std::int64_t, std::int64_t>;  ///< (child, parent)

/// (ancestor, descendant, distance), ordered by ancestor, then descendant.
struct Pair {
  std::int64_t ancestor, descendant;
  std::int32_t distance;
  bool operator==(const Pair&) const = default;
};
/// nullopt if there are more than 64 pairs per term (and a million): real ontologies have 10 to 30.
std::optional<std::vector<Pair>> transitive_closure(const std::vector<Edge>& edges);
/// Terms that are their own ancestors: one cycle, in order, each the child of the next; empty without one.
std::vector<std::int64_t> find_cycle(const std::vector<Edge>& edges);

/// What links will have once they are written.
struct Foreseen {
  std::vector<Edge> edges;  ///< ascending
  std::vector<std::int64_t> cycle;
  std::optional<std::vector<Pair>> pairs;
};
/// Computes it on another thread while the links are being written.
std::shared_future<Foreseen> foresee(std::vector<Edge> edges);

struct EdgeChanges {
  std::vector<Edge> added, removed;
};
/// Links of a term to itself do not count.
EdgeChanges changes_between(std::vector<Edge> before, std::vector<Edge> now);
/// All terms below which something may have changed, ascending.
std::vector<std::int64_t> affected_ancestors(const std::vector<Edge>& now, const EdgeChanges& changes);
/// The part of the closure that belongs to these ancestors.
std::vector<Pair> pairs_below(const std::vector<Edge>& edges, const std::vector<std::int64_t>& ancestors);

}  // namespace lamin::lake
