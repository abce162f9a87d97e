// sqlite_error.cpp -- what SQLite's result codes mean to a user.
#include <fmt/format.h>
#include <string>
#include "db/sqlite_statement.hpp"

namespace lamin::db::sqlite {
namespace {

std::string file_of(sqlite3* database) {
  const char* file = sqlite3_db_filename(database, "main");
  return file != nullptr ? file : "";
}

// "UNIQUE constraint failed: lamindb_ulabel.uid, lamindb_ulabel.x" -> the part after the colon.
std::string_view behind_colon(std::string_view message) {
  const auto colon = message.find(": ");
  return colon == std::string_view::npos ? message : message.substr(colon + 2);
}

[[noreturn]] void fail_constraint(int code, std::string_view message) {
  const std::string_view where = behind_colon(message);
  switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      throw Error(Code::conflict, fmt::format("A row with the same {} exists already.", where));
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      throw Error(Code::protected_row,
                  "A row refers to one that does not exist, or one is to be deleted that others "
                  "refer to: delete or change those first.");
    case SQLITE_CONSTRAINT_NOTNULL: throw Error(Code::validation, fmt::format("{} must not be null.", where));
    case SQLITE_CONSTRAINT_CHECK: throw Error(Code::validation, fmt::format("A value breaks the rule '{}'.", where));
    default: throw Error(Code::validation, fmt::format("The database refuses a value: {}.", message));
  }
}

[[noreturn]] void fail_io(sqlite3* database, int code, std::string_view message) {
  const std::string file = file_of(database);
  switch (code & 0xFF) {
    case SQLITE_FULL:
      throw Error(Code::unavailable, fmt::format("The disk of {} is full: nothing was written. Free some space and try "
                                                 "again.",
                                                 file));
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      throw Error(Code::no_access, fmt::format("The database {} cannot be written: {}. Check the rights of the file "
                                               "and its folder.",
                                               file, message));
    case SQLITE_CANTOPEN:
      throw Error(Code::no_access, fmt::format("The database {} or a file beside it cannot be opened: {}. Check the "
                                               "rights of its folder.",
                                               file, message));
    case SQLITE_NOTADB:
      throw Error(Code::corrupt,
                  fmt::format("The file {} is not a SQLite database: its beginning was overwritten, or it is a file of "
                              "another program. Restore it from a copy.",
                              file));
    case SQLITE_CORRUPT:
      throw Error(Code::corrupt, fmt::format("The database {} is damaged: {}. Restore it from a copy, or recover it "
                                             "with the sqlite3 program's .recover.",
                                             file, message));
    default:
      throw Error(Code::unavailable, fmt::format("The disk of {} fails: {} (SQLite error {}).", file, message, code));
  }
}

}  // namespace

void fail(sqlite3* database, int code, std::string_view sql) {
  const std::string message = database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code);
  switch (code & 0xFF) {
    case SQLITE_CONSTRAINT: fail_constraint(code, message);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      // The snapshot that was read is no longer the newest: waiting would not help, starting over does.
      if (code == SQLITE_BUSY_SNAPSHOT)
        throw Retry(Code::unavailable, "Another program changed the database meanwhile.");
      throw Error(Code::unavailable,
                  fmt::format("Another program has been writing the database {} for too long, or holds "
                              "it locked: try again when it is done.",
                              file_of(database)));
    case SQLITE_FULL:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_CANTOPEN:
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
    case SQLITE_IOERR:
    case SQLITE_PROTOCOL: fail_io(database, code, message);
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH:
    case SQLITE_RANGE: throw Error(Code::validation, fmt::format("A value does not fit its column: {}.", message));
    case SQLITE_NOMEM: throw std::bad_alloc();
    case SQLITE_INTERRUPT: throw Error(Code::interrupted, "The query was cancelled.");
    case SQLITE_ERROR:
      // Every statement comes from the catalog, so what it names existed when the database was made.
      if (message.starts_with("no such table: ") || message.starts_with("no such column: "))
        throw Error(Code::corrupt,
                    fmt::format("The database {} is not complete: {}. Somebody has dropped it; restore the "
                                "database from a copy.",
                                file_of(database), message));
      [[fallthrough]];
    default: throw Error(Code::internal, fmt::format("SQLite refuses a statement: {} ({}): {}", message, code, sql));
  }
}

}  // namespace lamin::db::sqlite
