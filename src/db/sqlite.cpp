#include "db/sqlite.hpp"
#include <fmt/format.h>
#include <chrono>
#include <utility>
#include <vector>
#include "base/text.hpp"
#include "db/sql.hpp"
#include "db/sqlite_rows.hpp"

namespace lamin::db::sqlite {

void Sqlite::run(std::string_view sql) { statements_->take(sql).run(); }

std::unique_ptr<Rows> Sqlite::query(std::string_view sql, std::span<const Value> parameters) {
  return reading([&]() -> std::unique_ptr<Rows> {
    Statement statement = statements_->take(sql);
    statement.bind(parameters, false);
    return std::make_unique<SqliteRows>(std::move(statement));
  });
}

std::int64_t Sqlite::execute(std::string_view sql, std::span<const Value> parameters) {
  return writing([&] { return execute_now(sql, parameters); });
}

std::int64_t Sqlite::execute_now(std::string_view sql, std::span<const Value> parameters) {
  const Statement statement = statements_->take(sql);
  statement.bind(parameters, true);
  const auto before = sqlite3_total_changes64(database_.get());
  try {
    statement.run();
  } catch (const Error& error) {
    if (error.code() == Code::no_access) refuse_to_write();  // says more than SQLite's message
    throw;
  }
  // SQLite keeps the count of the last INSERT, UPDATE or DELETE, whatever ran after it.
  return sqlite3_total_changes64(database_.get()) == before ? 0 : sqlite3_changes64(database_.get());
}

void Sqlite::prepare_session(std::string_view sql) {
  script(sql);
  session_script_ += fmt::format("{};", sql);
}

void Sqlite::script(std::string_view sql) {
  const std::string text(sql);
  const int code = sqlite3_exec(database_.get(), text.c_str(), nullptr, nullptr, nullptr);
  has_id_.clear();
  if (code != SQLITE_OK) fail(database_.get(), code, sql);
}

bool Sqlite::has_id(std::string_view table) {
  if (auto found = has_id_.find(table); found != has_id_.end()) return found->second;
  const std::string name(table);
  const bool found = sqlite3_table_column_metadata(database_.get(), nullptr, name.c_str(), "id", nullptr, nullptr,
                                                   nullptr, nullptr, nullptr) == SQLITE_OK;
  has_id_.emplace(name, found);
  return found;
}

std::int64_t Sqlite::insert(std::string_view table, std::span<const std::string_view> columns,
                            std::span<const Value> row) {
  refuse_to_write(table);
  return writing([&] { return insert_now(table, columns, row); });
}

std::int64_t Sqlite::insert_now(std::string_view table, std::span<const std::string_view> columns,
                                std::span<const Value> row) {
  const Statement statement = statements_->take(insert_sql(table, columns));
  statement.bind(row, true);
  try {
    statement.run();
  } catch (const Retry&) { throw; } catch (const Error& error) {
    throw with_values(error, columns, row);
  }
  // The id is the rowid in every table that has one, so RETURNING would only repeat it, more slowly.
  return has_id(table) ? sqlite3_last_insert_rowid(database_.get()) : 0;
}

Error with_values(const Error& error, std::span<const std::string_view> columns, std::span<const Value> row) {
  if (error.code() != Code::conflict && error.code() != Code::validation) return error;
  std::string values;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    // The message names the columns of the rule as table.column.
    const std::string named = fmt::format(".{}", columns[i]);
    const std::string_view message = error.what();
    const auto at = message.find(named);
    const auto end = at == std::string_view::npos ? at : at + named.size();
    if (at == std::string_view::npos || (end < message.size() && message[end] != ',' && message[end] != ' ')) continue;
    values += fmt::format("{}{} = {}", values.empty() ? "" : ", ", columns[i], to_string(row[i]));
  }
  return values.empty() ? error : Error(error.code(), fmt::format("{} It was to have {}.", error.what(), values));
}

void Sqlite::begin(bool write) {
  if (write) refuse_to_write();
  if (!write || !gate_) {
    stay_current();
    run(write ? "BEGIN IMMEDIATE" : "BEGIN");
    return;
  }
  for (;;) {
    gate_->before_begin();
    stay_current();
    run("BEGIN IMMEDIATE");
    writes_ = true;
    try {
      if (gate_->began()) return;
    } catch (...) {
      rollback();
      throw;
    }
    rollback();
  }
}

bool Sqlite::try_begin() {
  if (read_only() || (gate_ && !gate_->is_open())) return false;
  const int patience = std::exchange(patience_.most_ms, 0);
  try {
    begin(true);
  } catch (const Error& error) {
    patience_.most_ms = patience;
    if (error.code() == Code::unavailable) return false;
    throw;
  }
  patience_.most_ms = patience;
  return true;
}

// References are checked here, because the schema defers them, and SQLite does not say which one is broken. The search
// reads every table, so it is limited to a second.
std::string Sqlite::dangling_reference() {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(1);
  auto deadline_copy = deadline;
  sqlite3_progress_handler(
      database_.get(), 10'000,
      [](void* until) {
        return std::chrono::steady_clock::now() > *static_cast<std::chrono::steady_clock::time_point*>(until) ? 1 : 0;
      },
      &deadline_copy);
  std::string text;
  try {
    const Statement check = statements_->take("PRAGMA foreign_key_check");
    if (check.step()) {
      auto column = [&](int i) {
        const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(check.handle(), i));
        return std::string(bytes != nullptr ? bytes : "?");
      };
      text = fmt::format(" Row {} of {} refers to a row of {} that is missing or to be deleted.", column(1), column(0),
                         column(2));
    }
  } catch (const Error&) {  // too slow: the message stays general
  }
  sqlite3_progress_handler(database_.get(), 0, nullptr, nullptr);
  return text;
}

void Sqlite::commit() {
  try {
    run("COMMIT");
  } catch (const Error& error) {
    const std::string detail = error.code() == Code::protected_row ? dangling_reference() : "";
    rollback();
    if (detail.empty()) throw;
    throw Error(Code::protected_row, error.what() + detail);
  }
  if (gate_ && std::exchange(writes_, false)) gate_->committed();
}

void Sqlite::rollback() noexcept {
  writes_ = false;
  if (in_transaction()) sqlite3_exec(database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Sqlite::savepoint(std::string_view name) { run("SAVEPOINT " + quote(name)); }

void Sqlite::release(std::string_view name) { run("RELEASE " + quote(name)); }

void Sqlite::rollback_to(std::string_view name) { run("ROLLBACK TO " + quote(name)); }

std::int64_t Sqlite::change_counter() {
  return reading([&] {
    const Statement statement = statements_->take("PRAGMA data_version");
    statement.step();
    // A handle's count starts when it is opened.
    return (openings_ << 40) + sqlite3_column_int64(statement.handle(), 0);
  });
}

bool Sqlite::table_exists(std::string_view table) {
  return reading([&] {
    const Statement statement =
        statements_->take("SELECT 1 FROM sqlite_schema WHERE type IN ('table', 'view') AND name = ?");
    const Value name(table);
    statement.bind_one(1, name, true);
    return statement.step();
  });
}

}  // namespace lamin::db::sqlite
