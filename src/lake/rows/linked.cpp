#include "lake/rows/linked.hpp"

#include <array>
#include <map>

#include "db/connection.hpp"

namespace lamin::lake {

std::vector<Record> linked_in_order(Database& database, const Record& record, const schema::Relation& relation) {
  std::vector<Value> ids;
  {
    const std::array<Value, 1> parameters{Value(record.id())};
    auto rows = database.connection().query("SELECT \"" + relation.to_column->column.str() + "\" FROM \"" +
                                                relation.through->table.str() + "\" WHERE \"" +
                                                relation.from_column->column.str() + "\" = ? ORDER BY \"id\"",
                                            parameters);
    while (rows->next()) ids.emplace_back(rows->integer(0));
  }
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
