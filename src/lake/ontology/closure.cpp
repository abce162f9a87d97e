#include "lake/ontology/closure.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <unordered_map>

#include "db/connection.hpp"
#include "lake/rows/freshness.hpp"
#include "lamin/error.hpp"
#include "registry/scan.hpp"

namespace lamin::lake {
namespace {

struct State {
  std::int64_t edges = 0, last_edge = 0;
  bool operator==(const State&) const = default;
};

/// The state of links that have too many pairs.
State not_stored(const State& state) { return {-1 - state.edges, state.last_edge}; }

State state_of(Database& database, const schema::Relation& parents) {
  const auto extent = registry::extent_of(database, *parents.through);
  return {extent.rows, extent.last_id};
}

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

void insert_pairs(db::Connection& connection, std::int64_t registry, const std::vector<Pair>& pairs) {
  constexpr std::size_t rows_a_statement = 500;
  const auto statement = [](std::size_t rows) {
    std::string sql = R"(INSERT INTO "lamin_closure" ("registry", "ancestor", "descendant", "distance") VALUES )";
    for (std::size_t i = 0; i < rows; ++i) sql += i ? ",(?,?,?,?)" : "(?,?,?,?)";
    return sql;
  };
  const std::string full = statement(rows_a_statement);
  std::vector<Value> values;
  for (std::size_t begin = 0; begin < pairs.size(); begin += rows_a_statement) {
    const std::size_t end = std::min(pairs.size(), begin + rows_a_statement);
    values.clear();
    for (std::size_t i = begin; i < end; ++i) {
      values.emplace_back(registry);
      values.emplace_back(pairs[i].ancestor);
      values.emplace_back(pairs[i].descendant);
      values.emplace_back(static_cast<std::int64_t>(pairs[i].distance));
    }
    connection.execute(end - begin == rows_a_statement ? full : statement(end - begin), values);
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

std::optional<std::vector<Pair>> transitive_closure(const std::vector<Edge>& edges) {
  const Graph graph = graph_of(edges);
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

std::vector<std::int64_t> find_cycle(const std::vector<Edge>& edges) {
  const Graph graph = graph_of(edges);
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

std::optional<std::int64_t> rebuild_closure(Database& database, const schema::Table& table) {
  const schema::Relation* parents = parents_relation(table);
  if (!parents) throw Error(Code::invalid_argument, table.qualified.str() + " has no hierarchy");
  db::Connection& connection = database.connection();
  std::int64_t registry = 0;
  bool is_stored = true;
  database.transaction([&] {
    State now = state_of(database, *parents);
    const auto pairs = transitive_closure(read_edges(database, *parents));
    is_stored = pairs.has_value();
    if (!is_stored) now = not_stored(now);
    const auto stored = stored_state(connection, table);
    if (stored) {
      registry = stored->registry;
      const std::array<Value, 3> state{Value(now.edges), Value(now.last_edge), Value(registry)};
      connection.execute(R"(UPDATE "lamin_closure_state" SET "edges" = ?, "last_edge" = ? WHERE "id" = ?)", state);
      const std::array<Value, 1> which{Value(registry)};
      connection.execute(R"(DELETE FROM "lamin_closure" WHERE "registry" = ?)", which);
    } else {
      constexpr std::array<std::string_view, 3> columns{"registry", "edges", "last_edge"};
      const std::array<Value, 3> row{Value(table.qualified.view()), Value(now.edges), Value(now.last_edge)};
      registry = connection.insert("lamin_closure_state", columns, row);
    }
    if (is_stored) insert_pairs(connection, registry, *pairs);
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
  const State state = state_of(database, *parents);
  if (stored && stored->state == state) {
    registry = stored->registry;
  } else if (database.read_only()) {
    return {};
  } else if (!stored || stored->state != not_stored(state)) {
    try {
      registry = rebuild_closure(database, table);
    } catch (const Error& error) {
      if (error.code() == Code::no_access) return {};
      throw;
    }
  }
  checked[&table] = {freshness(database, *parents->through), registry};
  return registry;
}

}  // namespace lamin::lake
