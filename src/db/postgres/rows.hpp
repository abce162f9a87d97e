// rows.hpp -- the rows of a statement: all at once, or one by one as they arrive.
#pragma once
#include <deque>
#include "db/connection.hpp"
#include "db/postgres/session.hpp"

namespace lamin::db::postgres {

class PgRows final : public Rows {
 public:
  /// A statement that has been started.
  PgRows(Session& session, std::string_view sql) : session_(session), sql_(sql) {}
  /// A statement that has succeeded.
  PgRows(Session& session, std::string_view sql, Result whole)
      : session_(session), sql_(sql), on_wire_(false), whole_(true), row_(-1), current_(std::move(whole)) {}
  PgRows(const PgRows&) = delete;
  /// Discards what was not read. A cancel request would be quicker for very many rows, but may hit the next statement
  /// or end the transaction.
  ~PgRows() override;

  bool next() override;
  bool is_null(int column) const override { return PQgetisnull(current_.get(), row_, column) == 1; }
  std::int64_t integer(int column) const override;
  double real(int column) const override;
  std::string_view text(int column) const override;
  Value value(int column, Type type) const override;

  /// Takes the first row, so that a failure surfaces where the statement was started. Returns the failed result, or
  /// null.
  Result take_first();
  /// Reads the rest into memory: another statement needs the connection.
  void detach();

 private:
  Result receive();
  Oid oid(int column) const { return PQftype(current_.get(), column); }
  bool in_bytes(int column) const { return PQfformat(current_.get(), column) == 1; }
  std::string_view sent(int column) const;
  const char* name(int column) const { return PQfname(current_.get(), column); }

  Session& session_;
  std::string sql_;
  bool on_wire_ = true;
  bool whole_ = false;
  int row_ = 0;  ///< of the current result, which has several rows only if it is whole
  Result current_;
  std::deque<Result> waiting_;
  mutable std::deque<std::string> spelled_;  ///< numbers of this row that were requested as text
};

}  // namespace lamin::db::postgres
