// Above and below a term.
#include <algorithm>
#include <array>
#include <unordered_set>

#include "base/text.hpp"
#include "db/connection.hpp"
#include "lake/label/value_index.hpp"
#include "lake/ontology/closure.hpp"
#include "lake/ontology/term_called.hpp"
#include "lamin/error.hpp"
#include "lamin/label.hpp"
#include "lamin/ontology.hpp"

namespace lamin {
namespace {

constexpr std::size_t ids_a_query = 10'000;

std::vector<Record> visible_records(Instance& instance, const schema::Table& table,
                                    const std::vector<std::int64_t>& ids) {
  std::vector<Record> records;
  const auto [branch, main] = lake::visible_branches(instance.database());
  for (std::size_t begin = 0; begin < ids.size(); begin += ids_a_query) {
    const auto from = ids.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto to = ids.begin() + static_cast<std::ptrdiff_t>(std::min(ids.size(), begin + ids_a_query));
    Query query{
        .registry = table.qualified.str(), .where = Expr::in("id", std::vector<Value>(from, to)), .order_by = {"id"}};
    for (Record& record : instance.database().all(query)) {
      const schema::Column* column = table.find_column("branch");
      const std::int64_t on = column ? record[column->position].integer_or(main) : main;
      if (on == branch || on == main) records.push_back(std::move(record));
    }
  }
  return records;
}

/// Follows the links, one query per level: up from a few terms, or down if nothing can be stored.
std::vector<std::int64_t> walk(Database& database, const schema::Relation& parents, std::span<const std::int64_t> start,
                               bool up) {
  const schema::Column* from = up ? parents.from_column : parents.to_column;
  const schema::Column* to = up ? parents.to_column : parents.from_column;
  const std::array<std::string, 1> wanted{to->name.str()};
  std::unordered_set<std::int64_t> seen(start.begin(), start.end());
  std::vector<std::int64_t> reached, level(seen.begin(), seen.end());
  while (!level.empty()) {
    std::vector<std::int64_t> next;
    for (std::size_t begin = 0; begin < level.size(); begin += ids_a_query) {
      const auto first = level.begin() + static_cast<std::ptrdiff_t>(begin);
      const auto last = level.begin() + static_cast<std::ptrdiff_t>(std::min(level.size(), begin + ids_a_query));
      const Query links{.registry = parents.through->table.str(),
                        .where = Expr::in(from->name.str(), std::vector<Value>(first, last)),
                        .any_branch = true};
      const auto found = database.columns(links, wanted);
      for (const auto& value : found.front()) {
        if (seen.insert(value.integer_or(0)).second) next.push_back(value.integer_or(0));
      }
    }
    reached.insert(reached.end(), next.begin(), next.end());
    level = std::move(next);
  }
  std::sort(reached.begin(), reached.end());
  return reached;
}

const schema::Relation& hierarchy(const schema::Table& table) {
  const schema::Relation* parents = lake::parents_relation(table);
  if (!parents) throw Error(Code::invalid_argument, table.qualified.str() + " has no parents and children");
  return *parents;
}

const schema::Table& relation_of(const schema::Table& table, std::string_view name) {
  if (const schema::Relation* relation = table.find_relation(name)) return *relation->to;
  throw Error(Code::unknown_field, "'" + std::string(name) + "' is no relation of " + table.qualified.str() +
                                       "; did you mean " + table.nearest(name) + "?");
}

}  // namespace

std::vector<std::int64_t> descendant_ids(Instance& instance, const schema::Table& table,
                                         std::span<const std::int64_t> terms) {
  Database& database = instance.database();
  const schema::Relation& parents = hierarchy(table);
  const auto registry = lake::closure_of(database, table);
  if (!registry) return walk(database, parents, terms, false);
  std::vector<std::int64_t> ids;
  for (std::int64_t term : terms) {
    const std::array<Value, 2> parameters{Value(*registry), Value(term)};
    auto rows = database.connection().query(
        R"(SELECT "descendant" FROM "lamin_closure" WHERE "registry" = ? AND "ancestor" = ?)", parameters);
    while (rows->next()) ids.push_back(rows->integer(0));
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  std::erase_if(ids, [&](std::int64_t id) { return std::find(terms.begin(), terms.end(), id) != terms.end(); });
  return ids;
}

std::vector<std::int64_t> ancestor_ids(Instance& instance, const schema::Table& table,
                                       std::span<const std::int64_t> terms) {
  return walk(instance.database(), hierarchy(table), terms, true);
}

std::vector<Record> descendants(Instance& instance, const Record& term) {
  const std::array<std::int64_t, 1> terms{term.id()};
  return visible_records(instance, term.table(), descendant_ids(instance, term.table(), terms));
}

std::vector<Record> ancestors(Instance& instance, const Record& term) {
  const std::array<std::int64_t, 1> terms{term.id()};
  return visible_records(instance, term.table(), ancestor_ids(instance, term.table(), terms));
}

Expr labelled_with_any(Instance& instance, const schema::Table& table, std::string_view relation, const Record& term) {
  const schema::Table& target = relation_of(table, relation);
  if (&term.table() != &target || !term.saved()) {
    throw Error(Code::invalid_argument, "'" + std::string(relation) + "' of " + table.qualified.str() + " leads to a " +
                                            target.qualified.str() + " that is saved, not to " + named(term));
  }
  const std::array<std::int64_t, 1> terms{term.id()};
  std::vector<Value> ids{terms[0]};
  for (const std::int64_t below : descendant_ids(instance, target, terms)) ids.emplace_back(below);
  return Expr::in(std::string(relation) + ".id", std::move(ids));
}

Expr labelled_with_any(Instance& instance, const schema::Table& table, std::string_view relation,
                       std::string_view term) {
  const schema::Table& target = relation_of(table, relation);
  if (const auto record = find_by_name(instance, target, term)) {
    return labelled_with_any(instance, table, relation, *record);
  }
  throw Error(Code::not_found, "there is no " + target.qualified.str() + " named '" + std::string(term) + "'" +
                                   lake::nearest_terms(instance, target, term, ": register it first"));
}

}  // namespace lamin
