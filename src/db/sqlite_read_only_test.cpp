// A read-only database, while others write it or do not.
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>
#include <filesystem>
#include <set>
#include "base/as_nobody_testing.hpp"
#include "base/testing.hpp"
#include "db/connection.hpp"

namespace lamin::db {
namespace {

namespace fs = std::filesystem;
using lamin::test::AsNobody;
using lamin::test::failure_of;
using lamin::test::TempFolder;
using ::testing::HasSubstr;

std::string url_of(const fs::path& path) { return "sqlite://" + path.string(); }

std::int64_t count(Connection& connection) { return integer_of(connection, "SELECT count(*) FROM t"); }

/// Another process that writes on command: SQLite's locks do not separate connections of one process.
class Writer {
 public:
  explicit Writer(const fs::path& file) {
    EXPECT_EQ(::pipe(orders_), 0);
    EXPECT_EQ(::pipe(answers_), 0);
    child_ = ::fork();
    if (child_ != 0) return;
    ::close(orders_[1]);  // otherwise it would wait for orders from itself
    ::close(answers_[0]);
    std::unique_ptr<Connection> connection;
    for (char order = 0; ::read(orders_[0], &order, 1) == 1;) {
      try {
        if (order == 'o') connection = open_connection(url_of(file), {.create = true});
        if (order == 't') connection->script("CREATE TABLE t (id integer PRIMARY KEY, x text)");
        if (order == 'r') connection->script("PRAGMA journal_mode=DELETE");
        if (order == 'w') connection->execute("INSERT INTO t (x) VALUES (hex(randomblob(2000)))");
        if (order == 'c') connection.reset();
        if (order == 'k') ::kill(::getpid(), SIGKILL);
      } catch (const std::exception& error) {
        ::fprintf(stderr, "order %c: %s\n", order, error.what());
        order = '!';
      }
      if (::write(answers_[1], &order, 1) != 1) break;
    }
    ::_exit(0);
  }
  ~Writer() {
    for (const int end : {orders_[1], answers_[0], orders_[0], answers_[1]}) ::close(end);
    ::waitpid(child_, nullptr, 0);
  }
  Writer(const Writer&) = delete;

  void operator()(std::string_view orders) const {
    for (const char order : orders) {
      char answer = 0;
      ASSERT_EQ(::write(orders_[1], &order, 1), 1);
      if (order == 'k') {
        siginfo_t ended{};
        ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(child_), &ended, WEXITED | WNOWAIT), 0);
        return;
      }
      ASSERT_EQ(::read(answers_[0], &answer, 1), 1);
      ASSERT_EQ(answer, order);
    }
  }

 private:
  int orders_[2] = {}, answers_[2] = {};
  pid_t child_ = 0;
};

/// A folder of somebody else's: this process may read what is in it.
class OfAnother : public ::testing::Test {
 protected:
  TempFolder folder;
  fs::path file = folder / "a.db";
  Writer writer{file};
  std::unique_ptr<AsNobody> nobody;

  /// Everything exists; after this, this process can write nothing. The writer can still write what it has open.
  void look_only(std::string_view before) {
    writer(before);
    rights(fs::perms::owner_read, fs::perms::owner_read | fs::perms::owner_exec);
    if (::geteuid() == 0) nobody = std::make_unique<AsNobody>();
  }
  void rights(fs::perms of_files, fs::perms of_folder) const {
    const auto read = fs::perms::group_read | fs::perms::others_read;
    for (const auto& entry : fs::directory_iterator(folder.path())) fs::permissions(entry.path(), of_files | read);
    fs::permissions(folder.path(), of_folder | read | fs::perms::group_exec | fs::perms::others_exec);
  }
  /// Lets the writer write. For an ordinary user this process may write, too, but it checked its rights when it opened.
  void let_write() {
    nobody.reset();
    rights(fs::perms::owner_read | fs::perms::owner_write, fs::perms::owner_all);
    if (::geteuid() == 0) nobody = std::make_unique<AsNobody>();
  }
  void TearDown() override {
    nobody.reset();
    rights(fs::perms::owner_read | fs::perms::owner_write, fs::perms::owner_all);
  }
  std::set<std::string> names() const {
    std::set<std::string> out;
    for (const auto& entry : fs::directory_iterator(folder.path())) out.insert(entry.path().filename().string());
    return out;
  }
};

TEST_F(OfAnother, IsReadAndRefusesToBeWritten) {
  look_only("otwc");
  const auto before = names();
  auto reader = open_connection(url_of(file));
  EXPECT_TRUE(reader->read_only());
  EXPECT_EQ(count(*reader), 1);
  EXPECT_TRUE(reader->table_exists("t"));
  EXPECT_FALSE(reader->try_begin());
  static constexpr std::string_view columns[] = {"x"};
  const Value row[] = {Value("x")};
  for (const auto& write : std::vector<std::function<void()>>{
           [&] { reader->begin(true); }, [&] { reader->execute("INSERT INTO t (x) VALUES ('x')"); },
           [&] { reader->insert("t", columns, row); }, [&] { reader->bulk_insert("t", columns, row, false); },
           [&] { reader->script("CREATE TABLE u (x)"); }}) {
    EXPECT_THAT(failure_of(Code::no_access, write), HasSubstr(file.string()));
  }
  const std::string message = failure_of(Code::no_access, [&] { reader->insert("t", columns, row); });
  EXPECT_THAT(message, HasSubstr("to t:"));
  EXPECT_THAT(message, HasSubstr("the file cannot be written (Permission denied)"));
  EXPECT_THAT(message, HasSubstr("Ask its owner"));
  EXPECT_FALSE(reader->in_transaction());
  reader->begin(false);
  EXPECT_EQ(count(*reader), 1);
  reader->commit();
  EXPECT_EQ(names(), before) << "no file was made";
}

