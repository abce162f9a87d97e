// scan.cpp -- statements over one table.
#include "registry/scan.hpp"
#include <array>
#include "db/connection.hpp"
#include "db/sql.hpp"
#include "registry/scope.hpp"

namespace lamin::registry {
namespace {

std::string condition(const ScanOptions::Where& where) {
  using Op = ScanOptions::Where::Op;
  // The plus keeps SQLite from using an index.
  const std::string column = (where.by_index ? "" : "+") + db::quote(where.column->column);
  switch (where.op) {
    case Op::above: return column + " > ?";
    case Op::is_null: return column + " IS NULL";
    case Op::either: return column + " IN (?, ?)";
    default: return column + " = ?";
  }
}

}  // namespace

Scan::Scan(const schema::Table& table, const ScanOptions& options) : sql_("SELECT ") {
  const auto add = [&](const schema::Column& column, bool first) {
    sql_ += (first ? "" : ", ") + db::quote(column.column);
  };
  for (std::size_t i = 0; i < options.columns.size(); ++i) add(*options.columns[i], i == 0);
  if (options.columns.empty()) {
    for (const schema::Column& column : table.columns) add(column, column.position == 0);
  }
  sql_ += " FROM " + db::quote(table.table);
  for (std::size_t i = 0; i < options.where.size(); ++i) {
    sql_ += (i == 0 ? " WHERE " : " AND ") + condition(options.where[i]);
  }
  for (std::size_t i = 0; i < options.order.size(); ++i) {
    sql_ += (i == 0 ? " ORDER BY " : ", ") + db::quote(options.order[i].column->column);
    if (options.order[i].descending) sql_ += " DESC";
  }
  if (options.limit > 0) sql_ += " LIMIT " + std::to_string(options.limit);
}

std::unique_ptr<db::Rows> Scan::rows(Database& database, std::span<const Value> parameters) const {
  return database.connection().query(sql_, parameters);
}

std::unique_ptr<db::Rows> Scan::stream(Database& database) const { return database.connection().stream(sql_, {}); }

Extent extent_of(Database& database, const schema::Table& table) {
  const auto id = db::quote(table.columns[0].column);
  auto rows =
      database.connection().query("SELECT COUNT(*), COALESCE(MAX(" + id + "), 0) FROM " + db::quote(table.table));
  rows->next();
  return {rows->integer(0), rows->integer(1)};
}

PairsState pairs_state(Database& database, const schema::Relation& relation) {
  const auto id = db::quote(relation.through->columns[0].column);
  const auto from = "CAST(" + db::quote(relation.from_column->column) + " AS bigint)";
  const auto to = "CAST(" + db::quote(relation.to_column->column) + " AS bigint)";
  // The product tells pairs from the same ids paired otherwise; the remainder keeps the sum far from its limit.
  auto rows = database.connection().query("SELECT COUNT(*), COALESCE(MAX(" + id + "), 0), CAST(COALESCE(SUM((" + from +
                                          " * " + to + ") % 1000003 + " + from + " * 7 + " + to +
                                          "), 0) AS bigint) FROM " + db::quote(relation.through->table));
  rows->next();
  const auto last = static_cast<std::uint64_t>(rows->integer(1)), sum = static_cast<std::uint64_t>(rows->integer(2));
  return {rows->integer(0), static_cast<std::int64_t>((last << 32U) ^ sum)};
}

std::int64_t last_id(Database& database, const schema::Table& table) {
  return db::integer_of(database.connection(),
                        "SELECT MAX(" + db::quote(table.columns[0].column) + ") FROM " + db::quote(table.table));
}

std::int64_t rows_above(Database& database, const schema::Table& table, std::int64_t id) {
  const std::array<Value, 1> parameters{Value(id)};
  return db::integer_of(
      database.connection(),
      "SELECT COUNT(*) FROM " + db::quote(table.table) + " WHERE " + db::quote(table.columns[0].column) + " > ?",
      parameters);
}

}  // namespace lamin::registry
