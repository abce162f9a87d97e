#include "lake/ontology/closure.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <string>
#include <tuple>

#include "db/connection.hpp"
#include "lake/rows/freshness.hpp"
#include "lamin/error.hpp"
#include "registry/scan.hpp"
#include "registry/writes.hpp"

namespace lamin::lake {
namespace {

using State = registry::PairsState;

/// The state of links that have too many pairs.
State not_stored(const State& state) { return {-1 - state.rows, state.stamp}; }

struct Stored {
  std::int64_t registry = 0;
  State state;
};
std::optional<Stored> stored_state(db::Connection& connection, const schema::Table& table) {
  const std::array<Value, 1> parameters{Value(table.qualified.view())};
  auto rows = connection.query(R"(SELECT "id", "edges", "last_edge" FROM "lamin_closure_state" WHERE "registry" = ?)",
                               parameters);
  if (!rows->next()) return {};
  return Stored{rows->integer(0), {rows->integer(1), rows->integer(2)}};
}

/// What was found up to date, and when, so that the next call need not count the links again.
struct Checked {
  std::map<const schema::Table*, std::pair<Freshness, std::optional<std::int64_t>>> registries;
};

void insert_pairs(db::Connection& connection, std::int64_t registry, std::span<const Pair> pairs) {
  constexpr std::array<std::string_view, 4> columns{"registry", "ancestor", "descendant", "distance"};
  constexpr std::size_t at_once = 20'000;
  std::vector<Value> values;
  values.reserve(columns.size() * std::min(at_once, pairs.size()));
  for (; !pairs.empty(); pairs = pairs.subspan(std::min(at_once, pairs.size()))) {
    values.clear();
    for (const Pair& pair : pairs.first(std::min(at_once, pairs.size()))) {
      for (const std::int64_t value : {registry, pair.ancestor, pair.descendant, std::int64_t{pair.distance}})
        values.emplace_back(value);
    }
    connection.bulk_insert("lamin_closure", columns, values, false);
  }
}

}  // namespace

const schema::Relation* parents_relation(const schema::Table& table) {
  const schema::Relation* relation = table.find_relation("parents");
  const bool links = relation && relation->shape == schema::Relation::Shape::many_to_many && relation->to == &table;
  return links ? relation : nullptr;
}

std::vector<Edge> read_edges(Database& database, const schema::Relation& parents) {
  std::vector<Edge> edges;
  auto rows = registry::Scan(*parents.through, {.columns = {parents.from_column, parents.to_column}}).rows(database);
  while (rows->next()) edges.emplace_back(rows->integer(0), rows->integer(1));
  return edges;
}

namespace {

constexpr std::size_t most_changes = 2000;   // more at once are an import
constexpr std::size_t most_ancestors = 400;  // more above one link are no ontology, or a chain that must not be stored

std::vector<Pair> stored_below(db::Connection& connection, std::int64_t registry,
                               const std::vector<std::int64_t>& ancestors) {
  std::vector<Pair> pairs;
  for (const auto ancestor : ancestors) {
    const std::array<Value, 2> parameters{Value(registry), Value(ancestor)};
    auto rows = connection.query(R"(SELECT "descendant", "distance" FROM "lamin_closure" WHERE "registry" = ? AND )"
                                 R"("ancestor" = ? ORDER BY "descendant")",
                                 parameters);
    while (rows->next()) pairs.push_back({ancestor, rows->integer(0), static_cast<std::int32_t>(rows->integer(1))});
  }
  return pairs;
}

/// The links that the stored pairs were made of.
std::vector<Edge> stored_edges(db::Connection& connection, std::int64_t registry) {
  std::vector<Edge> edges;
  const std::array<Value, 1> which{Value(registry)};
  auto rows = connection.query(
      R"(SELECT "descendant", "ancestor" FROM "lamin_closure" WHERE "registry" = ? AND "distance" = 1)", which);
  while (rows->next()) edges.emplace_back(rows->integer(0), rows->integer(1));
  return edges;
}

/// Writes what differs below the terms that a few changed links concern; false if that is not worth it.
bool caught_up(db::Connection& connection, std::int64_t registry, const std::vector<Edge>& edges) {
  const auto changes = changes_between(stored_edges(connection, registry), edges);
  if (changes.added.size() + changes.removed.size() > most_changes) return false;
  const auto ancestors = affected_ancestors(edges, changes);
  if (ancestors.size() > most_ancestors) return false;
  const auto before = stored_below(connection, registry, ancestors), now = pairs_below(edges, ancestors);
  const auto less = [](const Pair& a, const Pair& b) {
    return std::tie(a.ancestor, a.descendant, a.distance) < std::tie(b.ancestor, b.descendant, b.distance);
  };
  std::vector<Pair> gone, fresh;
  std::set_difference(before.begin(), before.end(), now.begin(), now.end(), std::back_inserter(gone), less);
  std::set_difference(now.begin(), now.end(), before.begin(), before.end(), std::back_inserter(fresh), less);
  for (const auto& pair : gone) {
    const std::array<Value, 3> which{Value(registry), Value(pair.ancestor), Value(pair.descendant)};
    connection.execute(R"(DELETE FROM "lamin_closure" WHERE "registry" = ? AND "ancestor" = ? AND "descendant" = ?)",
                       which);
  }
  insert_pairs(connection, registry, fresh);
  return true;
}

/// All pairs anew. False for too many.
bool rebuilt(db::Connection& connection, std::int64_t registry, std::vector<Edge> edges,
             const std::shared_future<Foreseen>& foreseen) {
  const std::array<Value, 1> which{Value(registry)};
  connection.execute(R"(DELETE FROM "lamin_closure" WHERE "registry" = ?)", which);
  std::ranges::sort(edges);
  const bool as_foreseen = foreseen.valid() && foreseen.get().edges == edges;
  std::optional<std::vector<Pair>> computed;
  if (!as_foreseen) computed = transitive_closure(edges);
  const auto& pairs = as_foreseen ? foreseen.get().pairs : computed;
  if (pairs) insert_pairs(connection, registry, *pairs);
  return pairs.has_value();
}

}  // namespace

bool are_many(std::size_t new_links) { return new_links > most_changes; }

std::optional<std::int64_t> refresh_closure(Database& database, const schema::Table& table,
                                            const std::shared_future<Foreseen>& foreseen) {
  const schema::Relation* parents = parents_relation(table);
  if (!parents) throw Error(Code::invalid_argument, table.qualified.str() + " has no hierarchy");
  db::Connection& connection = database.connection();
  std::int64_t registry = 0;
  bool is_stored = true;
  registry::in_one_transaction(database, [&] {
    State now = registry::pairs_state(database, *parents);
    const auto edges = read_edges(database, *parents);
    const auto stored = stored_state(connection, table);
    if (stored) {
      registry = stored->registry;
    } else {
      constexpr std::array<std::string_view, 3> columns{"registry", "edges", "last_edge"};
      const std::array<Value, 3> row{Value(table.qualified.view()), Value(now.rows), Value(now.stamp)};
      registry = connection.insert("lamin_closure_state", columns, row);
    }
    const bool was_stored = stored && stored->state.rows >= 0;
    is_stored =
        (was_stored && caught_up(connection, registry, edges)) || rebuilt(connection, registry, edges, foreseen);
    if (!is_stored) now = not_stored(now);
    const std::array<Value, 3> state{Value(now.rows), Value(now.stamp), Value(registry)};
    connection.execute(R"(UPDATE "lamin_closure_state" SET "edges" = ?, "last_edge" = ? WHERE "id" = ?)", state);
  });
  if (!is_stored) return {};
  return registry;
}

std::optional<std::int64_t> closure_of(Database& database, const schema::Table& table) {
  const schema::Relation* parents = parents_relation(table);
  if (!parents) throw Error(Code::invalid_argument, table.qualified.str() + " has no hierarchy");
  auto& slot = database.attachment("lake.closure");
  if (!slot) slot = std::make_shared<Checked>();
  auto& checked = static_cast<Checked*>(slot.get())->registries;
  const Freshness now = freshness(database, *parents->through);
  const auto known = checked.find(&table);
  if (now.known && known != checked.end() && known->second.first == now) return known->second.second;
  db::Connection& connection = database.connection();
  if (!connection.table_exists("lamin_closure")) return {};
  const auto stored = stored_state(connection, table);
  std::optional<std::int64_t> registry;
  const State state = registry::pairs_state(database, *parents);
  if (stored && stored->state == state) {
    registry = stored->registry;
  } else if (database.read_only()) {
    return {};
  } else if (!stored || stored->state != not_stored(state)) {
    try {
      // Whoever only asks goes on without it: nothing of it may stay.
      database.transaction([&] { registry = refresh_closure(database, table); });
    } catch (const Error& error) {
      if (error.code() == Code::no_access) return {};
      throw;
    }
  }
  checked[&table] = {now, registry};  // as it was before the links were looked at
  return registry;
}

}  // namespace lamin::lake
