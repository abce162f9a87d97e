// tables.hpp -- bulk insert, and what it must know of a table, asked once.
#pragma once
#include <map>
#include <string>
#include <vector>
#include "db/postgres/session.hpp"

namespace lamin::db::postgres {

struct Table {
  struct Column {
    std::string type;  ///< without length: "character varying"
    Oid oid = 0;
  };
  std::map<std::string, Column, std::less<>> columns;
  std::string id_sequence;  ///< empty if the caller supplies the ids

  bool has_id() const { return columns.contains("id"); }
};

class Tables {
 public:
  explicit Tables(Session& session) : session_(session) {}

  /// Throws internal if there is none.
  const Table& find(std::string_view name);
  /// After the tables have changed.
  void forget() { tables_.clear(); }

  /// Rows are row-major. Returns the ids in their order, 0 for a row that was skipped. Runs in the caller's
  /// transaction.
  std::vector<std::int64_t> insert(std::string_view table, std::span<const std::string_view> columns,
                                   std::span<const Value> values, bool ignore_conflicts);

 private:
  std::vector<std::int64_t> reserve_ids(const Table& table, std::size_t count);

  Session& session_;
  std::map<std::string, Table, std::less<>> tables_;
};

}  // namespace lamin::db::postgres
