// sqlite.hpp -- a connection to one SQLite file.
//
// Invariants
//   1. A commit that returned is on the disk: WAL with synchronous=FULL, or a rollback journal where WAL is impossible.
//   2. A transaction that writes takes the write lock when it begins, so waiting happens there and nowhere else.
//   3. A statement that writes is run to its end before its rows are given out.
#pragma once
#include <sqlite3.h>
#include <map>
#include <memory>
#include <string>
#include "db/sqlite_functions.hpp"
#include "db/sqlite_statement.hpp"

namespace lamin::db::sqlite {

class Sqlite final : public Connection {
 public:
  Sqlite(std::string path, const OpenOptions& options);

  Dialect dialect() const override { return Dialect::sqlite; }
  std::string describe() const override { return "sqlite://" + path_; }

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
  void use_wal();
  std::string pragma(std::string_view name);
  void run(std::string_view sql);
  bool has_id(std::string_view table);
  std::string dangling_reference();

  std::string path_;
  FunctionFailure function_failure_;  // outlives the handle whose functions write to it
  std::unique_ptr<sqlite3, Close> database_;
  std::unique_ptr<StatementCache> statements_;
  int busy_timeout_ms_;
  int savepoints_ = 0;  ///< open ones
  std::map<std::string, bool, std::less<>> has_id_;
};

/// The error of a unique rule, with the values of the row that broke it.
Error with_values(const Error& error, std::span<const std::string_view> columns, std::span<const Value> row);

}  // namespace lamin::db::sqlite
