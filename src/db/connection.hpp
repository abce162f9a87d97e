// connection.hpp -- one open database: statements, rows, transactions. SQLite and PostgreSQL behind one interface.
//
// Invariants of an implementation
//   1. Parameters are always bound; `?` marks their places on both databases. Identifiers come from the catalog.
//   2. Values go in and come out as lamin::Value of the requested Type; how a database stores them is its own affair.
//   3. One connection serves one thread at a time. Statements may nest: rows being read survive another statement.
//   4. Statements are prepared once and kept.
//   5. Failures are lamin::Error: conflict (unique), protected_row (foreign key), validation (check, not null),
//      unavailable (busy, server gone), no_access, corrupt. SQLSTATE 40001 and 40P01 are Retry.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include "lamin/error.hpp"
#include "lamin/value.hpp"

namespace lamin::db {

enum class Dialect { sqlite, postgres };

/// The database asks for the whole transaction to be run again.
struct Retry : Error {
  using Error::Error;
};

/// Rows of one statement, forward only.
class Rows {
 public:
  virtual ~Rows() = default;
  virtual bool next() = 0;
  virtual bool is_null(int column) const = 0;
  virtual std::int64_t integer(int column) const = 0;
  virtual double real(int column) const = 0;
  virtual std::string_view text(int column) const = 0;  ///< valid until next()
  virtual Value value(int column, Type type) const = 0;
};

class Connection {
 public:
  virtual ~Connection() = default;
  virtual Dialect dialect() const = 0;
  /// "sqlite:///path" or "postgresql://user@host:port/name" (never a password): for messages.
  virtual std::string describe() const = 0;
  /// Whether nothing can be written through it: it was opened read-only, or files, server or role allow no more. Ask
  /// this before optional writes; writing anyway fails with no_access.
  virtual bool read_only() const = 0;
  /// Runs a script now, and again whenever the database is reopened: for settings that last as long as a session.
  virtual void prepare_session(std::string_view sql) = 0;

  virtual std::unique_ptr<Rows> query(std::string_view sql, std::span<const Value> parameters = {}) = 0;
  /// The same, in memory that does not grow with the number of rows; may be slower for few rows.
  virtual std::unique_ptr<Rows> stream(std::string_view sql, std::span<const Value> parameters) {
    return query(sql, parameters);
  }
  /// Returns how many rows changed.
  virtual std::int64_t execute(std::string_view sql, std::span<const Value> parameters = {}) = 0;
  /// Several statements without parameters, not prepared: DDL.
  virtual void script(std::string_view sql) = 0;
  /// Returns the new row's id, or 0 if the table has no column "id". `columns` are SQL names. Within a transaction a
  /// failure undoes nothing: the caller rolls back, to a savepoint or entirely. (This also goes for bulk_insert and
  /// execute.)
  virtual std::int64_t insert(std::string_view table, std::span<const std::string_view> columns,
                              std::span<const Value> row) = 0;
  /// Inserts many rows (row-major, columns.size() values each) in the fastest way. With `ignore_conflicts`, rows that
  /// break a unique rule are skipped. Returns the ids in the rows' order, 0 for a skipped one. Columns of type json and
  /// time are recognized by their Value.
  virtual std::vector<std::int64_t> bulk_insert(std::string_view table, std::span<const std::string_view> columns,
                                                std::span<const Value> values, bool ignore_conflicts) = 0;

  /// Write transactions are serializable on both databases: SQLite waits for the write lock here (BEGIN IMMEDIATE),
  /// PostgreSQL uses SERIALIZABLE and may end in Retry. A read transaction sees one snapshot. Throws no_access for a
  /// write transaction on a database that may only be read.
  virtual void begin(bool write = true) = 0;
  /// Begins a write transaction unless the database may only be read or another writer would have to be waited for. For
  /// optional work.
  virtual bool try_begin() = 0;
  virtual void commit() = 0;  ///< durable on return; if it throws, the transaction is rolled back
  virtual void rollback() noexcept = 0;
  virtual bool in_transaction() const = 0;
  virtual void savepoint(std::string_view name) = 0;
  virtual void release(std::string_view name) = 0;
  virtual void rollback_to(std::string_view name) = 0;

  /// Changes whenever another connection commits a write (SQLite: PRAGMA data_version). Always 0 on PostgreSQL, which
  /// has nothing like it that costs no question: `committed_state` asks it.
  virtual std::int64_t change_counter() = 0;
  virtual bool table_exists(std::string_view table) = 0;
};

/// The first column of the first row; 0 if there is none or it is null.
inline std::int64_t integer_of(Connection& connection, std::string_view sql, std::span<const Value> parameters = {}) {
  auto rows = connection.query(sql, parameters);
  return rows->next() && !rows->is_null(0) ? rows->integer(0) : 0;
}

/// A number that stays the same as long as nobody commits anything; 0: it cannot be told, as on a standby server. What
/// was read after it was taken may be used until it changes. On PostgreSQL it stands for the transactions that are
/// visible, and own ones count, too; on SQLite it is `change_counter`, and whoever writes knows what.
inline std::int64_t committed_state(Connection& connection) {
  if (connection.dialect() == Dialect::sqlite) return connection.change_counter();
  return integer_of(connection,
                    "SELECT CASE WHEN pg_is_in_recovery() THEN 0 "
                    "ELSE hashtextextended(CAST(pg_current_snapshot() AS text), 0) END");
}

/// Asked around each write transaction: by the keeper of a file that is a copy of one elsewhere.
class Gate {
 public:
  virtual ~Gate() = default;
  /// Before the transaction begins; the content may be another one when it returns. What it throws ends the attempt.
  virtual void before_begin() = 0;
  /// Once the write lock is held; false: let go of it and ask `before_begin` again.
  virtual bool began() = 0;
  virtual void committed() noexcept = 0;
  /// Whether a transaction could begin now without asking anybody elsewhere: for optional work.
  virtual bool is_open() = 0;
};

struct OpenOptions {
  bool create = false;  ///< SQLite: make the file if it does not exist
  bool read_only = false;
  int busy_timeout_ms = 60'000;
  std::shared_ptr<Gate> gate = {};  ///< of a SQLite file
};

/// Opens "sqlite:///absolute/path" or "postgresql://user:password@host:port/name". Throws invalid_argument (naming the
/// part of the URL that is wrong), not_found, unavailable, no_access.
std::unique_ptr<Connection> open_connection(std::string_view url, const OpenOptions& options = {});

/// Makes the content of SQLite file `path` that of `with`, in one transaction: whoever reads it goes on undisturbed, a
/// crash leaves the old content. Throws what open_connection throws, corrupt if `with` is no database.
void replace_content(const std::string& path, const std::string& with);

}  // namespace lamin::db
