#include "lake/rows/linked.hpp"

#include <map>

namespace lamin::lake {

std::vector<Record> linked_in_order(Database& database, const Record& record, const schema::Relation& relation) {
  const std::string paths[] = {relation.to_column->column.str()};
  const Query links{.registry = relation.through->table.str(),
                    .where = Expr::compare(relation.from_column->column.str(), Op::exact, Value(record.id())),
                    .order_by = {"id"},
                    .any_branch = true};
  const auto ids = std::move(database.columns(links, paths)[0]);
  std::vector<Record> linked;
  if (ids.empty()) return linked;
  std::map<std::int64_t, Record> by_id;
  Query query{.registry = relation.to->qualified.str(), .where = Expr::in("id", ids), .any_branch = true};
  for (Record& row : database.all(query)) by_id.emplace(row.id(), std::move(row));
  for (const Value& id : ids) {
    if (auto found = by_id.find(id.integer_or(0)); found != by_id.end()) linked.push_back(std::move(found->second));
  }
  return linked;
}

}  // namespace lamin::lake
