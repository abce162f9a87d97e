// pages.hpp -- the rows of a query, some at a time, and what they are related to.
//
// For programs that go through more rows than they want in memory, and for loops that read related rows: a loop over a
// million records holds one page of them, and a page's relations are read together.
// They hold no statement open: each page is asked for when it comes. What a Database throws, they throw.
//
// Example: examples/cpp/pages.cpp
#pragma once
#include <array>
#include <span>
#include <unordered_map>
#include <vector>
#include "lamin/database.hpp"

namespace lamin {

/// Rows in the query's order. Of a query without order, limit and offset only one page is in memory; of any other also
/// the ids of all rows, which are read first. No statement stays open in between: a row that is deleted before its page
/// comes is left out, and whatever else the program asks meanwhile is not held up.
class Pages {
 public:
  /// `db` must outlive it. Throws invalid_argument if `size` is not positive.
  Pages(Database& db, Query query, std::int64_t size = 2000);
  /// The next rows; none at the end.
  std::vector<Record> next();

 private:
  std::vector<Record> after_last();

  Database& db_;
  Query query_;
  std::int64_t size_;
  bool by_id_ = false;
  std::int64_t last_ = 0;  ///< by_id_: the id of the last row
  bool started_ = false, over_ = false;
  std::vector<std::int64_t> ids_;  ///< else
  std::size_t at_ = 0;
};

/// What some rows of one table are related to, each related row once.
struct RelatedRows {
  std::vector<Record> rows;  ///< by id
  /// Positions in `rows`, in their order, by the id of the row that the relation starts from.
  std::unordered_map<std::int64_t, std::vector<std::size_t>> of;
};

/// By two statements, however many `ids`.
RelatedRows related_rows(Database& db, const schema::Relation& relation, std::span<const std::int64_t> ids);

/// Changes whenever somebody has written to the tables that a relation leads through, as far as can be told: on
/// Postgres only writes of this Database are known.
std::array<std::int64_t, 3> writes_along(Database& db, const schema::Relation& relation);

/// The rows of a table with these ids, by id; those that are not there are left out.
std::vector<Record> rows_by_id(Database& db, const schema::Table& table, std::span<const std::int64_t> ids);

}  // namespace lamin
