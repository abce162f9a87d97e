// sqlite_bulk.cpp -- many rows into one table.
//
// Rows go in by statements of several rows, which saves SQLite the overhead per statement (AUTOINCREMENT reads and
// writes sqlite_sequence once per statement). Their ids follow without asking: new ids grow, so if n rows end at the
// last id + n, they are consecutive. If one of the rows breaks a rule, they are inserted one by one. Inside a savepoint
// this is done from the start: each statement that may have to be undone separately would walk through all pages that
// the savepoint keeps, so many such statements take quadratic time.
#include <fmt/format.h>
#include <algorithm>
#include <optional>
#include "db/sql.hpp"
#include "db/sqlite.hpp"

namespace lamin::db::sqlite {
namespace {

constexpr std::size_t most_parameters = 1000;  // per statement
// Each failure costs the rows of a statement twice; after this many, conflicts are common and the rest is inserted one
// by one.
constexpr int most_failures = 8;

std::string statement_sql(std::string_view table, std::span<const std::string_view> columns, std::size_t rows,
                          bool ignore_conflicts) {
  std::string sql = insert_sql(table, columns, rows);
  if (ignore_conflicts) sql += " ON CONFLICT DO NOTHING";
  return sql;
}

class Batch {
 public:
  Batch(StatementCache& statements, std::string_view table, std::span<const std::string_view> columns,
        std::span<const Value> values, bool ignore_conflicts, bool has_id, bool in_savepoint)
      : statements_(statements),
        database_(statements.database()),
        table_(table),
        columns_(columns),
        values_(values),
        width_(columns.size()),
        rows_(values.size() / width_),
        several_(in_savepoint ? 1 : std::max<std::size_t>(1, most_parameters / width_)),
        has_id_(has_id),
        ignore_conflicts_(ignore_conflicts),
        ids_(rows_, 0),
        single_(statements.take(statement_sql(table, columns, 1, ignore_conflicts))) {
    const auto id = std::find(columns.begin(), columns.end(), "id");
    if (id != columns.end()) id_column_ = static_cast<std::size_t>(id - columns.begin());
    if (several_ > 1 && rows_ > several_ && !asks_for_some_ids()) {
      multi_.emplace_back(statements.take(statement_sql(table, columns, several_, ignore_conflicts)));
    }
  }

  std::vector<std::int64_t> run() {
    for (std::size_t row = 0; row < rows_;) {
      // The id of a single first row tells where the others start.
      const bool ready = !multi_.empty() && (!has_id_ || last_id_ != 0) && row + several_ <= rows_;
      if (ready && insert_several(row)) {
        row += several_;
        continue;
      }
      const std::size_t end = ready ? row + several_ : row + 1;
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

  // False if the rows must be inserted one by one; none of them has been inserted then.
  bool insert_several(std::size_t row) {
    const Statement& statement = multi_.front();
    statement.bind(values_of(row, several_), true);
    if (ignore_conflicts_) statements_.take("SAVEPOINT lamin_bulk").run();
    bool whole = true;
    try {
      statement.run();
      whole = sqlite3_changes64(database_) == static_cast<std::int64_t>(several_);
    } catch (const Retry&) { throw; } catch (const Error& error) {
      // Only if a row is at fault is it worth finding out which; not for a lost disk. The statement is undone.
      if (error.code() != Code::conflict && error.code() != Code::validation && error.code() != Code::protected_row) {
        throw;
      }
      statement.reset();
      whole = false;
    }
    if (ignore_conflicts_) {
      if (!whole) statements_.take("ROLLBACK TO lamin_bulk").run();
      statements_.take("RELEASE lamin_bulk").run();
    }
    if (whole) {
      keep_ids(row);
    } else if (++failures_ == most_failures) {
      multi_.clear();
    }
    return whole;
  }

  void keep_ids(std::size_t row) {
    if (!has_id_) return;
    const std::int64_t last = sqlite3_last_insert_rowid(database_);
    if (id_column_) {
      for (std::size_t i = row; i < row + several_; ++i) ids_[i] = values_[i * width_ + *id_column_].integer_or(0);
    } else if (last == last_id_ + static_cast<std::int64_t>(several_)) {
      for (std::size_t i = 0; i < several_; ++i) ids_[row + i] = last_id_ + 1 + static_cast<std::int64_t>(i);
    } else {
      read_ids(row);
    }
    last_id_ = last;
  }

  // A gap: the rows are those after the last one, in their order.
  void read_ids(std::size_t row) {
    const Statement statement =
        statements_.take(fmt::format("SELECT id FROM {} WHERE id > ? ORDER BY id LIMIT {}", quote(table_), several_));
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
  bool ignore_conflicts_;
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
    std::vector<std::int64_t> ids =
        Batch(*statements_, table, columns, values, ignore_conflicts, has_id(table), savepoints_ > 0).run();
    if (own) commit();
    return ids;
  } catch (...) {
    if (own) rollback();
    throw;
  }
}

}  // namespace lamin::db::sqlite
