// statistics.hpp -- SQLite's table statistics (sqlite_stat1), by which it chooses how to read tables.
//
// SQLite analyzes a table only on request. Without statistics it thinks any index a good one; with those of the fifty
// rows that a registry had last year it reads a million rows to find twenty by their ids. PostgreSQL maintains its own.
#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "db/connection.hpp"
#include "registry/statement.hpp"

namespace lamin::registry {

/// Samples each index of a table, which takes milliseconds.
void refresh_statistics(db::Connection& connection, const schema::Table& table);

/// Finds and refreshes outdated statistics of tables that have grown, whoever wrote.
class Statistics {
 public:
  /// Checks the tables that a query of this shape reads, each only once. Not within a transaction, and not if somebody
  /// else writes.
  void mend(db::Connection& connection, const schema::Table& table, const Shape& shape);

 private:
  void mend(db::Connection& connection, const schema::Table& table);

  bool read_ = false;
  std::map<std::string, std::int64_t, std::less<>> rows_;  ///< number of rows when the table was last checked
  std::set<const schema::Table*> seen_;
};

}  // namespace lamin::registry
