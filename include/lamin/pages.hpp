// pages.hpp -- the rows of a query, page by page, and their related rows.
//
// For programs that go through more rows than fit in memory, and for loops that read related rows: a loop over a
// million records holds one page of them, and the relations of a page are read together. They throw what a Database
// throws.
//
// Example: examples/cpp/pages.cpp
#pragma once
#include <array>
#include <span>
#include <unordered_map>
#include <vector>
#include "lamin/database.hpp"

namespace lamin {

/// Rows in the query's order. For a query without limit and offset that is ordered by nothing or by id, only one page
/// is in memory; for any other also the ids of all rows, which are read first. No statement stays open between pages: a
/// row deleted before its page is read is left out, and other statements of the program are not blocked.
class Pages {
 public:
  /// `db` must outlive it. Throws invalid_argument if `size` is not positive.
  Pages(Database& db, Query query, std::int64_t size = 2000);
  /// The next rows; empty at the end.
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

/// The rows that some rows of one table are related to, each once.
struct RelatedRows {
  std::vector<Record> rows;  ///< by id
  /// Positions in `rows`, in their order, by the id of the row that the relation starts from.
  std::unordered_map<std::int64_t, std::vector<std::size_t>> of;
};

/// With two statements, regardless of the number of `ids`.
RelatedRows related_rows(Database& db, const schema::Relation& relation, std::span<const std::int64_t> ids);

/// Changes whenever a table that the relation leads through is written to, as far as can be known: on Postgres only
/// writes of this Database are.
std::array<std::int64_t, 3> writes_along(Database& db, const schema::Relation& relation);

/// The rows of a table with these ids, ordered by id; missing ones are left out.
std::vector<Record> rows_by_id(Database& db, const schema::Table& table, std::span<const std::int64_t> ids);

}  // namespace lamin
