#include "registry/bulk_load.hpp"
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>
#include "base/log.hpp"
#include "base/text.hpp"
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

std::size_t occurrences(std::string_view text, std::string_view of) {
  std::size_t n = 0;
  for (auto at = text.find(of); at != text.npos; at = text.find(of, at + of.size())) ++n;
  return n;
}

/// Whether the table has no CHECK but that its JSON is JSON, which a record's values are.
bool checks_only_json(db::Connection& connection, const schema::Table& table) {
  const std::array<Value, 1> name{Value(table.table.view())};
  auto rows = connection.query("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?", name);
  const std::string sql(rows->next() ? base::lower(rows->text(0)) : "check");
  return occurrences(sql, "check") == occurrences(sql, "check ((json_valid(");
}

/// SQLite changes no such setting inside a transaction. A CHECK with a function makes it copy each page that a
/// statement is about to change, for the case that it must be undone.
class Unchecked {
 public:
  Unchecked(db::Connection& connection, bool ignore_checks) : connection_(connection) {
    connection_.script(std::string("PRAGMA foreign_keys = OFF; PRAGMA cache_size = -262144") +  // KiB
                       (ignore_checks ? "; PRAGMA ignore_check_constraints = ON" : ""));
  }
  ~Unchecked() {
    try {
      connection_.script("PRAGMA foreign_keys = ON; PRAGMA ignore_check_constraints = OFF; PRAGMA cache_size = -32000");
    } catch (const Error& error) {
      base::log(base::Level::warning, error.what());  // the database is gone: its next user opens it anew
    }
  }
  Unchecked(const Unchecked&) = delete;

 private:
  db::Connection& connection_;
};

}  // namespace

void load_in_bulk(Database& database, const schema::Table& table, const std::function<void()>& load) {
  auto& connection = database.connection();
  std::optional<Unchecked> unchecked;
  if (connection.dialect() == db::Dialect::sqlite && !connection.in_transaction())
    unchecked.emplace(connection, checks_only_json(connection, table));
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