TEST_F(OfAnother, IsReadWhileItsWriterHasItOpen) {
  look_only("otw");
  auto reader = open_connection(url_of(file));
  EXPECT_EQ(count(*reader), 1);
  const auto counter = reader->change_counter();
  writer("w");
  EXPECT_NE(reader->change_counter(), counter);
  EXPECT_EQ(count(*reader), 2) << "a commit is seen at once";
  writer("wc");
  EXPECT_EQ(count(*reader), 3) << "and after the writer has gone";
}

TEST_F(OfAnother, HasWhatAKilledWriterCommitted) {
  look_only("otwwk");
  EXPECT_TRUE(fs::file_size(folder / "a.db-wal") > 0);
  EXPECT_EQ(count(*open_connection(url_of(file))), 2);
}

TEST_F(OfAnother, ShowsAWriterThatCameLater) {
  look_only("otwc");
  auto reader = open_connection(url_of(file));
  EXPECT_EQ(count(*reader), 1);
  const auto counter = reader->change_counter();
  let_write();
  writer("ow");
  EXPECT_EQ(count(*reader), 2);
  EXPECT_NE(reader->change_counter(), counter);
  writer("wc");
  EXPECT_EQ(count(*reader), 3);
  reader.reset();
  auto next = open_connection(url_of(file), {.read_only = true});
  writer("owc");
  EXPECT_EQ(count(*next), 4);
}

TEST_F(OfAnother, ComesAndGoesBetweenTwoQueries) {
  look_only("otwc");
  auto reader = open_connection(url_of(file));
  let_write();
  for (int i = 2; i < 6; ++i) {
    EXPECT_EQ(count(*reader), i - 1);
    writer("owc");
  }
  EXPECT_EQ(count(*reader), 5);
}

TEST_F(OfAnother, WrittenWhileItIsReadSaysSo) {
  look_only("otwwwwwwwwc");
  auto reader = open_connection(url_of(file));
  let_write();
  auto rows = reader->query("SELECT x FROM t");
  ASSERT_TRUE(rows->next());
  writer("owc");
  const std::string message = failure_of(Code::unavailable, [&] {
    while (rows->next()) {}
  });
  EXPECT_THAT(message, HasSubstr("read it again"));
  rows.reset();
  EXPECT_EQ(count(*reader), 9);
  reader->begin(false);
  EXPECT_EQ(count(*reader), 9);
  writer("owc");
  failure_of(Code::unavailable, [&] { count(*reader); });  // one transaction sees one moment, or says that it cannot
  reader->rollback();
  EXPECT_EQ(count(*reader), 10);
}

TEST_F(OfAnother, WithARollbackJournal) {
  look_only("otrwc");
  EXPECT_EQ(names(), std::set<std::string>{"a.db"});
  auto reader = open_connection(url_of(file));
  EXPECT_EQ(count(*reader), 1);
  EXPECT_EQ(names(), std::set<std::string>{"a.db"});
}

TEST_F(OfAnother, ALogWithoutItsIndexIsNotSkipped) {
  look_only("otwk");
  nobody.reset();
  let_write();
  nobody.reset();
  fs::remove(folder / "a.db-shm");
  rights(fs::perms::owner_read, fs::perms::owner_read | fs::perms::owner_exec);
  if (::geteuid() == 0) nobody = std::make_unique<AsNobody>();
  const std::string message = failure_of(Code::no_access, [&] { open_connection(url_of(file)); });
  EXPECT_THAT(message, HasSubstr("a.db-wal"));
  EXPECT_THAT(message, HasSubstr("connect once"));
  EXPECT_FALSE(fs::exists(folder / "a.db-shm"));
}

TEST_F(OfAnother, WhatLastsAsLongAsASessionIsMadeAgain) {
  look_only("otwc");
  auto reader = open_connection(url_of(file));
  reader->prepare_session("CREATE TEMPORARY TABLE mine (x integer); INSERT INTO mine VALUES (7)");
  EXPECT_EQ(integer_of(*reader, "SELECT x FROM mine"), 7);
  let_write();
  writer("ow");
  EXPECT_EQ(count(*reader), 2);
  EXPECT_EQ(integer_of(*reader, "SELECT x FROM mine"), 7);
}

TEST(SqliteRights, AreRespected) {
  const TempFolder folder;
  const AsNobody nobody(folder.path());
  const fs::path file = folder / "a.db";
  open_connection(url_of(file), {.create = true})->script("CREATE TABLE t (id integer PRIMARY KEY, x text)");
  EXPECT_FALSE(open_connection(url_of(file))->read_only());
  fs::permissions(folder.path(), fs::perms::owner_read | fs::perms::owner_exec);
  const std::string message = failure_of(Code::no_access, [&] { open_connection(url_of(file))->begin(); });
  EXPECT_THAT(message, HasSubstr("no file can be made in its folder"));
  EXPECT_THAT(failure_of(Code::no_access, [&] { open_connection(url_of(folder / "new.db"), {.create = true}); }),
              HasSubstr("new.db cannot be made"));
  fs::permissions(file, fs::perms::none);
  EXPECT_THAT(failure_of(Code::no_access, [&] { open_connection(url_of(file)); }), HasSubstr("cannot be read"));
  fs::permissions(folder.path(), fs::perms::owner_all);
}

}  // namespace
}  // namespace lamin::db
