// scan.hpp -- a few columns of one table, as fast as the database gives them.
//
// For indexes that are built in memory, and for look-ups so frequent that a Query's records would cost more than the
// statement. Nothing is hidden: branches, trash and types are conditions like any other. Everything else takes a Query.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>
#include "lamin/database.hpp"

namespace lamin::db {
class Rows;
}

namespace lamin::registry {

struct ScanOptions {
  std::vector<const schema::Column*> columns = {};  ///< empty: all, in order
  /// Conditions that all hold; each parameter of `rows` belongs to the next of them.
  struct Where {
    const schema::Column* column = nullptr;
    enum class Op { equal, above, is_null, either } op = Op::equal;  ///< is_null takes no parameter, either takes two
    bool by_index = true;  ///< false where nearly all rows are equal, so that an index on the column would mislead
  };
  std::vector<Where> where = {};
  struct Order {
    const schema::Column* column = nullptr;
    bool descending = false;
  };
  std::vector<Order> order = {};
  int limit = 0;  ///< 0 = all
};

/// A statement, made once for a table.
class Scan {
 public:
  Scan(const schema::Table& table, const ScanOptions& options);
  std::unique_ptr<db::Rows> rows(Database& database, std::span<const Value> parameters = {}) const;
  /// The same, in memory that does not grow with the number of rows.
  std::unique_ptr<db::Rows> stream(Database& database) const;

 private:
  std::string sql_;
};

/// What tells whether rows were added or deleted at the end.
struct Extent {
  std::int64_t rows = 0, last_id = 0;
  bool operator==(const Extent&) const = default;
};
Extent extent_of(Database& database, const schema::Table& table);
/// What tells whether the pairs of a relation were changed in any way: also by an UPDATE in place.
struct PairsState {
  std::int64_t rows = 0;
  std::int64_t stamp = 0;  ///< of the highest id and of both ends of every pair
  bool operator==(const PairsState&) const = default;
};
PairsState pairs_state(Database& database, const schema::Relation& relation);
/// The highest id; 0 if there are no rows.
std::int64_t last_id(Database& database, const schema::Table& table);
/// How many rows have an id above this one.
std::int64_t rows_above(Database& database, const schema::Table& table, std::int64_t id);

}  // namespace lamin::registry
