// links.cpp -- pairs of a many_to_many relation.
#include <algorithm>
#include <unordered_set>

#include "db/connection.hpp"
#include "db/sql.hpp"
#include "lamin/error.hpp"
#include "registry/engine.hpp"
#include "registry/scope.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace {

using schema::Column;
using schema::Relation;
using schema::Table;

void need_pairs(const Record& record, const Relation& relation) {
  if (relation.shape != Relation::Shape::many_to_many)
    throw Error(Code::invalid_argument, "'" + relation.name.str() + "' of " + relation.from->name.str() +
                                            " is no list of links: set the reference on the other record and save it.");
  if (!record.saved())
    throw Error(Code::invalid_argument,
                "Save " + to_string(record) + " before linking '" + relation.name.str() + "' to it.");
}

/// Further columns that distinguish pairs of the same two rows, such as the feature: those that a unique rule of the
/// pairs names besides the two ends.
std::vector<const Column*> distinguishing(const Relation& relation) {
  std::vector<const Column*> out;
  for (const auto& rule : relation.through->rules) {
    const auto has = [&](const Column* end) {
      return std::any_of(rule.unique.begin(), rule.unique.end(),
                         [&](const Text& name) { return relation.through->find_column(name) == end; });
    };
    if (!has(relation.from_column) || !has(relation.to_column)) continue;
    for (const auto& name : rule.unique) {
      const auto* column = relation.through->find_column(name);
      if (column != relation.from_column && column != relation.to_column &&
          std::find(out.begin(), out.end(), column) == out.end())
        out.push_back(column);
    }
  }
  return out;
}

Expr of_pairs(const Record& record, const Relation& relation, std::span<const std::int64_t> ids) {
  std::vector<Value> to(ids.begin(), ids.end());
  return Expr::all_of({Expr::compare(relation.from_column->name.str(), Op::exact, Value(record.id())),
                       Expr::in(relation.to_column->name.str(), std::move(to))});
}

}  // namespace

Query Database::related(const Record& record, const Relation& given) const {
  const Relation& relation = engine_->own(given);
  Query query{.registry = relation.to->table.str(), .any_branch = true};
  const Value id(record.id());
  switch (relation.shape) {
    case Relation::Shape::to_one:
      query.where = Expr::compare("id", Op::exact, record[relation.from_column->position]);
      return query;
    case Relation::Shape::to_many:
      query.where = Expr::compare(relation.to_column->name.str(), Op::exact, id);
      return query;
    case Relation::Shape::many_to_many: break;
  }
  for (const auto& back : relation.to->relations)
    if (back.through == relation.through && back.from_column == relation.to_column &&
        back.to_column == relation.from_column) {
      query.where = Expr::compare(back.name.str(), Op::exact, id);
      return query;
    }
  // The other side does not name its way back: the pairs are read now, not when the query is run.
  const auto pairs = connection_->query("SELECT " + db::quote(relation.to_column->column) + " FROM " +
                                            db::quote(relation.through->table) + " WHERE " +
                                            db::quote(relation.from_column->column) + " = ?",
                                        {&id, 1});
  std::vector<Value> ids;
  while (pairs->next()) ids.emplace_back(pairs->integer(0));
  query.where = Expr::in("id", std::move(ids));
  return query;
}

std::int64_t Database::link(const Record& record, const Relation& given, std::span<const std::int64_t> ids,
                            const std::map<std::string, Value>& extra) {
  const Relation& relation = engine_->own(given);
  need_pairs(record, relation);
  if (ids.empty()) return 0;
  const Table& through = *relation.through;
  Record pair(through);
  pair.set(relation.from_column->position, Value(record.id()));
  for (const auto& [name, value] : extra) pair.set(name, value);
  Query there{.registry = through.table.str(), .where = of_pairs(record, relation, ids), .any_branch = true};
  for (const auto* column : distinguishing(relation))
    there.where.children.push_back(Expr::compare(column->name.str(), Op::exact, pair[column->position]));
  const std::string to = relation.to_column->name.str();
  std::int64_t added = 0;
  transaction([&] {
    std::unordered_set<std::int64_t> known;
    const auto pairs = columns(there, {&to, 1});
    for (const auto& value : pairs[0]) known.insert(value.integer_or(0));
    std::vector<Record> fresh;
    for (const auto id : ids) {
      if (!known.insert(id).second) continue;
      fresh.push_back(pair);
      fresh.back().set(relation.to_column->position, Value(id));
    }
    // Another connection may add the same pair meanwhile; a pair that any other row stands against is refused.
    registry::Writes(*this).insert(fresh, {.ignore_conflicts = true, .undoes = false});
    added = 0;
    for (const Record& one : fresh) {
      if (one.saved()) ++added;
      else engine_->refuse_other(*this, one, relation);
    }
  });
  return added;
}

std::int64_t Database::unlink(const Record& record, const Relation& given, std::span<const std::int64_t> ids) {
  const Relation& relation = engine_->own(given);
  need_pairs(record, relation);
  if (ids.empty()) return 0;
  const Table& through = *relation.through;
  const Query pairs{.registry = through.table.str(), .where = of_pairs(record, relation, ids), .any_branch = true};
  std::int64_t removed = 0;
  transaction([&] {
    removed = 0;
    for (const auto& pair : all(pairs)) {
      const auto counts = remove(pair);
      if (const auto it = counts.find(through.table.str()); it != counts.end()) removed += it->second;
    }
  });
  return removed;
}

std::int64_t Database::add_pairs(const Relation& given, std::span<const std::pair<std::int64_t, std::int64_t>> pairs) {
  const Relation& relation = engine_->own(given);
  if (pairs.empty()) return 0;
  const std::string_view names[] = {relation.from_column->column, relation.to_column->column};
  std::vector<Value> values;
  values.reserve(2 * pairs.size());
  for (const auto& [from, to] : pairs) values.insert(values.end(), {Value(from), Value(to)});
  std::int64_t added = 0;
  registry::in_one_transaction(*this, [&] {
    added = 0;
    const auto ids = connection_->bulk_insert(relation.through->table, names, values, true);
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (ids[i] == 0) continue;
      ++added;
      if (!journal_) continue;
      Record pair(*relation.through);
      pair.set(0, Value(ids[i]));
      pair.set(relation.from_column->position, values[2 * i]);
      pair.set(relation.to_column->position, values[2 * i + 1]);
      note(*relation.through, nullptr, &pair);
    }
    engine_->of(*relation.through).writes += added;
  });
  return added;
}

}  // namespace lamin
