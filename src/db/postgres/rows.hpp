// rows.hpp -- rows that come over the wire one by one.
#pragma once
#include <deque>
#include "db/connection.hpp"
#include "db/postgres/session.hpp"

namespace lamin::db::postgres {

class PgRows final : public Rows {
 public:
  PgRows(Session& session, std::string_view sql) : session_(session), sql_(sql) {}
  PgRows(const PgRows&) = delete;
  /// What was not read is thrown away. A cancel request would be quicker for very many rows, but may hit the next
  /// statement or end the transaction.
  ~PgRows() override;

  bool next() override;
  bool is_null(int column) const override { return PQgetisnull(current_.get(), 0, column) == 1; }
  std::int64_t integer(int column) const override;
  double real(int column) const override;
  std::string_view text(int column) const override;
  Value value(int column, Type type) const override;

  /// Takes the first row, so that a failure comes up where the statement was started. The failed result, or null.
  Result take_first();
  /// Reads the rest into memory: another statement needs the wire.
  void detach();

 private:
  Result receive();
  Oid oid(int column) const { return PQftype(current_.get(), column); }
  const char* name(int column) const { return PQfname(current_.get(), column); }

  Session& session_;
  std::string sql_;
  bool on_wire_ = true;
  Result current_;
  std::deque<Result> waiting_;
};

}  // namespace lamin::db::postgres
