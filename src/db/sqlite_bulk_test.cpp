// sqlite_bulk_test.cpp -- many rows at once: which of them are there afterwards, under which ids.
#include <algorithm>
#include <ctime>
#include <set>
#include "base/testing.hpp"
#include "db/connection.hpp"

namespace lamin::db {
namespace {

using lamin::test::failure_of;
using lamin::test::TempFolder;
using ::testing::HasSubstr;

class SqliteBulk : public ::testing::Test {
 protected:
  SqliteBulk() {
    connection_->script("CREATE TABLE t (id integer PRIMARY KEY AUTOINCREMENT, x text UNIQUE, y integer NOT NULL)");
  }
  static constexpr std::string_view columns[] = {"x", "y"};

  std::vector<std::int64_t> insert(const std::vector<std::string>& texts, bool ignore_conflicts) {
    std::vector<Value> values;
    for (const auto& text : texts) {
      values.emplace_back(text);
      values.emplace_back(std::int64_t{1});
    }
    return connection_->bulk_insert("t", columns, values, ignore_conflicts);
  }
  std::int64_t number(const std::string& sql) { return integer_of(*connection_, sql); }
  std::int64_t id_of(const std::string& text) { return number("SELECT max(id) FROM t WHERE x = '" + text + "'"); }
  static std::vector<std::string> texts(int n) {
    std::vector<std::string> all;
    for (int i = 0; i < n; ++i) all.push_back("row " + std::to_string(i));
    return all;
  }

  const TempFolder folder_;
  std::unique_ptr<Connection> connection_ =
      open_connection("sqlite://" + (folder_ / "a.db").string(), {.create = true});
};

TEST_F(SqliteBulk, RowsInTheWayAreSkippedAndTheOthersHaveTheirIds) {
  constexpr int n = 9000;
  std::set<int> there{1, 700, 701, 702, 2499, 2500, 5000, n - 1};
  for (int i = 6000; i < 7000; i += 10) there.insert(i);  // more than are worth finding one by one
  for (const bool nested : {false, true}) {
    connection_->script("DELETE FROM t");
    for (const int i : there) insert({"row " + std::to_string(i)}, false);
    connection_->begin();
    if (nested) connection_->savepoint("outer");
    const auto ids = insert(texts(n), true);
    if (nested) connection_->release("outer");
    connection_->commit();
    ASSERT_EQ(ids.size(), static_cast<std::size_t>(n));
    for (int i = 0; i < n; ++i) {
      const auto expected = there.contains(i) ? 0 : id_of("row " + std::to_string(i));
      ASSERT_EQ(ids[static_cast<std::size_t>(i)], expected) << i << (nested ? " in a savepoint" : "");
    }
    EXPECT_EQ(number("SELECT count(*) FROM t"), n);
  }
}

TEST_F(SqliteBulk, TheRowAtFaultIsNamedAndNothingIsSaved) {
  auto all = texts(3000);
  all[1777] = "row 12";
  const auto message = failure_of(Code::conflict, [&] { insert(all, false); });
  EXPECT_THAT(message, HasSubstr("x = 'row 12'"));
  EXPECT_EQ(number("SELECT count(*) FROM t"), 0);
  std::vector<Value> values;
  for (int i = 0; i < 3000; ++i) {
    values.emplace_back(std::to_string(i));
    values.push_back(i == 2100 ? Value() : Value(std::int64_t{1}));
  }
  failure_of(Code::validation, [&] { connection_->bulk_insert("t", columns, values, true); });
  EXPECT_EQ(number("SELECT count(*) FROM t"), 0);
}

TEST_F(SqliteBulk, AnIdIsNotGivenTwiceAfterRowsInTheWay) {
  insert({"row 2999"}, false);
  const auto ids = insert(texts(3000), true);
  const auto last = *std::ranges::max_element(ids);
  connection_->script("DELETE FROM t");
  EXPECT_GT(insert({"new"}, false).front(), last);
}

TEST_F(SqliteBulk, ATriggerMaySkipOrRefuseRows) {
  connection_->script("CREATE TRIGGER g BEFORE INSERT ON t WHEN new.x = 'row 1500' BEGIN SELECT RAISE(IGNORE); END");
  const auto ids = insert(texts(3000), false);
  EXPECT_EQ(ids[1500], 0);
  for (const int i : {0, 1499, 1501, 2999})
    EXPECT_EQ(ids[static_cast<std::size_t>(i)], id_of("row " + std::to_string(i)));
  connection_->script(
      "DELETE FROM t; CREATE TRIGGER h BEFORE INSERT ON t WHEN new.x = 'row 2000' BEGIN SELECT RAISE(ABORT, 'no'); "
      "END");
  EXPECT_THROW(insert(texts(3000), false), Error);
  EXPECT_EQ(number("SELECT count(*) FROM t"), 0);
}

// Undone as a whole or not: a statement must not walk through the pages that the savepoint keeps.
TEST_F(SqliteBulk, CostsTheSameInASavepointThatKeepsMuch) {
  const auto seconds = [] {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
  };
  insert(texts(60'000), false);
  connection_->begin();
  connection_->savepoint("outer");
  std::vector<double> took;
  for (int step = 0; step < 8; ++step) {
    std::vector<std::string> more;
    for (int i = 0; i < 10'000; ++i) more.push_back(std::to_string(i * 7919 % 10'007) + " of " + std::to_string(step));
    const double start = seconds();
    insert(more, false);
    took.push_back(seconds() - start);
  }
  connection_->rollback_to("outer");
  connection_->commit();
  EXPECT_EQ(number("SELECT count(*) FROM t"), 60'000);
  EXPECT_LT(std::min(took[6], took[7]), 4 * std::max(took[0], took[1]));
}

}  // namespace
}  // namespace lamin::db
