#include "db/postgres/rows.hpp"

namespace lamin::db::postgres {

// The next result that holds a row, a failed one, or null at the end.
Result PgRows::receive() {
  while (on_wire_) {
    Result result(PQgetResult(session_.connection()));
    if (!result) {
      on_wire_ = false;
      session_.finished(*this);
      return nullptr;
    }
    switch (PQresultStatus(result.get())) {
      case PGRES_SINGLE_TUPLE: return result;
      case PGRES_TUPLES_OK:
      case PGRES_COMMAND_OK: continue;
      default:
        while (Result rest{PQgetResult(session_.connection())}) {}
        on_wire_ = false;
        session_.finished(*this);
        return result;
    }
  }
  return nullptr;
}

Result PgRows::take_first() {
  Result first = receive();
  if (first && PQresultStatus(first.get()) != PGRES_SINGLE_TUPLE) return first;
  if (first) waiting_.push_back(std::move(first));
  return nullptr;
}

void PgRows::detach() {
  while (Result row = receive()) waiting_.push_back(std::move(row));
}

PgRows::~PgRows() {
  while (receive()) {}
}

bool PgRows::next() {
  if (whole_) return ++row_ < PQntuples(current_.get());
  if (!waiting_.empty()) {
    current_ = std::move(waiting_.front());
    waiting_.pop_front();
  } else {
    current_ = receive();
  }
  if (!current_) return false;
  if (PQresultStatus(current_.get()) != PGRES_SINGLE_TUPLE) {
    fail(current_.get(), session_.connection(), session_.where(), sql_);
  }
  return true;
}

std::string_view PgRows::text(int column) const {
  return {PQgetvalue(current_.get(), row_, column),
          static_cast<std::size_t>(PQgetlength(current_.get(), row_, column))};
}

std::int64_t PgRows::integer(int column) const {
  return is_null(column) ? 0 : decode_integer(text(column), oid(column), name(column));
}

double PgRows::real(int column) const { return is_null(column) ? 0 : decode_real(text(column), name(column)); }

Value PgRows::value(int column, Type type) const {
  return is_null(column) ? Value() : decode(text(column), oid(column), type, name(column));
}

}  // namespace lamin::db::postgres
