// db_inserting.hpp -- inserting one and many rows, and the rules that they must follow. Part of db_suite.hpp.
#pragma once
#include "tests/conformance/db_fixture.hpp"

namespace lamin::db::test {

// -- inserting ------------------------------------------------------------------------------------------------------

TEST_P(DbSuite, InsertGivesTheId) {
  const std::int64_t first = add("a", "x");
  const std::int64_t second = add("b", "y");
  EXPECT_GT(first, 0);
  EXPECT_GT(second, first);
  const Value key(second);
  auto rows = db().query("SELECT uid FROM item WHERE id = ?", {&key, 1});
  ASSERT_TRUE(rows->next());
  EXPECT_EQ(rows->text(0), "b");
  static constexpr std::string_view columns[] = {"left_id", "right_id"};
  const Value pair[] = {1, 2};
  EXPECT_EQ(db().insert("pair", columns, pair), 0) << "a table without id";
  static constexpr std::string_view with_id[] = {"id", "uid", "name"};
  const Value given[] = {777, "c", "z"};
  EXPECT_EQ(db().insert("item", with_id, given), 777);
}

TEST_P(DbSuite, BulkInsertGivesTheIdsInOrder) {
  static constexpr std::string_view columns[] = {"uid", "name"};
  for (const int rows : {0, 1, 2, 3, 499, 500, 501, 1003, 6000}) {
    db().execute("DELETE FROM item");
    std::vector<Value> values;
    for (int i = 0; i < rows; ++i) {
      values.emplace_back("u" + std::to_string(i));
      values.emplace_back(i % 2 == 0 ? Value("even") : Value("it's \\ \"odd\", {x}"));
    }
    const auto ids = db().bulk_insert("item", columns, values, rows % 2 == 0);
    ASSERT_THAT(ids, SizeIs(static_cast<std::size_t>(rows)));
    for (int i = 0; i < rows; i += 97) {
      const Value key(ids[static_cast<std::size_t>(i)]);
      auto found = db().query("SELECT uid, name FROM item WHERE id = ?", {&key, 1});
      ASSERT_TRUE(found->next()) << i << " of " << rows;
      EXPECT_EQ(found->value(0, Type::text), values[static_cast<std::size_t>(2 * i)]);
      EXPECT_EQ(found->value(1, Type::text), values[static_cast<std::size_t>(2 * i + 1)]);
    }
    EXPECT_EQ(count(db()), rows);
  }
}

TEST_P(DbSuite, BulkInsertTakesAllTypesAndNulls) {
  static constexpr std::string_view columns[] = {"uid", "name", "order", "flag", "score", "made", "day", "doc", "took"};
  const Time made{1'700'000'000'123'456};
  const Value values[] = {"a", "x", 7,  true, 2.5, made, Date{20'000}, Json{R"({"k": "v"})"}, 3, "b", "x", {},
                          {},  {},  {}, {},   {},  {}};
  const auto ids = db().bulk_insert("item", columns, values, false);
  auto rows = db().query("SELECT \"order\", flag, score, made, day, doc, took FROM item ORDER BY uid");
  constexpr Type types[] = {Type::integer, Type::boolean, Type::real,    Type::time,
                            Type::date,    Type::json,    Type::duration};
  for (std::size_t row = 0; row < 2; ++row) {
    ASSERT_TRUE(rows->next());
    for (int i = 0; i < 7; ++i) EXPECT_EQ(rows->value(i, types[i]), values[row * 9 + 2 + static_cast<std::size_t>(i)]);
  }
}

TEST_P(DbSuite, BulkInsertKeepsGivenIds) {
  static constexpr std::string_view columns[] = {"uid", "id", "name"};
  std::vector<Value> values;
  for (int i = 0; i < 1500; ++i) {
    values.emplace_back("u" + std::to_string(i));
    values.emplace_back(10'000 - i);
    values.emplace_back("x");
  }
  const auto ids = db().bulk_insert("item", columns, values, false);
  for (int i = 0; i < 1500; ++i) ASSERT_EQ(ids[static_cast<std::size_t>(i)], 10'000 - i);
  const auto again = db().bulk_insert("item", columns, values, true);
  EXPECT_THAT(again, ::testing::Each(0));
}

TEST_P(DbSuite, BulkInsertSkipsRowsThatClashIfAsked) {
  static constexpr std::string_view columns[] = {"uid", "name"};
  for (const int step : {1, 2, 50, 3000}) {  // every row, every second one, a few, only the first conflicts
    db().execute("DELETE FROM item");
    std::vector<Value> values;
    db().begin();
    for (int i = 0; i < 3000; ++i) {
      values.emplace_back("u" + std::to_string(i));
      values.emplace_back("new");
      if (i % step == 0) add("u" + std::to_string(i), "old");
    }
    db().commit();
    const auto ids = db().bulk_insert("item", columns, values, true);
    ASSERT_THAT(ids, SizeIs(3000));
    for (int i = 0; i < 3000; ++i) {
      const std::int64_t id = ids[static_cast<std::size_t>(i)];
      if (i % step == 0) {
        ASSERT_EQ(id, 0) << i;
        continue;
      }
      if (i % 101 != 0) continue;
      const Value key(id);
      auto rows = db().query("SELECT uid, name FROM item WHERE id = ?", {&key, 1});
      ASSERT_TRUE(rows->next()) << i;
      EXPECT_EQ(rows->text(0), "u" + std::to_string(i));
      EXPECT_EQ(rows->text(1), "new");
    }
    EXPECT_EQ(count(db()), 3000);
  }
}

TEST_P(DbSuite, BulkInsertIntoATableWithoutId) {
  static constexpr std::string_view columns[] = {"left_id", "right_id"};
  std::vector<Value> values;
  for (int i = 0; i < 2000; ++i) {
    values.emplace_back(i / 2);
    values.emplace_back(i % 3);
  }
  db().bulk_insert("pair", columns, values, true);
  const std::int64_t once = count(db(), "pair");
  EXPECT_GT(once, 1000);
  db().bulk_insert("pair", columns, values, true);
  EXPECT_EQ(count(db(), "pair"), once);
  failure_of(Code::conflict, [&] { db().bulk_insert("pair", columns, values, false); });
}

TEST_P(DbSuite, AFailedBulkInsertLeavesNothingAndNamesTheRow) {
  static constexpr std::string_view columns[] = {"uid", "name"};
  std::vector<Value> values;
  for (int i = 0; i < 3000; ++i) {
    values.emplace_back("u" + std::to_string(i == 2900 ? 17 : i));
    values.emplace_back("x");
  }
  EXPECT_THAT(failure_of(Code::conflict, [&] { db().bulk_insert("item", columns, values, false); }), HasSubstr("u17"));
  EXPECT_EQ(count(db()), 0);
  EXPECT_FALSE(db().in_transaction());
  values[2 * 2900] = Value("u2900");
  values[2 * 2950 + 1] = Value();
  EXPECT_THAT(failure_of(Code::validation, [&] { db().bulk_insert("item", columns, values, true); }),
              HasSubstr("item.name must not be null"))
      << "ignoring conflicts ignores nothing else";
  EXPECT_EQ(count(db()), 0);
  values[2 * 2950 + 1] = Value("x");
  values.pop_back();
  failure_of(Code::internal, [&] { db().bulk_insert("item", columns, values, false); });
}

// -- rules ----------------------------------------------------------------------------------------------------------

TEST_P(DbSuite, BrokenRulesSayWhichColumnAndValue) {
  add("a", "x");
  std::string message = failure_of(Code::conflict, [&] { add("a", "y"); });
  EXPECT_THAT(message, HasSubstr("item.uid"));
  EXPECT_THAT(message, HasSubstr("a"));
  const Value pair[] = {"p", "x", 3};
  static constexpr std::string_view columns[] = {"uid", "name", "order"};
  db().insert("item", columns, pair);
  const Value clash[] = {"q", "x", 3};
  message = failure_of(Code::conflict, [&] { db().insert("item", columns, clash); });
  EXPECT_THAT(message, HasSubstr("item.name, item.order"));
  const Value null_name[] = {"c", {}, 1};
  EXPECT_THAT(failure_of(Code::validation, [&] { db().insert("item", columns, null_name); }),
              HasSubstr("item.name must not be null"));
  const Value negative[] = {"c", "n", -1};
  EXPECT_THAT(failure_of(Code::validation, [&] { db().insert("item", columns, negative); }),
              HasSubstr("item_order_positive"));
  EXPECT_EQ(count(db()), 2);
}

TEST_P(DbSuite, ReferencesAreCheckedAtTheEnd) {
  static constexpr std::string_view columns[] = {"uid", "name", "parent_id"};
  const Value orphan[] = {"a", "x", 12345};
  failure_of(Code::protected_row, [&] { db().insert("item", columns, orphan); });
  db().begin();
  db().insert("item", columns, orphan);  // deferred
  const std::string message = failure_of(Code::protected_row, [&] { db().commit(); });
  EXPECT_THAT(message, HasSubstr("parent"));
  EXPECT_FALSE(db().in_transaction());
  EXPECT_EQ(count(db()), 0);

  static constexpr std::string_view uid[] = {"uid"};
  const Value parent_uid[] = {"p"};
  db().begin();
  const Value child[] = {"a", "x", 1};
  db().insert("item", columns, child);  // before its parent: fine if the parent exists in the end
  EXPECT_EQ(db().insert("parent", uid, parent_uid), 1);
  db().commit();
  failure_of(Code::protected_row, [&] { db().execute("DELETE FROM parent"); });
  EXPECT_EQ(count(db(), "parent"), 1);
}

}  // namespace lamin::db::test
