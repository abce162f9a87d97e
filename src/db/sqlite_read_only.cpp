// sqlite_read_only.cpp -- opens a database read-only: on request, or because the file or its folder cannot be written.
//
// A database with a write-ahead log (WAL) is read through two files next to it: the log, and its index (-shm), in which
// readers lock. A process that may not write cannot create them, and should not: a reader's files in a shared folder
// would lock the owner out. So:
//   1. Both exist (somebody has the database open, or was killed): it is opened with the index read-only. SQLite then
//      sees every commit of a living writer, and what a dead one left.
//   2. There is no log, or an empty one: the database file is complete. It is read without locks (immutable=1), which
//      is right as long as nobody writes: see Unlocked. This is checked before each statement outside a transaction,
//      and if it no longer holds, the database is reopened, as 1 or 2. Within a statement or transaction it is checked
//      after the rows are read, and an error says that they must be read again. So nothing wrong is ever returned;
//      copying the file first would promise no more and cost its size at every opening.
//   3. There is a log with content but no index (somebody copied the database and log without it): only a process that
//      may write can create the index, so this is refused, and the message says what to do.
// A database with a rollback journal needs no files to be read, only locks on its own.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <thread>
#include "db/sqlite.hpp"
#include "db/sqlite_unlocked.hpp"

namespace lamin::db::sqlite {
namespace {

namespace fs = std::filesystem;

constexpr auto a_moment = std::chrono::milliseconds(2);
constexpr int most_tries = 50;  // while a writer opens or closes, files come and go

std::int64_t size_of(const std::string& path) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0 ? static_cast<std::int64_t>(info.st_size) : -1;
}

/// A path as part of a URI for SQLite.
std::string escaped(const std::string& path) {
  std::string out;
  for (const char c : path) {
    if (c == '%' || c == '?' || c == '#') out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    else out += c;
  }
  return out;
}

/// Whether the header says that this database is read through its log. Asked through SQLite's own file: closing another
/// one would drop this process's locks.
bool uses_log(sqlite3* database) {
  constexpr sqlite3_int64 read_version = 19;
  sqlite3_file* file = nullptr;
  std::uint8_t version = 0;
  if (sqlite3_file_control(database, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK || file == nullptr)
    return false;
  return file->pMethods->xRead(file, &version, 1, read_version) == SQLITE_OK && version == 2;
}

std::int64_t nanoseconds(const timespec& time) {
  return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

Unlocked::Unlocked(std::string path) : path_(std::move(path)), state_(look()) {
  // A file written just now may be written again unnoticed: its times have a resolution of a few milliseconds.
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  const auto age = nanoseconds(now) - state_.modified_ns;
  constexpr std::int64_t tick_ns = 10'000'000;
  if (age < 0 || age > tick_ns) return;
  std::this_thread::sleep_for(std::chrono::nanoseconds(tick_ns));
  state_ = look();
}

Unlocked::State Unlocked::look() const {
  struct stat info{};
  if (::stat(path_.c_str(), &info) != 0) return {};
  return {.device = info.st_dev,
          .inode = info.st_ino,
          .size = info.st_size,
          .modified_ns = nanoseconds(info.st_mtim),
          .changed_ns = nanoseconds(info.st_ctim),
          .log = size_of(path_ + "-wal") > 0};
}

bool Unlocked::holds() const { return !state_.log && look() == state_; }

std::string why_read_only(const std::string& path) {
  if (::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) != 0 && errno != ENOENT) {
    return fmt::format("the file cannot be written ({})", std::strerror(errno));
  }
  const auto folder = fs::path(path).parent_path();
  if (::faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) != 0 && errno != ENOENT) {
    return fmt::format("no file can be made in its folder ({})", std::strerror(errno));
  }
  return "";
}

void Sqlite::open_as_it_lies() {
  const std::string uri = "file:" + escaped(path_) + "?mode=ro";
  constexpr int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
  const auto log = size_of(path_ + "-wal");
  const bool index = size_of(path_ + "-shm") >= 0;
  const bool shared = log >= 0 && index;
  auto unlocked = shared ? nullptr : std::make_unique<Unlocked>(path_);  // looked at before opening
  open_handle(uri + "&readonly_shm=1", flags);
  unlocked_.reset();
  if (!shared && uses_log(database_.get())) {
    if (log <= 0) {
      open_handle(uri + "&immutable=1", flags);
      unlocked_ = std::move(unlocked);
      statements_->watch(unlocked_.get());
    } else if (why_read_only(path_).empty()) {
      open_handle(uri, flags);  // a process that may write may create the index
    } else {
      throw Error(
          Code::no_access,
          fmt::format("The database {0} has changes in its log {0}-wal, which cannot be read because its index is "
                      "missing and {1}. Let somebody who may write there connect once, or copy both files to a "
                      "folder of yours.",
                      path_, why_read_only(path_)));
    }
  }
  pragma("schema_version");
}

void Sqlite::open_to_read() {
  for (int tries = 1;; ++tries) {
    try {
      return open_as_it_lies();
    } catch (const Error& error) {
      const bool moving = error.code() == Code::no_access || dynamic_cast<const Outdated*>(&error) != nullptr;
      if (!moving || tries == most_tries) throw;
    }
    std::this_thread::sleep_for(a_moment);
  }
}

void Sqlite::stay_current() {
  if (!unlocked_ || unlocked_->holds() || in_transaction() || statements_->in_hands() > 0) return;
  open_to_read();
  settle();
}

void Sqlite::refuse_to_write(std::string_view table) const {
  if (!read_only()) return;
  throw Error(
      Code::no_access,
      fmt::format("Cannot write{}{}: the database {} may only be read, because {}. Ask its owner for the right to "
                  "write, or work on a copy of it.",
                  table.empty() ? "" : " to ", table, path_, why_read_only_));
}

}  // namespace lamin::db::sqlite
