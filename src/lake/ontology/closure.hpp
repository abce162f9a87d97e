// closure.hpp -- everything below a term, stored: lamin_closure holds (registry, ancestor, descendant, distance).
//
// Invariants
//   1. The pairs of a registry match its parents table in the state recorded in lamin_closure_state (number of links
//      and highest link id: ids are never reused, so any change of the table changes one of the two).
//   2. `closure_of` compares first and rebuilds if LaminDB wrote in between; the table is only read through it.
//   3. A registry with far more pairs than an ontology has (a chain of thousands of terms) is not stored: its state
//      holds -1 - links, and callers follow the links.
//   4. A term is not its own ancestor, even where the ontology has a cycle. The distance is the shortest one.
#pragma once
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "lamin/database.hpp"

namespace lamin::lake {

using Edge = std::pair<std::int64_t, std::int64_t>;  ///< (child, parent)

/// The relation that leads to the direct parents; null if the registry has none.
const schema::Relation* parents_relation(const schema::Table& table);

/// The registry's number in lamin_closure, up to date; nullopt if it is not stored (a read-only database, too many
/// pairs).
std::optional<std::int64_t> closure_of(Database& database, const schema::Table& table);
/// Rebuilds it from the parents table; joins the transaction it is called in. nullopt for too many pairs.
std::optional<std::int64_t> rebuild_closure(Database& database, const schema::Table& table);

/// All (child, parent) of a registry.
std::vector<Edge> read_edges(Database& database, const schema::Relation& parents);

/// (ancestor, descendant, distance), ordered by ancestor, then descendant.
struct Pair {
  std::int64_t ancestor, descendant;
  std::int32_t distance;
};
/// nullopt if there are more than 64 pairs per term (and a million): real ontologies have 10 to 30.
std::optional<std::vector<Pair>> transitive_closure(const std::vector<Edge>& edges);
/// Terms that are their own ancestors: one cycle, in order, each the child of the next; empty without one.
std::vector<std::int64_t> find_cycle(const std::vector<Edge>& edges);

}  // namespace lamin::lake
