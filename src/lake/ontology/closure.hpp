// closure.hpp -- everything below a term, stored: lamin_closure holds (registry, ancestor, descendant, distance).
//
// Invariants
//   1. The pairs of a registry match its parents table in the state recorded in lamin_closure_state (`edges`: number of
//      links; `last_edge`: a stamp of the highest id, which is never reused, and of both ends of all links).
//   2. `closure_of` compares first and catches up if anybody wrote in between, LaminDB and plain SQL included; the
//   table
//      is only read through it. The pairs of distance 1 are the links it was made of, so what changed is their
//      difference to the parents table, and only what is above a changed link is made anew.
//   3. A registry with far more pairs than an ontology has (a chain of thousands of terms) is not stored: its state
//      holds -1 - links, and callers follow the links.
//   4. A term is not its own ancestor, even where the ontology has a cycle. The distance is the shortest one.
#pragma once
#include <cstdint>
#include <future>
#include <optional>
#include <vector>

#include "lake/ontology/closure_graph.hpp"
#include "lamin/database.hpp"

namespace lamin::lake {

/// The relation that leads to the direct parents; null if the registry has none.
const schema::Relation* parents_relation(const schema::Table& table);

/// The registry's number in lamin_closure, up to date; nullopt if it is not stored (a read-only database, too many
/// pairs).
std::optional<std::int64_t> closure_of(Database& database, const schema::Table& table);
/// Brings it up to the parents table, by whoever that was written: what a few changed links concern, or all of it.
/// Joins the transaction it is called in. nullopt for too many pairs. `foreseen` spares computing what it holds, if the
/// links became those.
std::optional<std::int64_t> refresh_closure(Database& database, const schema::Table& table,
                                            const std::shared_future<Foreseen>& foreseen = {});
/// Whether the closure is rebuilt after this many new links rather than caught up, so that computing it ahead pays off.
bool are_many(std::size_t new_links);

/// All (child, parent) of a registry.
std::vector<Edge> read_edges(Database& database, const schema::Relation& parents);

}  // namespace lamin::lake
