#include "registry/bulk_load.hpp"
#include <array>
#include <string>
#include <utility>
#include <vector>
#include "db/connection.hpp"

namespace lamin::registry {

void without_indexes(Database& database, const schema::Table& table, const std::function<void()>& load) {
  auto& connection = database.connection();
  if (connection.dialect() != db::Dialect::sqlite) return load();
  std::vector<std::pair<std::string, std::string>> indexes;  // name, statement
  {
    const std::array<Value, 1> name{Value(table.table.view())};
    auto rows = connection.query(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL "
        "AND sql NOT LIKE 'CREATE UNIQUE%'",
        name);
    while (rows->next()) indexes.emplace_back(rows->text(0), rows->text(1));
  }
  for (const auto& [name, statement] : indexes) connection.script("DROP INDEX \"" + name + "\"");
  load();
  for (const auto& [name, statement] : indexes) connection.script(statement);
}

}  // namespace lamin::registry
