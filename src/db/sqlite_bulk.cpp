// sqlite_bulk.cpp -- many rows into one table.
//
// Rows go in by statements of several rows, which saves SQLite the overhead per statement (AUTOINCREMENT reads and
// writes sqlite_sequence once per statement). Their ids follow without asking: new ids grow, so if n rows end at the
// last id + n, they are consecutive. A row that breaks a rule stops its statement (OR FAIL), the rows before it stay,
// and those from it on are inserted one by one. If SQLite had to undo such a statement, it would first copy each page
// that the statement changes, and in a savepoint walk through all that it keeps.
#include <fmt/format.h>
#include <algorithm>
#include <optional>
#include "db/sql.hpp"
#include "db/sqlite.hpp"

namespace lamin::db::sqlite {
namespace {

constexpr std::size_t most_parameters = 1000;  // per statement
// After this many, conflicts are common and the rest is inserted one by one.
constexpr int most_failures = 8;

std::string several_sql(std::string_view table, std::span<const std::string_view> columns, std::size_t rows) {
  constexpr std::string_view insert = "INSERT";
  std::string sql = insert_sql(table, columns, rows);
  return sql.insert(insert.size(), " OR FAIL");
}

std::string one_sql(std::string_view table, std::span<const std::string_view> columns, bool ignore_conflicts) {
  return insert_sql(table, columns) + (ignore_conflicts ? " ON CONFLICT DO NOTHING" : "");
}

class Batch {
 public:
  Batch(StatementCache& statements, std::string_view table, std::span<const std::string_view> columns,
        std::span<const Value> values, bool ignore_conflicts, bool has_id)
      : statements_(statements),
        database_(statements.database()),
        table_(table),
        columns_(columns),
        values_(values),
        width_(columns.size()),
        rows_(values.size() / width_),
        several_(std::max<std::size_t>(1, most_parameters / width_)),
        has_id_(has_id),
        ids_(rows_, 0),
        single_(statements.take(one_sql(table, columns, ignore_conflicts))) {
    const auto id = std::find(columns.begin(), columns.end(), "id");
    if (id != columns.end()) id_column_ = static_cast<std::size_t>(id - columns.begin());
    if (several_ > 1 && rows_ > several_ && !asks_for_some_ids() && !has_triggers()) {
      multi_.emplace_back(statements.take(several_sql(table, columns, several_)));
    }
  }

  std::vector<std::int64_t> run() {
    for (std::size_t row = 0; row < rows_;) {
      // The id of a single first row tells where the others start.
      const bool ready = !multi_.empty() && (!has_id_ || last_id_ != 0) && row + several_ <= rows_;
      const std::size_t end = row + (ready ? several_ : 1);
      if (ready) row += insert_several(row);
      for (; row < end; ++row) insert_one(row);
    }
    return std::move(ids_);
  }

 private:
  std::span<const Value> values_of(std::size_t row, std::size_t count) const {
    return values_.subspan(row * width_, count * width_);
  }

  // Some ids are given and some are null: only SQLite knows those.
  bool asks_for_some_ids() const {
    for (std::size_t row = 0; id_column_ && row < rows_; ++row) {
      if (values_[row * width_ + *id_column_].is_null()) return true;
    }
    return false;
  }

  // A trigger may leave out a row in silence, and of several nobody could say which.
  bool has_triggers() const {
    const Statement statement =
        statements_.take("SELECT 1 FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ? COLLATE NOCASE");
    const Value name(table_);
    statement.bind_one(1, name, true);
    return statement.step();
  }

  void insert_one(std::size_t row) {
    const auto values = values_of(row, 1);
    single_.bind(values, true);
    const auto before = sqlite3_total_changes64(database_);
    try {
      single_.run();
    } catch (const Retry&) { throw; } catch (const Error& error) {
      throw with_values(error, columns_, values);
    }
    if (!has_id_ || sqlite3_total_changes64(database_) == before) return;
    last_id_ = ids_[row] = sqlite3_last_insert_rowid(database_);
  }

  // How many were inserted: those before the first that breaks a rule.
  std::size_t insert_several(std::size_t row) {
    const Statement& statement = multi_.front();
    statement.bind(values_of(row, several_), true);
    bool whole = true;
    try {
      statement.run();
    } catch (const Retry&) { throw; } catch (const Error& error) {
      // Only if a row is at fault is it worth finding out which; not for a lost disk.
      if (error.code() != Code::conflict && error.code() != Code::validation && error.code() != Code::protected_row) {
        throw;
      }
      statement.reset();
      whole = false;
    }
    const auto inserted = static_cast<std::size_t>(sqlite3_changes64(database_));
    keep_ids(row, inserted);
    if (!whole && ++failures_ == most_failures) multi_.clear();
    return inserted;
  }

  void keep_ids(std::size_t row, std::size_t count) {
    if (!has_id_ || count == 0) return;
    const std::int64_t last = sqlite3_last_insert_rowid(database_);
    if (id_column_) {
      for (std::size_t i = row; i < row + count; ++i) ids_[i] = values_[i * width_ + *id_column_].integer_or(0);
    } else if (last == last_id_ + static_cast<std::int64_t>(count)) {
      for (std::size_t i = 0; i < count; ++i) ids_[row + i] = last_id_ + 1 + static_cast<std::int64_t>(i);
    } else {
      read_ids(row, count);
    }
    last_id_ = last;
  }

  // A gap: the rows are those after the last one, in their order.
  void read_ids(std::size_t row, std::size_t count) {
    const Statement statement =
        statements_.take(fmt::format("SELECT id FROM {} WHERE id > ? ORDER BY id LIMIT {}", quote(table_), count));
    statement.bind_one(1, Value(last_id_), true);
    while (statement.step()) ids_[row++] = sqlite3_column_int64(statement.handle(), 0);
  }

  StatementCache& statements_;
  sqlite3* database_;
  std::string_view table_;
  std::span<const std::string_view> columns_;
  std::span<const Value> values_;
  std::size_t width_;
  std::size_t rows_;
  std::size_t several_;
  bool has_id_;
  std::optional<std::size_t> id_column_;
  std::int64_t last_id_ = 0;
  int failures_ = 0;
  std::vector<std::int64_t> ids_;
  Statement single_;
  std::vector<Statement> multi_;  // empty or one
};

}  // namespace

std::vector<std::int64_t> Sqlite::bulk_insert(std::string_view table, std::span<const std::string_view> columns,
                                              std::span<const Value> values, bool ignore_conflicts) {
  if (columns.empty() || values.size() % columns.size() != 0) {
    throw Error(Code::internal,
                fmt::format("{} values do not make rows of {} columns for {}.", values.size(), columns.size(), table));
  }
  if (values.empty()) return {};
  refuse_to_write(table);
  const bool own = !in_transaction();
  if (own) begin(true);
  try {
    std::vector<std::int64_t> ids = Batch(*statements_, table, columns, values, ignore_conflicts, has_id(table)).run();
    if (own) commit();
    return ids;
  } catch (...) {
    if (own) rollback();
    throw;
  }
}

}  // namespace lamin::db::sqlite
