#include <fcntl.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <csignal>
#include <ctime>
#include "base/log.hpp"
#include "tests/conformance/db_suite.hpp"

namespace lamin::db::test {
namespace {

using lamin::test::TempFolder;

class File final : public Place {
 public:
  File() { open_connection(url(), {.create = true}); }
  std::string url() const override { return "sqlite://" + (folder_ / "test.db").string(); }

 private:
  TempFolder folder_;
};

INSTANTIATE_TEST_SUITE_P(Sqlite, DbSuite, ::testing::Values(Backend{"sqlite", [] { return std::make_unique<File>(); }}),
                         [](const auto& info) { return info.param.name; });

std::string url_of(const std::filesystem::path& path) { return "sqlite://" + path.string(); }

std::unique_ptr<Connection> create(const std::filesystem::path& path) {
  auto connection = open_connection(url_of(path), {.create = true});
  connection->script("CREATE TABLE IF NOT EXISTS t (id integer PRIMARY KEY, x text)");
  return connection;
}

std::int64_t count(Connection& connection) {
  auto rows = connection.query("SELECT count(*) FROM t");
  return rows->next() ? rows->integer(0) : -1;
}

std::string one_text(Connection& connection, std::string_view sql) {
  auto rows = connection.query(sql);
  return rows->next() ? std::string(rows->text(0)) : "";
}

// Runs `work` in a child process, which exits after it; returns how it ended.
int in_child(const std::function<void()>& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    try {
      work();
    } catch (const std::exception&) { ::_exit(3); }
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

TEST(Sqlite, IsDurable) {
  const TempFolder folder;
  auto connection = create(folder / "a.db");
  EXPECT_EQ(one_text(*connection, "PRAGMA journal_mode"), "wal");
  EXPECT_EQ(one_text(*connection, "PRAGMA synchronous"), "2");
  EXPECT_EQ(one_text(*connection, "PRAGMA foreign_keys"), "1");
  EXPECT_EQ(connection->describe(), url_of(folder / "a.db"));
}

TEST(Sqlite, WhatCannotBeOpenedIsSaidSo) {
  const TempFolder folder;
  EXPECT_THAT(failure_of(Code::not_found, [&] { open_connection(url_of(folder / "no.db")); }), HasSubstr("no.db"));
  failure_of(Code::not_found, [&] { open_connection(url_of(folder / "no/such/folder.db"), {.create = true}); });
  failure_of(Code::invalid_argument, [&] { open_connection(url_of(folder.path())); });
  const auto text = folder.write("text.db",
                                 "this is a plain text, much longer than the header of a database would be, "
                                 "so that nobody takes it for an empty one");
  EXPECT_THAT(failure_of(Code::corrupt, [&] { open_connection(url_of(text)); }), HasSubstr("not a SQLite database"));
  failure_of(Code::corrupt, [&] { open_connection(url_of(text), {.read_only = true}); });
  EXPECT_NO_THROW(open_connection(url_of(folder.write("empty.db", ""))));
}

TEST(Sqlite, ADamagedFileIsCorrupt) {
  const TempFolder folder;
  {
    auto connection = create(folder / "a.db");
    for (int i = 0; i < 200; ++i) connection->execute("INSERT INTO t (x) VALUES (hex(randomblob(500)))");
    connection->script("PRAGMA wal_checkpoint(TRUNCATE)");
  }
  const int file = ::open((folder / "a.db").c_str(), O_WRONLY);
  const std::string garbage(3 * 4096, '\x5A');
  ASSERT_EQ(::pwrite(file, garbage.data(), garbage.size(), 2 * 4096), static_cast<ssize_t>(garbage.size()));
  ::close(file);
  auto connection = open_connection(url_of(folder / "a.db"));
  failure_of(Code::corrupt, [&] {
    auto rows = connection->query("SELECT sum(length(x)) FROM t");
    while (rows->next()) {}
  });
}

TEST(Sqlite, ALockThatIsNotGivenUpEndsTheWait) {
  const TempFolder folder;
  auto holder = create(folder / "a.db");
  holder->begin();
  auto waiting = open_connection(url_of(folder / "a.db"), {.busy_timeout_ms = 50});
  const auto start = std::chrono::steady_clock::now();
  EXPECT_THAT(failure_of(Code::unavailable, [&] { waiting->begin(); }), HasSubstr("locked"));
  const auto waited = std::chrono::steady_clock::now() - start;
  EXPECT_GE(waited, std::chrono::milliseconds(40));
  EXPECT_LT(waited, std::chrono::seconds(10));
  EXPECT_EQ(count(*waiting), 0) << "reading goes on";
  holder->commit();
  EXPECT_NO_THROW(waiting->begin());
}

TEST(Sqlite, ALongWaitIsSaidSo) {
  const TempFolder folder;
  auto holder = create(folder / "a.db");
  auto waiting = open_connection(url_of(folder / "a.db"), {.busy_timeout_ms = 3200});
  std::vector<std::string> said;
  base::set_log_sink([&](base::Level, std::string_view message) { said.emplace_back(message); });
  holder->begin();
  failure_of(Code::unavailable, [&] { waiting->begin(); });
  base::set_log_sink({});
  ASSERT_EQ(said.size(), 1U);
  EXPECT_THAT(said[0], HasSubstr("Another program is writing the database " + (folder / "a.db").string()));
}

// A file system without shared memory allows no write-ahead log: a custom VFS tells SQLite so.
TEST(Sqlite, WhereNoLogIsPossibleAJournalIsUsedAndSaid) {
  const TempFolder folder;
  auto* real = sqlite3_vfs_find(nullptr);
  static const sqlite3_io_methods* methods = nullptr;
  static sqlite3_vfs* base_layer = real;
  sqlite3_vfs without_memory = *real;
  without_memory.zName = "without-shared-memory";
  static sqlite3_io_methods limited;
  without_memory.xOpen = [](sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out) {
    const int code = base_layer->xOpen(base_layer, name, file, flags, out);
    if (code == SQLITE_OK && (flags & SQLITE_OPEN_MAIN_DB) != 0) {
      methods = file->pMethods;
      limited = *methods;
      limited.iVersion = 1;  // without shared memory
      file->pMethods = &limited;
    }
    return code;
  };
  ASSERT_EQ(sqlite3_vfs_register(&without_memory, 1), SQLITE_OK);
  std::vector<std::string> said;
  base::set_log_sink([&](base::Level, std::string_view message) { said.emplace_back(message); });
  {
    auto connection = create(folder / "a.db");
    EXPECT_EQ(one_text(*connection, "PRAGMA journal_mode"), "delete");
    connection->execute("INSERT INTO t (x) VALUES ('a')");
    EXPECT_EQ(count(*connection), 1);
  }
  base::set_log_sink({});
  sqlite3_vfs_unregister(&without_memory);
  ASSERT_EQ(said.size(), 1U);
  EXPECT_THAT(said[0], HasSubstr("uses a rollback journal"));
}

TEST(Sqlite, AnOldSnapshotAsksToStartAgain) {
  const TempFolder folder;
  auto first = create(folder / "a.db");
  auto second = open_connection(url_of(folder / "a.db"));
  first->begin(false);
  EXPECT_EQ(count(*first), 0);
  second->execute("INSERT INTO t (x) VALUES ('a')");
  EXPECT_THROW(first->execute("INSERT INTO t (x) VALUES ('b')"), Retry);
  first->rollback();
  EXPECT_EQ(count(*first), 1);
}

// A child is killed at a random moment while it writes pairs of rows: one is never seen without the other, and every
// acknowledged pair is there.
TEST(Sqlite, KillLeavesWholeTransactions) {
  const TempFolder folder;
  create(folder / "a.db");
  const auto acknowledged = folder / "acknowledged";
  for (int round = 0; round < 8; ++round) {
    const pid_t child = ::fork();
    if (child == 0) {
      auto connection = open_connection(url_of(folder / "a.db"));
      const int out = ::open(acknowledged.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
      for (;;) {
        connection->begin();
        connection->execute("INSERT INTO t (x) VALUES ('left')");
        connection->execute("INSERT INTO t (x) VALUES ('right')");
        connection->commit();
        if (::write(out, "x", 1) != 1) ::_exit(1);
      }
    }
    ::usleep(static_cast<useconds_t>(20'000 + round * 7'919));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    auto connection = open_connection(url_of(folder / "a.db"));
    std::error_code none;
    const auto pairs = std::filesystem::file_size(acknowledged, none);
    const std::int64_t rows = count(*connection);
    EXPECT_EQ(rows % 2, 0);
    if (!none) {
      EXPECT_GE(rows, static_cast<std::int64_t>(2 * pairs));
      EXPECT_LE(rows, static_cast<std::int64_t>(2 * pairs) + 2 * (round + 1));
    }
    EXPECT_EQ(one_text(*connection, "PRAGMA integrity_check"), "ok");
  }
}

TEST(Sqlite, KillBetweenBeginAndCommitLeavesNothing) {
  const TempFolder folder;
  create(folder / "a.db");
  const int status = in_child([&] {
    auto connection = open_connection(url_of(folder / "a.db"));
    connection->begin();
    std::vector<Value> values;
    for (int i = 0; i < 100'000; ++i) values.emplace_back("far more than the cache of pages holds, so that it spills");
    static constexpr std::string_view columns[] = {"x"};
    connection->bulk_insert("t", columns, values, false);
    ::kill(::getpid(), SIGKILL);
  });
  EXPECT_TRUE(WIFSIGNALED(status));
  auto connection = open_connection(url_of(folder / "a.db"));
  EXPECT_EQ(count(*connection), 0);
  connection->execute("INSERT INTO t (x) VALUES ('after')");
}

TEST(Sqlite, TwoProcessesWrite) {
  const TempFolder folder;
  std::filesystem::create_directories(folder.path());
  std::vector<pid_t> children;
  for (int p = 0; p < 2; ++p) {
    const pid_t child = ::fork();
    if (child == 0) {
      try {
        auto connection = create(folder / "a.db");  // either may be the one that creates it
        for (int i = 0; i < 50; ++i) connection->execute("INSERT INTO t (x) VALUES ('x')");
      } catch (const std::exception& error) {
        ::fprintf(stderr, "%s\n", error.what());
        ::_exit(3);
      }
      ::_exit(0);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(count(*open_connection(url_of(folder / "a.db"))), 100);
}

// A file size limit simulates a full disk: the write fails midway.
TEST(Sqlite, AFullDiskLosesNothing) {
  const TempFolder folder;
  {
    auto connection = create(folder / "a.db");
    connection->execute("INSERT INTO t (x) VALUES ('before')");
  }
  const int status = in_child([&] {
    auto connection = open_connection(url_of(folder / "a.db"));
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{200'000, 200'000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    std::vector<Value> values;
    for (int i = 0; i < 2000; ++i) values.emplace_back(std::string(1000, 'x'));
    static constexpr std::string_view columns[] = {"x"};
    try {
      connection->bulk_insert("t", columns, values, false);
    } catch (const Error& error) {
      if (error.code() != Code::unavailable) throw;
      if (connection->in_transaction() || count(*connection) != 1) throw;
      ::_exit(42);
    }
  });
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 42);
  auto connection = open_connection(url_of(folder / "a.db"));
  EXPECT_EQ(count(*connection), 1);
  EXPECT_EQ(one_text(*connection, "PRAGMA integrity_check"), "ok");
}

// The pages that an outer savepoint keeps must not be walked through at the end of every inner one.
TEST(Sqlite, ASavepointCostsTheSameAfterManyOthers) {
  const TempFolder folder;
  auto connection = create(folder / "savepoints.db");
  constexpr int rows = 100'000, steps = 8, a_step = 1'000;
  connection->script("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " +
                     std::to_string(rows) + ") INSERT INTO t SELECT i, hex(zeroblob(100)) FROM n");
  const auto seconds = [] {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
  };
  connection->begin();
  connection->savepoint("outer");
  std::vector<double> took;
  for (int step = 0; step < steps; ++step) {
    const double start = seconds();
    for (int i = 0; i < a_step; ++i) {
      const std::array<Value, 1> row{Value(std::int64_t{1} + (step * a_step + i) * std::int64_t{7919} % rows)};
      connection->savepoint("inner");
      connection->execute("UPDATE t SET x = 'y' WHERE id = ?", row);
      connection->release("inner");
    }
    took.push_back(seconds() - start);
  }
  connection->rollback();
  EXPECT_LT(std::min(took[steps - 2], took[steps - 1]), 4 * std::max(took[0], took[1]));
}

TEST(Sqlite, IdsFollowTheRowsAlsoWithoutAutoincrement) {
  const TempFolder folder;
  auto connection = create(folder / "a.db");
  connection->execute("INSERT INTO t (id, x) VALUES (41, 'there')");
  std::vector<Value> values;
  for (int i = 0; i < 5000; ++i) values.emplace_back(std::to_string(i));
  static constexpr std::string_view columns[] = {"x"};
  const auto ids = connection->bulk_insert("t", columns, values, false);
  EXPECT_EQ(ids.front(), 42);
  EXPECT_EQ(ids.back(), 42 + 4999);
  EXPECT_EQ(one_text(*connection, "SELECT x FROM t WHERE id = 1042"), "1000");
}

TEST(Sqlite, ValuesOfAnotherProgramThatMakeNoSenseAreCorrupt) {
  const TempFolder folder;
  auto connection = create(folder / "a.db");
  connection->execute("INSERT INTO t (x) VALUES ('yesterday')");
  auto rows = connection->query("SELECT x AS made_at, id FROM t");
  ASSERT_TRUE(rows->next());
  const std::string message = failure_of(Code::corrupt, [&] { rows->value(0, Type::time); });
  EXPECT_THAT(message, HasSubstr("made_at"));
  EXPECT_THAT(message, HasSubstr("yesterday"));
  failure_of(Code::corrupt, [&] { rows->value(0, Type::integer); });
  failure_of(Code::corrupt, [&] { rows->value(0, Type::boolean); });
  failure_of(Code::corrupt, [&] { rows->value(0, Type::date); });
  failure_of(Code::corrupt, [&] { rows->value(0, Type::real); });
  EXPECT_EQ(rows->value(1, Type::real), Value(1.0));
}

TEST(Sqlite, HasFunctionsForLookUps) {
  const TempFolder folder;
  auto connection = create(folder / "a.db");
  for (const char* x : {"T cell", "B cell", "ÄRGER", "CD8 T"}) {
    const Value value(x);
    connection->execute("INSERT INTO t (x) VALUES (?)", {&value, 1});
  }
  connection->execute("INSERT INTO t (x) VALUES (NULL)");
  auto matches = [&](const char* pattern) {
    const Value value(pattern);
    auto rows = connection->query("SELECT x FROM t WHERE x REGEXP ? ORDER BY id", {&value, 1});
    std::string found;
    while (rows->next()) found += std::string(rows->text(0)) + ";";
    return found;
  };
  EXPECT_EQ(matches("^[TB] c"), "T cell;B cell;");
  EXPECT_EQ(matches("(?i)t CELL$"), "T cell;");
  EXPECT_EQ(matches("\\d"), "CD8 T;");
  EXPECT_EQ(matches("zzz"), "");
  EXPECT_THAT(failure_of(Code::invalid_argument, [&] { matches("("); }), HasSubstr("'('"));
  EXPECT_EQ(matches("^T"), "T cell;") << "a bad pattern leaves no trace";
  EXPECT_EQ(one_text(*connection, "SELECT lamin_fold('ÄRGER')"), "ärger");
  EXPECT_EQ(one_text(*connection, "SELECT lamin_fold(NULL) IS NULL"), "1");
}

}  // namespace
}  // namespace lamin::db::test
