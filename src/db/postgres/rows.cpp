#include "db/postgres/rows.hpp"

namespace lamin::db::postgres {

// The next result that holds a row, or a failed one, or null at the end.
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
  spelled_.clear();
  if (whole_) return ++row_ < PQntuples(current_.get());
  if (!waiting_.empty()) {
    current_ = std::move(waiting_.front());
    waiting_.pop_front();
  } else {
    current_ = receive();
  }
  if (!current_) return false;
  if (PQresultStatus(current_.get()) != PGRES_SINGLE_TUPLE) {
    try {
      fail(current_.get(), session_.connection(), session_.where(), sql_);
    } catch (const Lost& lost) {  // rows were already handed out
      throw Error(lost.code(), std::string(lost.what()) + " It is to be read again.");
    }
  }
  return true;
}

std::string_view PgRows::sent(int column) const {
  return {PQgetvalue(current_.get(), row_, column),
          static_cast<std::size_t>(PQgetlength(current_.get(), row_, column))};
}

std::string_view PgRows::text(int column) const {
  if (!in_bytes(column) || is_null(column)) return sent(column);
  if (!is_number(oid(column))) return text_of(sent(column), oid(column), name(column));
  return spelled_.emplace_back(spell(sent(column), oid(column), name(column)));
}

std::int64_t PgRows::integer(int column) const {
  if (is_null(column)) return 0;
  return in_bytes(column) ? integer_of(sent(column), oid(column), name(column))
                          : decode_integer(sent(column), oid(column), name(column));
}

double PgRows::real(int column) const {
  if (is_null(column)) return 0;
  return in_bytes(column) ? real_of(sent(column), oid(column), name(column)) : decode_real(sent(column), name(column));
}

Value PgRows::value(int column, Type type) const {
  if (is_null(column)) return {};
  return in_bytes(column) ? value_of(sent(column), oid(column), type, name(column))
                          : decode(sent(column), oid(column), type, name(column));
}

}  // namespace lamin::db::postgres
