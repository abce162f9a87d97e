#include "db/sqlite_rows.hpp"
#include <fmt/format.h>
#include <cmath>
#include "base/time.hpp"

namespace lamin::db::sqlite {

SqliteRows::SqliteRows(Statement statement)
    : statement_(std::move(statement)),
      handle_(statement_.handle()),
      width_(static_cast<std::size_t>(sqlite3_column_count(handle_))) {
  if (sqlite3_stmt_readonly(handle_) != 0) {
    if (statement_.step()) {
      state_ = State::first;
    } else {
      statement_.reset();
    }
    return;
  }
  while (statement_.step()) {
    for (std::size_t i = 0; i < width_; ++i) {
      kept_.emplace_back(sqlite3_value_dup(sqlite3_column_value(handle_, static_cast<int>(i))));
    }
  }
  statement_.reset();
  state_ = State::kept;
}

bool SqliteRows::next() {
  switch (state_) {
    case State::first: state_ = State::reading; return true;
    case State::reading:
      if (statement_.step()) return true;
      // At once, not when the rows are destroyed: an open statement holds a snapshot and its locks.
      statement_.reset();
      state_ = State::done;
      return false;
    case State::kept: at_ += width_; return at_ <= kept_.size() && width_ > 0;
    case State::done: break;
  }
  return false;
}

sqlite3_value* SqliteRows::cell(int column) const {
  if (state_ == State::kept) return kept_[at_ - width_ + static_cast<std::size_t>(column)].get();
  return sqlite3_column_value(handle_, column);
}

void SqliteRows::wrong(int column, std::string_view expected) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_value_text(cell(column)));
  throw Error(Code::corrupt,
              fmt::format("The column {} holds '{}', which is no {}. It was written by another program; "
                          "correct the row.",
                          sqlite3_column_name(handle_, column), bytes != nullptr ? bytes : "", expected));
}

bool SqliteRows::is_null(int column) const { return sqlite3_value_type(cell(column)) == SQLITE_NULL; }

std::int64_t SqliteRows::integer(int column) const {
  sqlite3_value* value = cell(column);
  const int type = sqlite3_value_type(value);
  if (type == SQLITE_INTEGER) return sqlite3_value_int64(value);
  if (type == SQLITE_NULL) return 0;
  if (type == SQLITE_FLOAT) {
    const double real = sqlite3_value_double(value);
    if (real == std::floor(real) && std::abs(real) < 9e18) return static_cast<std::int64_t>(real);
  }
  wrong(column, "integer");
}

double SqliteRows::real(int column) const {
  sqlite3_value* value = cell(column);
  const int type = sqlite3_value_type(value);
  if (type == SQLITE_TEXT || type == SQLITE_BLOB) wrong(column, "number");
  return sqlite3_value_double(value);
}

std::string_view SqliteRows::text(int column) const {
  sqlite3_value* value = cell(column);
  // The pointer first: fetching it may convert the value, which changes the size.
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_value_text(value));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

Value SqliteRows::value(int column, Type type) const {
  if (is_null(column)) return {};
  switch (type) {
    case Type::boolean: return integer(column) != 0;
    case Type::integer:
    case Type::duration: return integer(column);
    case Type::real: return real(column);
    case Type::text: return std::string(text(column));
    case Type::json: return Json{std::string(text(column))};
    case Type::time:
      if (const auto time = base::parse_time(text(column))) return Time{time->micros};
      wrong(column, "point in time");
    case Type::date:
      if (auto date = base::parse_date(text(column))) return *date;
      wrong(column, "date");
  }
  return {};
}

}  // namespace lamin::db::sqlite
