#include "registry/bulk_load.hpp"
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>
#include "base/log.hpp"
#include "db/connection.hpp"
#include "lamin/error.hpp"

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

/// SQLite changes neither setting inside a transaction.
class Unchecked {
 public:
  explicit Unchecked(db::Connection& connection) : connection_(connection) {
    connection_.script("PRAGMA foreign_keys = OFF; PRAGMA cache_size = -262144");  // KiB
  }
  ~Unchecked() {
    try {
      connection_.script("PRAGMA foreign_keys = ON; PRAGMA cache_size = -32000");
    } catch (const Error& error) {
      base::log(base::Level::warning, error.what());  // the database is gone: its next user opens it anew
    }
  }
  Unchecked(const Unchecked&) = delete;

 private:
  db::Connection& connection_;
};

}  // namespace

void load_in_bulk(Database& database, const std::function<void()>& load) {
  auto& connection = database.connection();
  std::optional<Unchecked> unchecked;
  if (connection.dialect() == db::Dialect::sqlite && !connection.in_transaction()) unchecked.emplace(connection);
  database.transaction(load);
}

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
