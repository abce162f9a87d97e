#include "lake/feature/held.hpp"

#include "db/connection.hpp"
#include "lake/feature/links.hpp"

namespace lamin::lake {

std::vector<Held> tables_of_labels(const schema::Table& host) {
  std::vector<Held> held;
  for (const schema::Relation* relation : label_relations(host)) {
    held.push_back({relation->through->table.str(), relation->from_column->column.str(), "\"feature_id\" @",
                    "\"" + relation->to_column->column.str() + "\" @"});
  }
  return held;
}

std::optional<Held> table_of_documents(const schema::Table& host) {
  if (host.name == "Record") return Held{"lamindb_recordjson", "record_id", "\"feature_id\" @", "\"id\" @"};
  const schema::Relation* json = host.find_relation("json_values");
  if (json == nullptr) return std::nullopt;
  return Held{json->through->table.str(), json->from_column->column.str(),
              "\"jsonvalue_id\" IN (SELECT \"id\" FROM \"lamindb_jsonvalue\" WHERE \"feature_id\" @)",
              "\"jsonvalue_id\" @"};
}

std::int64_t erase_held(Instance& instance, const Record& host, const Held& held,
                        const std::vector<Among>& conditions) {
  std::vector<Value> parameters{Value(host.id())};
  std::string sql = "DELETE FROM \"" + held.table + "\" WHERE \"" + held.host + "\" = ?";
  for (const Among& among : conditions) {
    std::string list = among.negated ? "NOT IN (" : "IN (";
    for (std::size_t i = 0; i < among.ids.size(); ++i) list += i == 0 ? "?" : ",?";
    list += ")";
    if (among.ids.empty()) list = among.negated ? "IS NOT NULL" : "IS NULL";
    const std::size_t at = among.condition.find('@');
    sql += " AND " + among.condition.substr(0, at) + list + among.condition.substr(at + 1);
    parameters.insert(parameters.end(), among.ids.begin(), among.ids.end());
  }
  return instance.database().connection().execute(sql, parameters);
}

std::int64_t erase_values(Instance& instance, const Record& host, const std::vector<std::int64_t>& features,
                          bool negated) {
  std::int64_t erased = 0;
  auto all = tables_of_labels(host.table());
  if (auto documents = table_of_documents(host.table())) all.push_back(std::move(*documents));
  for (const Held& held : all) erased += erase_held(instance, host, held, {{held.feature, features, negated}});
  return erased;
}

}  // namespace lamin::lake
