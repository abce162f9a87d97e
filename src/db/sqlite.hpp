// sqlite.hpp -- a connection to one SQLite file.
//
// Invariants
//   1. A commit that returned is on disk: WAL with synchronous=FULL, or a rollback journal where WAL is impossible.
//   2. A write transaction takes the write lock when it begins, so waiting happens there and nowhere else.
//   3. A statement that writes runs to its end before its rows are handed out.
//   4. A read-only connection creates no file and returns nothing that was not one state: sqlite_read_only.cpp.
#pragma once
#include <sqlite3.h>
#include <map>
#include <memory>
#include <string>
#include "db/sqlite_functions.hpp"
#include "db/sqlite_statement.hpp"
#include "db/sqlite_unlocked.hpp"

namespace lamin::db::sqlite {

/// How long to wait for other writers.
struct Patience {
  std::string path;
  int most_ms = 0;
};

class Sqlite final : public Connection {
 public:
  Sqlite(std::string path, const OpenOptions& options);

  Dialect dialect() const override { return Dialect::sqlite; }
  std::string describe() const override { return "sqlite://" + path_; }
  bool read_only() const override { return !why_read_only_.empty(); }
  void prepare_session(std::string_view sql) override;

  std::unique_ptr<Rows> query(std::string_view sql, std::span<const Value> parameters) override;
  std::int64_t execute(std::string_view sql, std::span<const Value> parameters) override;
  void script(std::string_view sql) override;
  std::int64_t insert(std::string_view table, std::span<const std::string_view> columns,
                      std::span<const Value> row) override;
  std::vector<std::int64_t> bulk_insert(std::string_view table, std::span<const std::string_view> columns,
                                        std::span<const Value> values, bool ignore_conflicts) override;

  void begin(bool write) override;
  bool try_begin() override;
  void commit() override;
  void rollback() noexcept override;
  bool in_transaction() const override { return sqlite3_get_autocommit(database_.get()) == 0; }
  void savepoint(std::string_view name) override;
  void release(std::string_view name) override;
  void rollback_to(std::string_view name) override;

  std::int64_t change_counter() override;
  bool table_exists(std::string_view table) override;

 private:
  struct Close {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  };
  void open_file(const OpenOptions& options);
  void open_handle(const std::string& name, int flags);
  void open_to_read();
  void open_as_it_lies();
  /// Runs a read; repeats it while somebody writes what is read without locks, as far as a transaction allows.
  template <class Work>
  auto reading(const Work& work) {
    constexpr int most_attempts = 5;
    for (int attempt = 1;; ++attempt) {
      stay_current();
      try {
        return work();
      } catch (const Outdated&) {
        if (attempt == most_attempts || in_transaction()) throw;
      }
    }
  }
  /// Before a statement: reopens the database if it was read without locks and somebody has written since.
  void stay_current();
  /// Throws no_access if the database may only be read.
  void refuse_to_write(std::string_view table = {}) const;
  std::int64_t execute_now(std::string_view sql, std::span<const Value> parameters);
  std::int64_t insert_now(std::string_view table, std::span<const std::string_view> columns,
                          std::span<const Value> row);
  void settle();
  void use_wal();
  std::string pragma(std::string_view name);
  void run(std::string_view sql);
  /// Does a single write; where there is a gate, in a transaction, so that it is asked.
  template <class Work>
  auto writing(const Work& work) {
    if (!gate_ || in_transaction()) return work();
    begin(true);
    try {
      auto result = work();
      commit();
      return result;
    } catch (...) {
      rollback();
      throw;
    }
  }
  bool has_id(std::string_view table);
  std::string dangling_reference();

  std::string path_;
  std::string why_read_only_;  ///< empty if it can be written
  std::string session_script_;
  FunctionFailure function_failure_;  // outlives the handle whose functions write to it
  std::unique_ptr<sqlite3, Close> database_;
  std::unique_ptr<Unlocked> unlocked_;  ///< for a file that is read without locks
  std::unique_ptr<StatementCache> statements_;
  std::int64_t openings_ = 0;
  Patience patience_;
  std::shared_ptr<Gate> gate_;
  bool writes_ = false;  ///< a write transaction is open that the gate let pass
  std::map<std::string, bool, std::less<>> has_id_;
};

/// Why a database can be read but not written by this process; empty if it can.
std::string why_read_only(const std::string& path);

/// The error of a unique rule, with the values of the row that broke it.
Error with_values(const Error& error, std::span<const std::string_view> columns, std::span<const Value> row);

}  // namespace lamin::db::sqlite
