// sqlite_replace.cpp -- the content of one SQLite file becomes that of another, page by page, in one transaction.
#include <fmt/format.h>
#include <sqlite3.h>
#include <chrono>
#include <memory>
#include <thread>
#include "db/connection.hpp"

namespace lamin::db {
namespace {

struct Close {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
using Handle = std::unique_ptr<sqlite3, Close>;

Handle open_handle(const std::string& path, int flags) {
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  Handle opened(handle);
  if (code != SQLITE_OK) {
    throw Error(Code::unavailable, fmt::format("The database {} cannot be opened: {}.", path, sqlite3_errstr(code)));
  }
  return opened;
}

}  // namespace

void replace_content(const std::string& path, const std::string& with) {
  constexpr int patience_ms = 60'000;
  const auto from = open_handle(with, SQLITE_OPEN_READONLY);
  const auto to = open_handle(path, SQLITE_OPEN_READWRITE);
  sqlite3_busy_timeout(to.get(), patience_ms);
  sqlite3_exec(to.get(), "PRAGMA synchronous=FULL", nullptr, nullptr, nullptr);
  auto* backup = sqlite3_backup_init(to.get(), "main", from.get(), "main");
  if (backup == nullptr) {
    throw Error(Code::unavailable,
                fmt::format("The database {} cannot be replaced: {}.", path, sqlite3_errmsg(to.get())));
  }
  // The busy handler is not asked here: other writers are waited for in small steps.
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience_ms);
  int code = sqlite3_backup_step(backup, -1);
  while ((code == SQLITE_BUSY || code == SQLITE_LOCKED) && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    code = sqlite3_backup_step(backup, -1);
  }
  const int finished = sqlite3_backup_finish(backup);
  if (code == SQLITE_DONE && finished == SQLITE_OK) return;
  const int why = code == SQLITE_DONE ? finished : code;
  const bool no_database = (why & 0xFF) == SQLITE_NOTADB || (why & 0xFF) == SQLITE_CORRUPT;
  throw Error(no_database ? Code::corrupt : Code::unavailable,
              fmt::format("The database {} cannot be replaced by {}: {}.", path, with, sqlite3_errstr(why)));
}

}  // namespace lamin::db
