// statistics.hpp -- what SQLite believes of its tables (sqlite_stat1), by which it chooses how to read them.
//
// SQLite looks at a table only when it is told to. Without statistics it takes any index for a good one; with those of
// the fifty rows that a registry had last year it reads a million rows to find twenty by their ids. PostgreSQL sees to
// its own.
#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "db/connection.hpp"
#include "registry/statement.hpp"

namespace lamin::registry {

/// Looks at some rows of each index of a table, which takes milliseconds.
void refresh_statistics(db::Connection& connection, const schema::Table& table);

/// Finds and mends statistics of tables that have grown since, whoever wrote.
class Statistics {
 public:
  /// The tables that a query of this shape reads, each once. Not within a transaction, and not if somebody else writes.
  void mend(db::Connection& connection, const schema::Table& table, const Shape& shape);

 private:
  void mend(db::Connection& connection, const schema::Table& table);

  bool read_ = false;
  std::map<std::string, std::int64_t, std::less<>> rows_;  ///< of a table when it was looked at
  std::set<const schema::Table*> seen_;
};

}  // namespace lamin::registry
