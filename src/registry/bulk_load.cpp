#include "registry/bulk_load.hpp"
#include <algorithm>
#include <array>
#include <string>
#include <vector>
#include "db/connection.hpp"

namespace lamin::registry {

namespace {

struct Index {
  std::string name, statement;
};

std::vector<Index> indexes_of(db::Connection& connection, const schema::Table& table) {
  std::vector<Index> all;
  const std::array<Value, 1> name{Value(table.table.view())};
  auto rows = connection.query(
      "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL "
      "AND sql NOT LIKE 'CREATE UNIQUE%'",
      name);
  while (rows->next()) all.push_back({std::string(rows->text(0)), std::string(rows->text(1))});
  return all;
}

void drop(db::Connection& connection, const Index& index) { connection.script("DROP INDEX \"" + index.name + "\""); }

}  // namespace

void without_indexes(Database& database, const schema::Table& table, const std::function<void()>& load) {
  auto& connection = database.connection();
  if (connection.dialect() != db::Dialect::sqlite) return load();
  const auto indexes = indexes_of(connection, table);
  for (const auto& index : indexes) drop(connection, index);
  load();
  for (const auto& index : indexes) connection.script(index.statement);
}

void keep_indexes(Database& database, const schema::Table& table, std::span<const std::string_view> columns) {
  auto& connection = database.connection();
  if (connection.dialect() != db::Dialect::sqlite) return;
  for (const auto& index : indexes_of(connection, table)) {
    const bool kept = std::ranges::any_of(columns, [&](std::string_view column) {
      return index.statement.find("(\"" + std::string(column) + "\"") != std::string::npos;
    });
    if (!kept) drop(connection, index);
  }
}

}  // namespace lamin::registry
