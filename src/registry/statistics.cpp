#include "registry/statistics.hpp"
#include "base/log.hpp"
#include "db/sql.hpp"

#include <algorithm>
#include <array>

#include "lamin/error.hpp"
#include "registry/path.hpp"
#include "registry/scope.hpp"

namespace lamin::registry {
namespace {

constexpr std::int64_t growth = 10;           // factor by which plans tolerate growth
constexpr std::int64_t enough_rows = 10'000;  // with fewer any plan is quick

/// Estimated number of rows: the highest id, less the gaps.
std::int64_t rows_about(db::Connection& c, const schema::Table& table) {
  const std::string id = db::quote(table.columns[0].column), from = " FROM " + db::quote(table.table);
  const auto highest = db::integer_of(c, "SELECT max(" + id + ")" + from);
  if (highest < enough_rows) return highest;
  constexpr std::int64_t places = 8, at_each = 200;
  std::int64_t found = 0;
  for (std::int64_t i = 0; i < places; ++i) {
    const auto first = highest / places * i;
    const std::array<Value, 2> range{Value(first), Value(first + at_each)};
    found += db::integer_of(c, "SELECT count(*)" + from + " WHERE " + id + " > ? AND " + id + " <= ?", range);
  }
  return highest / (places * at_each) * found;
}

}  // namespace

void refresh_statistics(db::Connection& connection, const schema::Table& table) {
  if (connection.dialect() != db::Dialect::sqlite) return;
  connection.script("PRAGMA analysis_limit = 400; ANALYZE " + db::quote(table.table));
}

void Statistics::mend(db::Connection& connection, const schema::Table& table, const Shape& shape) {
  if (connection.dialect() != db::Dialect::sqlite || connection.in_transaction()) return;
  if (!read_) {
    read_ = true;
    if (!connection.table_exists("sqlite_stat1")) return;
    auto rows = connection.query("SELECT tbl, max(CAST(stat AS integer)) FROM sqlite_stat1 GROUP BY tbl");
    while (rows->next()) rows_.emplace(rows->text(0), rows->integer(1));
  }
  if (rows_.empty()) return;
  mend(connection, table);
  for (const auto* leaf : shape.leaves) {
    for (const auto* relation : follow(table, leaf->path).relations) {
      mend(connection, *relation->to);
      if (relation->through != nullptr) mend(connection, *relation->through);
    }
  }
}

void Statistics::mend(db::Connection& connection, const schema::Table& table) {
  if (!seen_.insert(&table).second) return;
  const auto known = rows_.find(table.table.view());
  if (known == rows_.end()) return;
  try {
    if (rows_about(connection, table) < std::max(enough_rows, growth * known->second) || !connection.try_begin())
      return;
    try {
      refresh_statistics(connection, table);
      connection.commit();
    } catch (...) {
      connection.rollback();
      throw;
    }
  } catch (const Error& error) {  // a database that cannot be written is read as it is
    base::log(Level::debug, "No new statistics of " + table.table.str() + ": " + error.what());
  }
}

}  // namespace lamin::registry
