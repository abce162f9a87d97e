// sqlite_statement.hpp -- prepared statements of one SQLite connection, kept for the next use.
#pragma once
#include <sqlite3.h>
#include <list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include "db/connection.hpp"
#include "db/sqlite_functions.hpp"

namespace lamin::db::sqlite {

class StatementCache;
class Unlocked;

/// A file that is read without locks was written meanwhile: what was read may not be one state of it.
struct Outdated : Error {
  using Error::Error;
};

/// A statement lent to one caller: reset and given back at the end.
class Statement {
 public:
  Statement(Statement&& other) noexcept : cache_(other.cache_), handle_(other.handle_), slot_(other.slot_) {
    other.handle_ = nullptr;
  }
  Statement(const Statement&) = delete;
  ~Statement();

  sqlite3_stmt* handle() const { return handle_; }
  /// Binds parameters. With `keep` they must outlive the last step; otherwise they are copied.
  void bind(std::span<const Value> parameters, bool keep) const;
  /// `at` counts from 1.
  void bind_one(int at, const Value& value, bool keep) const;
  /// True if there is a row, false at the end. Throws.
  bool step() const;
  void reset() const { sqlite3_reset(handle_); }
  /// Runs it to its end, discarding rows, and makes it ready for the next parameters. Throws.
  void run() const {
    while (step()) {}
    reset();
  }

 private:
  friend class StatementCache;
  Statement(StatementCache& cache, sqlite3_stmt* handle, void* slot);
  void check_file(bool at_end) const;

  StatementCache* cache_;
  sqlite3_stmt* handle_;
  void* slot_;  // null: not cached, because another caller has the cached one
  mutable unsigned steps_ = 0;
};

class StatementCache {
 public:
  /// Both must outlive it.
  StatementCache(sqlite3* database, FunctionFailure& failure) : database_(database), failure_(failure) {}
  StatementCache(const StatementCache&) = delete;
  ~StatementCache() { clear(); }

  Statement take(std::string_view sql);
  /// Finalizes all that are not in use.
  void clear();
  sqlite3* database() const { return database_; }
  /// The file is read without locks: statements check whether that is still valid.
  void watch(const Unlocked* file) { file_ = file; }
  std::size_t in_hands() const { return in_hands_; }  ///< statements taken and not given back

 private:
  friend class Statement;
  struct Slot {
    std::string sql;
    sqlite3_stmt* handle = nullptr;
    bool in_use = false;
  };
  sqlite3_stmt* prepare(std::string_view sql, unsigned flags) const;
  void drop_oldest();

  sqlite3* database_;
  FunctionFailure& failure_;
  const Unlocked* file_ = nullptr;
  std::size_t in_hands_ = 0;
  std::list<Slot> slots_;  // most recent first
  std::unordered_map<std::string_view, std::list<Slot>::iterator> by_sql_;
};

/// Throws the Error that a result code stands for.
[[noreturn]] void fail(sqlite3* database, int code, std::string_view sql);

}  // namespace lamin::db::sqlite
