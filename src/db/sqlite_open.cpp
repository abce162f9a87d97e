// sqlite_open.cpp -- opening a file: rights, journal, waiting for other programs.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <thread>
#include "base/log.hpp"
#include "db/sqlite.hpp"

namespace lamin::db::sqlite {
namespace {

namespace fs = std::filesystem;

void check_file(const fs::path& path, const OpenOptions& options) {
  std::error_code failure;
  const fs::file_status status = fs::status(path, failure);
  if (status.type() == fs::file_type::directory) {
    throw Error(Code::invalid_argument, fmt::format("{} is a folder; a database is a file.", path.string()));
  }
  if (failure && failure != std::errc::no_such_file_or_directory && failure != std::errc::not_a_directory) {
    throw Error(failure == std::errc::permission_denied ? Code::no_access : Code::unavailable,
                fmt::format("The database {} cannot be reached: {}.", path.string(), failure.message()));
  }
  const bool exists = fs::exists(status);
  if (!exists && !options.create) {
    throw Error(
        Code::not_found,
        fmt::format("There is no database {}. If it was moved or deleted, put it back; otherwise check the path, or "
                    "create the instance first.",
                    path.string()));
  }
  if (!exists && !fs::is_directory(path.parent_path(), failure)) {
    throw Error(Code::not_found,
                fmt::format("The folder {} for the database does not exist.", path.parent_path().string()));
  }
  if (!exists) {
    const std::string why = why_read_only(path.string());
    if (why.empty()) return;
    throw Error(Code::no_access,
                fmt::format("The database {} cannot be made: {}. Choose another folder, or ask for the "
                            "right to write there.",
                            path.string(), why));
  }
  if (::faccessat(AT_FDCWD, path.c_str(), R_OK, AT_EACCESS) != 0) {
    const int why = errno;
    throw Error(Code::no_access,
                fmt::format("The database {} cannot be read: {}. Ask its owner for the right to read the file.",
                            path.string(), std::strerror(why)));
  }
}

// SQLite's own handler sleeps up to 100 ms, much longer than a commit takes. These waits grow to 8 ms; the deadline is
// for all of them together.
int wait_for_lock(void* given, int tries) {
  const auto& patience = *static_cast<Patience*>(given);
  // The sum of the waits so far: 1, 1, 2, 2, 4, 4, 8, 8, ... ms.
  std::int64_t waited = 0;
  std::int64_t wait = 1;
  for (int i = 0; i < tries; ++i) {
    waited += wait;
    if (wait < 8 && i % 2 == 1) wait *= 2;
    if (wait == 8 && i > 6) {
      waited += static_cast<std::int64_t>(tries - i - 1) * 8;
      break;
    }
  }
  if (waited >= patience.most_ms) return 0;
  constexpr std::int64_t long_ms = 3000;
  if (waited < long_ms && waited + wait >= long_ms) {
    base::log(base::Level::warning,
              fmt::format("Another program is writing the database {}: waiting for it, up to {} s.", patience.path,
                          patience.most_ms / 1000));
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(wait));
  return 1;
}

}  // namespace

void Sqlite::open_handle(const std::string& name, int flags) {
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(name.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  std::unique_ptr<sqlite3, Close> opened(handle);
  if (code != SQLITE_OK) fail(handle, code, "open");
  // The old cache goes first: it belongs to the old handle.
  statements_.reset();
  database_ = std::move(opened);
  sqlite3_busy_handler(handle, wait_for_lock, &patience_);
  statements_ = std::make_unique<StatementCache>(handle, function_failure_);
  add_functions(handle, &function_failure_);
}

std::string Sqlite::pragma(std::string_view name) {
  const Statement statement = statements_->take(fmt::format("PRAGMA {}", name));
  if (!statement.step()) return "";
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement.handle(), 0));
  return text != nullptr ? text : "";
}

// Changing the journal mode requires that nobody else has the file open. If another program opens it at the same time,
// SQLite fails without waiting, so this waits.
void Sqlite::use_wal() {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience_.most_ms);
  for (;;) {
    try {
      const std::string mode = pragma("journal_mode=WAL");
      if (mode != "wal") {
        base::log(
            base::Level::warning,
            fmt::format("The database {} lies where a write-ahead log is impossible: it uses a rollback journal, so "
                        "that readers wait for writers.",
                        path_));
      }
      return;
    } catch (const Error& error) {
      if (error.code() != Code::unavailable || std::chrono::steady_clock::now() >= deadline) throw;
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }
}

void Sqlite::open_file(const OpenOptions& options) {
  why_read_only_ = options.read_only ? "it was opened for reading" : why_read_only(path_);
  if (read_only()) return open_to_read();
  open_handle(path_, SQLITE_OPEN_READWRITE | (options.create ? SQLITE_OPEN_CREATE : 0));
  if (sqlite3_db_readonly(database_.get(), "main") == 1) {  // what the system did not say about access rights
    why_read_only_ = "the file cannot be opened for writing";
    return open_to_read();
  }
  use_wal();
}

// Settings for each new handle.
void Sqlite::settle() {
  run("PRAGMA foreign_keys=ON");
  run("PRAGMA synchronous=FULL");
  run("PRAGMA cache_size=-32000");  // KiB
  if (!session_script_.empty()) script(session_script_);
  ++openings_;
}

Sqlite::Sqlite(std::string path, const OpenOptions& options)
    : path_(std::move(path)), patience_{path_, options.busy_timeout_ms}, gate_(options.gate) {
  check_file(path_, options);
  open_file(options);
  settle();
}

}  // namespace lamin::db::sqlite
