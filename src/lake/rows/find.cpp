// find.cpp -- which row is meant if several are found.
#include "lamin/find.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <unordered_set>
#include "lake/rows/version.hpp"

namespace lamin {
namespace {

std::vector<Record> at_most_two(Database& database, Query query) {
  if (query.limit < 0 || query.limit > 2) query.limit = 2;
  return database.all(query);
}

bool names_field(const Expr& expr, std::string_view field) {
  if (expr.node == Expr::Node::compare) {
    return expr.path == field || (expr.path.starts_with(field) && expr.path.substr(field.size()).starts_with("__"));
  }
  return std::ranges::any_of(expr.children, [&](const Expr& child) { return names_field(child, field); });
}

}  // namespace

std::vector<Record> meant_rows(Database& database, const Query& query) {
  auto rows = at_most_two(database, query);
  if (rows.size() < 2 || !rows.front().table().has(schema::Trait::versioned)) return rows;
  Query of_latest = query;
  of_latest.where = Expr::all_of({query.where, Expr::compare("is_latest", Op::exact, Value(true))});
  if (auto latest = at_most_two(database, of_latest); !latest.empty()) return latest;
  rows.clear();
  if (auto newest = lake::newest(database, query)) rows.push_back(std::move(*newest));
  return rows;
}

Record get(Instance& instance, const Query& query) {
  auto rows = meant_rows(instance.database(), query);
  const auto name = instance.catalog().table(query.registry).name.view();
  if (rows.empty()) {
    throw Error(Code::not_found, fmt::format("there is no {} where {}", name, to_string(query.where)));
  }
  if (rows.size() > 1) {
    throw Error(Code::multiple_found, fmt::format("several {} records are found where {}: {} and {} among them", name,
                                                  to_string(query.where), rows[0].uid(), rows[1].uid()));
  }
  return std::move(rows.front());
}

Query versions_of(const Record& record) {
  if (!record.table().has(schema::Trait::versioned)) {
    throw Error(Code::invalid_argument, fmt::format("a {} has no versions", record.table().name.view()));
  }
  return {.registry = record.table().qualified.str(),
          .where = Expr::compare("uid", Op::startswith, Value(lake::stem_of(record)))};
}

std::vector<Record> versions(Instance& instance, const Record& record) {
  auto rows = instance.database().all(versions_of(record));
  lake::newest_first(rows);
  return rows;
}

std::vector<std::int64_t> members_of_type(Instance& instance, const Record& type, int depth) {
  std::vector<std::int64_t> found;
  std::unordered_set<std::int64_t> seen;
  std::vector<Value> level{Value(type.id())};
  for (; !level.empty() && depth != 0; --depth) {
    const std::string path[] = {"id"};
    const auto ids = instance.database().columns(
        {.registry = type.table().qualified.str(), .where = Expr::in("type", std::move(level)), .order_by = {"id"}},
        path);
    level.clear();
    for (const auto& id : ids.at(0)) {
      if (!seen.insert(id.integer_or(0)).second) continue;
      found.push_back(id.integer_or(0));
      level.push_back(id);
    }
  }
  return found;
}

Query listed(const schema::Catalog& catalog, Query query) {
  if (catalog.table(query.registry).qualified != "Artifact" || names_field(query.where, "kind")) return query;
  const auto own = Expr::compare("kind", Op::startswith, Value("__lamindb"));
  query.where = Expr::all_of({std::move(query.where), Expr::none_of({own})});
  return query;
}

std::optional<Record> readme(Instance& instance, const Record& record) {
  const auto blocks = std::ranges::find_if(record.table().relations, [](const schema::Relation& relation) {
    return relation.name == "ablocks" && relation.shape == schema::Relation::Shape::to_many;
  });
  if (blocks == record.table().relations.end() || !record.saved()) return std::nullopt;
  auto query = instance.database().related(record, *blocks);
  query.where = Expr::all_of({std::move(query.where), Expr::compare("kind", Op::exact, Value("readme")),
                              Expr::compare("is_latest", Op::exact, Value(true))});
  query.order_by = {"-id"};
  return instance.database().first(query);
}

}  // namespace lamin
