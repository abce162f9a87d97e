// db_transactions.hpp -- transactions, several writers, read-only and faulty connections. Part of db_suite.hpp.
#pragma once
#include "tests/conformance/db_fixture.hpp"

namespace lamin::db::test {

// -- transactions ---------------------------------------------------------------------------------------------------

TEST_P(DbSuite, ATransactionIsSeenWholeOrNotAtAll) {
  auto other = open();
  db().begin();
  EXPECT_TRUE(db().in_transaction());
  add("a", "x");
  EXPECT_EQ(count(db()), 1);
  EXPECT_EQ(count(*other), 0);
  db().commit();
  EXPECT_FALSE(db().in_transaction());
  EXPECT_EQ(count(*other), 1);
  db().begin();
  add("b", "y");
  db().rollback();
  EXPECT_EQ(count(db()), 1);
  db().rollback();  // nothing to roll back is fine
}

TEST_P(DbSuite, AConnectionThatGoesAwayRollsBack) {
  {
    auto other = open();
    other->begin();
    add(*other, "a", "x");
  }
  EXPECT_EQ(count(db()), 0);
  add("a", "x");
}

TEST_P(DbSuite, SavepointsNest) {
  db().begin();
  add("a", "x");
  db().savepoint("outer \"1\"");
  add("b", "y");
  db().savepoint("inner");
  add("c", "z");
  db().rollback_to("inner");
  EXPECT_THAT(names(), ElementsAre("x", "y"));
  db().release("inner");
  failure_of(Code::conflict, [&] { add("a", "again"); });
  db().rollback_to("outer \"1\"");
  EXPECT_THAT(names(), ElementsAre("x"));
  db().release("outer \"1\"");
  db().commit();
  EXPECT_THAT(names(), ElementsAre("x"));
}

TEST_P(DbSuite, AFailureInATransactionIsRolledBackByTheCaller) {
  db().begin();
  add("a", "x");
  failure_of(Code::conflict, [&] { add("a", "y"); });
  EXPECT_TRUE(db().in_transaction());
  db().rollback();
  EXPECT_EQ(count(db()), 0);
  failure_of(Code::internal, [&] { db().commit(); });
  db().begin();
  failure_of(Code::internal, [&] { db().begin(); });
  db().rollback();
}

TEST_P(DbSuite, AReadTransactionSeesOneMoment) {
  add("a", "x");
  auto other = open();
  other->begin(false);
  EXPECT_EQ(count(*other), 1);
  add("b", "y");
  EXPECT_EQ(count(*other), 1);
  other->commit();
  EXPECT_EQ(count(*other), 2);
}

TEST_P(DbSuite, TheChangeCounterSeesOthers) {
  auto other = open();
  const std::int64_t before = db().change_counter();
  EXPECT_EQ(db().change_counter(), before);
  add("own", "x");
  EXPECT_EQ(db().change_counter(), before) << "own writes are known to the writer";
  add(*other, "a", "x");
  if (db().dialect() == Dialect::sqlite) {
    EXPECT_NE(db().change_counter(), before);
  } else {
    EXPECT_EQ(db().change_counter(), 0);
  }
}

TEST_P(DbSuite, TheCommittedStateChangesWithWhatIsVisible) {
  auto other = open();
  ASSERT_NE(committed_state(db()), 0);
  bool same = false;  // commits to other databases of the server count as well
  for (int i = 0; i < 1000 && !same; ++i) same = committed_state(db()) == committed_state(db());
  EXPECT_TRUE(same);
  other->begin();
  add(*other, "a", "x");
  const std::int64_t before = committed_state(db());
  EXPECT_EQ(count(db()), 0);
  other->commit();
  EXPECT_NE(committed_state(db()), before);
  EXPECT_EQ(count(db()), 1);
  if (db().dialect() == Dialect::sqlite) return;
  // What was read in a transaction that is rolled back is not what is read after it.
  db().begin();
  add("own", "x");
  const std::int64_t inside = committed_state(db());
  db().rollback();
  EXPECT_NE(committed_state(db()), inside);
}

// Work that reads before it writes, repeated when the database asks for it.
inline void with_retries(Connection& connection, const std::function<void()>& work) {
  for (int attempt = 0;; ++attempt) {
    connection.begin();
    try {
      work();
      connection.commit();
      return;
    } catch (const Retry&) {
      connection.rollback();
      ASSERT_LT(attempt, 1000);
      std::this_thread::sleep_for(std::chrono::milliseconds(attempt % 7));
    }
  }
}

TEST_P(DbSuite, EightThreadsInsertAtOnce) {
  constexpr int threads = 8;
  constexpr int rows = 25;
  std::vector<std::jthread> running;
  std::atomic<int> failures = 0;
  for (int t = 0; t < threads; ++t) {
    running.emplace_back([&, t] {
      try {
        auto own = open();
        for (int i = 0; i < rows; ++i) add(*own, std::to_string(t) + "_" + std::to_string(i), "x");
      } catch (const std::exception& error) {
        ++failures;
        ADD_FAILURE() << error.what();
      }
    });
  }
  running.clear();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(count(db()), threads * rows);
}

TEST_P(DbSuite, TransactionsThatReadAndWriteAreSerial) {
  constexpr int threads = 4;
  constexpr int rounds = 15;
  static constexpr std::string_view columns[] = {"uid", "name", "order"};
  const Value first[] = {"0", "counter", 1};
  db().insert("item", columns, first);
  std::vector<std::jthread> running;
  for (int t = 0; t < threads; ++t) {
    running.emplace_back([&] {
      auto own = open();
      for (int i = 0; i < rounds; ++i) {
        // The version counter of a family: the next is one more than the highest.
        with_retries(*own, [&] {
          std::int64_t highest = 0;
          {
            auto rows = own->query("SELECT max(\"order\") FROM item WHERE name = 'counter'");
            rows->next();
            highest = rows->integer(0);
          }
          const Value row[] = {std::to_string(highest), "counter", highest + 1};
          try {
            own->insert("item", columns, row);
          } catch (const Error& error) {
            // Two saw the same highest version; on PostgreSQL the unique rule may notice before the serializer does.
            if (error.code() == Code::conflict) throw Retry(Code::conflict, error.what());
            throw;
          }
        });
      }
    });
  }
  running.clear();
  auto rows = db().query("SELECT count(*), max(\"order\") FROM item");
  ASSERT_TRUE(rows->next());
  EXPECT_EQ(rows->integer(0), threads * rounds + 1);
  EXPECT_EQ(rows->integer(1), threads * rounds + 1);
}

// -- opening --------------------------------------------------------------------------------------------------------

TEST_P(DbSuite, AReadOnlyConnectionReadsAndRefusesToWrite) {
  add("a", "x");
  auto reader = open_connection(place_->url(), {.read_only = true});
  EXPECT_EQ(count(*reader), 1);
  failure_of(Code::no_access, [&] { add(*reader, "b", "y"); });
  failure_of(Code::no_access, [&] { reader->script("CREATE TABLE t (x integer)"); });
  EXPECT_EQ(count(*reader), 1);
}

TEST_P(DbSuite, AFaultyConnectionFailsAtTheCallAskedFor) {
  Fault fault;
  FaultyConnection faulty(open(), fault);
  auto work = [&] {
    faulty.begin(true);
    try {
      add(faulty, "a", "x");
      faulty.execute("UPDATE item SET name = 'y'", {});
      faulty.commit();
    } catch (...) {
      faulty.rollback();
      throw;
    }
  };
  work();
  const std::int64_t calls = fault.calls;
  EXPECT_EQ(calls, 4);
  db().execute("DELETE FROM item");
  for (std::int64_t n = 1; n <= calls; ++n) {
    fault = {.fail_at = n};
    failure_of(Code::unavailable, work);
    EXPECT_EQ(count(db()), 0) << n;
  }
  fault = {.fail_at = calls, .when = Fault::When::after};
  failure_of(Code::unavailable, work);
  EXPECT_EQ(count(db()), 1) << "the answer to a commit was lost, not the commit";
  fault = {.fail_at = 2, .retry = true};
  EXPECT_THROW(work(), Retry);
  fault = {.fail_at = 1, .for_good = true};
  failure_of(Code::unavailable, work);
  failure_of(Code::unavailable, work);
}

}  // namespace lamin::db::test
