// db_values.hpp -- values in and out, statements and their rows. Part of db_suite.hpp.
#pragma once
#include <limits>
#include "tests/conformance/db_fixture.hpp"

namespace lamin::db::test {

// -- values ---------------------------------------------------------------------------------------------------------

TEST_P(DbSuite, ValuesComeBackAsTheyWentIn) {
  const Time made = *base::parse_time("2026-11-22 14:52:26.745761");
  const Date day = *base::parse_date("2024-02-29");
  static constexpr std::string_view columns[] = {"uid", "name", "order", "flag", "score", "made", "day", "doc", "took"};
  const Json doc{R"({"a": 1, "b": [1, 2.5, null, true, "\u00e9\ud83d\ude00"]})"};
  const Value row[] = {"u1",          "naïve 'T' \"cell\" 😀\n\t\\", std::int64_t{1} << 62, true, 0.1, made, day, doc,
                       90'061'000'001};
  const std::int64_t id = db().insert("item", columns, row);
  const Value key(id);
  auto rows = db().query(
      "SELECT uid, name, \"order\", flag, score, made, day, doc, took, parent_id FROM item WHERE id = ?", {&key, 1});
  ASSERT_TRUE(rows->next());
  EXPECT_EQ(rows->value(0, Type::text), row[0]);
  EXPECT_EQ(rows->value(1, Type::text), row[1]);
  EXPECT_EQ(rows->value(2, Type::integer), row[2]);
  EXPECT_EQ(rows->value(3, Type::boolean), row[3]);
  EXPECT_EQ(rows->value(4, Type::real), row[4]);
  EXPECT_EQ(rows->value(5, Type::time), row[5]);
  EXPECT_EQ(rows->value(6, Type::date), row[6]);
  EXPECT_EQ(rows->value(7, Type::json), row[7]);
  EXPECT_EQ(rows->value(8, Type::duration), row[8]);
  EXPECT_TRUE(rows->is_null(9));
  EXPECT_EQ(rows->value(9, Type::integer), Value());
  EXPECT_EQ(rows->text(0), "u1");
  EXPECT_EQ(rows->integer(2), std::int64_t{1} << 62);
  EXPECT_EQ(rows->integer(3), 1);
  EXPECT_EQ(rows->real(4), 0.1);
  EXPECT_FALSE(rows->next());
  EXPECT_FALSE(rows->next()) << "the end stays the end";
}

TEST_P(DbSuite, EdgesOfEachTypeSurvive) {
  static constexpr std::string_view columns[] = {"uid", "name", "order", "flag", "score", "made", "doc", "took"};
  const auto small = std::numeric_limits<double>::denorm_min();
  const auto large = std::numeric_limits<double>::infinity();
  const Value values[] = {"a",
                          "",
                          1,
                          false,
                          small,
                          Time{-62'135'596'800'000'000},
                          Json{"null"},
                          -1,
                          "b",
                          std::string(60, 'x'),
                          std::numeric_limits<std::int64_t>::max(),
                          true,
                          -large,
                          *base::parse_time("9999-12-31 23:59:59.999999"),
                          Json{"[]"},
                          0};
  const auto ids = db().bulk_insert("item", columns, values, false);
  ASSERT_THAT(ids, SizeIs(2));
  auto rows = db().query("SELECT uid, name, \"order\", flag, score, made, doc, took FROM item ORDER BY id");
  constexpr Type types[] = {Type::text, Type::text, Type::integer, Type::boolean,
                            Type::real, Type::time, Type::json,    Type::duration};
  for (std::size_t row = 0; row < 2; ++row) {
    ASSERT_TRUE(rows->next());
    for (int i = 0; i < 8; ++i) EXPECT_EQ(rows->value(i, types[i]), values[row * 8 + static_cast<std::size_t>(i)]) << i;
  }
}

TEST_P(DbSuite, FractionsOfASecondMayBeShort) {
  if (db().dialect() == Dialect::sqlite) {
    db().script(
        "INSERT INTO item (uid, name, made) VALUES ('a', 'x', '2026-11-22 14:52:02.051'), "
        "('b', 'x', '2026-11-22 14:52:02')");
  } else {
    db().script(
        "INSERT INTO item (uid, name, made) VALUES ('a', 'x', '2026-11-22 15:52:02.051+01'), "
        "('b', 'x', '2026-11-22 14:52:02+00')");
  }
  auto rows = db().query("SELECT made FROM item ORDER BY uid");
  ASSERT_TRUE(rows->next());
  EXPECT_EQ(rows->value(0, Type::time), Value(*base::parse_time("2026-11-22 14:52:02.051000")));
  ASSERT_TRUE(rows->next());
  EXPECT_EQ(rows->value(0, Type::time), Value(*base::parse_time("2026-11-22 14:52:02")));
}

TEST_P(DbSuite, ParametersAreNeverSql) {
  const std::string evil = "'); DROP TABLE item; --";
  add("u1", "x");
  const Value parameters[] = {evil.substr(0, 20), "u1"};
  EXPECT_EQ(db().execute("UPDATE item SET name = ? WHERE uid = ?", parameters), 1);
  EXPECT_THAT(names(), ElementsAre(evil.substr(0, 20)));
  auto rows = db().query("SELECT '?', \"uid\", '''?' /* ? */ FROM item -- ?\n WHERE name = ?", {parameters, 1});
  ASSERT_TRUE(rows->next());
  EXPECT_EQ(rows->text(0), "?");
  EXPECT_EQ(rows->text(2), "'?");
}

TEST_P(DbSuite, TextsThatNoDatabaseShouldHoldAreRefused) {
  EXPECT_THAT(failure_of(Code::validation, [&] { add("a", std::string_view("x\0y", 3)); }), HasSubstr("NUL"));
  EXPECT_THAT(failure_of(Code::validation, [&] { add("a", "long enough \xff"); }), HasSubstr("UTF-8"));
  failure_of(Code::validation, [&] { add("a", "\xed\xa0\x80"); });
  const Value nan[] = {std::numeric_limits<double>::quiet_NaN()};
  failure_of(Code::validation, [&] { db().execute("UPDATE item SET score = ?", nan); });
  EXPECT_EQ(count(db()), 0);
}

TEST_P(DbSuite, TheNumberOfParametersMustFit) {
  const Value one[] = {1};
  failure_of(Code::internal, [&] { db().query("SELECT uid FROM item WHERE id = ? AND \"order\" = ?", one); });
  failure_of(Code::internal, [&] { db().execute("DELETE FROM item", one); });
}

TEST_P(DbSuite, BadSqlIsADefectAndShowsItself) {
  EXPECT_THAT(failure_of(Code::internal, [&] { db().query("SELECT 1 FROM item WHERE ()"); }), HasSubstr("WHERE ()"));
  failure_of(Code::internal, [&] { db().query(""); });
  failure_of(Code::internal, [&] { db().script("CREATE GARBAGE"); });
  EXPECT_EQ(count(db()), 0) << "the connection goes on";
}

TEST_P(DbSuite, WhatSomebodyDroppedIsNamed) {
  EXPECT_THAT(failure_of(Code::corrupt, [&] { db().query("SELECT nope FROM item"); }), HasSubstr("nope"));
  EXPECT_THAT(failure_of(Code::corrupt, [&] { db().execute("DELETE FROM nope"); }), HasSubstr("nope"));
  EXPECT_EQ(count(db()), 0) << "the connection goes on";
}

// -- statements and rows --------------------------------------------------------------------------------------------

TEST_P(DbSuite, ExecuteSaysHowManyRowsChanged) {
  add("a", "x");
  add("b", "y");
  EXPECT_EQ(db().execute("UPDATE item SET \"order\" = 5"), 2);
  EXPECT_EQ(db().execute("UPDATE item SET \"order\" = 5 WHERE uid = 'nobody'"), 0);
  EXPECT_EQ(db().execute("SELECT 1"), 0);
  EXPECT_EQ(db().execute("DELETE FROM item WHERE uid = 'a'"), 1);
  EXPECT_EQ(db().execute("CREATE TABLE extra (x integer)"), 0);
  EXPECT_TRUE(db().table_exists("extra"));
  EXPECT_FALSE(db().table_exists("Extra\" --"));
}

TEST_P(DbSuite, RowsMayBeDroppedAndStatementsNested) {
  for (int i = 0; i < 50; ++i) add("u" + std::to_string(i), "n" + std::to_string(i));
  {
    auto rows = db().query("SELECT id FROM item ORDER BY id");
    ASSERT_TRUE(rows->next());
  }
  std::int64_t seen = 0;
  auto outer = db().query("SELECT id, uid FROM item ORDER BY id");
  while (outer->next()) {
    const Value id(outer->integer(0));
    auto inner = db().query("SELECT name FROM item WHERE id = ?", {&id, 1});
    ASSERT_TRUE(inner->next());
    EXPECT_EQ(inner->text(0).substr(1), outer->text(1).substr(1));
    auto same = db().query("SELECT id, uid FROM item ORDER BY id");  // the very statement that is being read
    ASSERT_TRUE(same->next());
    EXPECT_EQ(same->text(1), "u0");
    ++seen;
  }
  EXPECT_EQ(seen, 50);
}

TEST_P(DbSuite, ManyDifferentStatementsAndManyRowsWork) {
  for (int i = 0; i < 1000; ++i) {
    auto rows = db().query("SELECT " + std::to_string(i) + " AS x");
    ASSERT_TRUE(rows->next());
    ASSERT_EQ(rows->integer(0), i);
  }
  std::vector<Value> values;
  for (int i = 0; i < 20'000; ++i) {
    values.emplace_back("u" + std::to_string(i));
    values.emplace_back("n" + std::to_string(i % 7));
  }
  static constexpr std::string_view columns[] = {"uid", "name"};
  db().bulk_insert("item", columns, values, false);
  std::int64_t at = 0;
  auto rows = db().query("SELECT uid FROM item ORDER BY id");
  while (rows->next()) ASSERT_EQ(rows->text(0), *values[static_cast<std::size_t>(2 * at++)].text());
  EXPECT_EQ(at, 20'000);
}

TEST_P(DbSuite, AQueryMayWrite) {
  const Value row[] = {"u1", "x"};
  auto rows = db().query("INSERT INTO item (uid, name) VALUES (?, ?) RETURNING id, uid", row);
  ASSERT_TRUE(rows->next());
  EXPECT_GT(rows->integer(0), 0);
  EXPECT_EQ(rows->text(1), "u1");
  EXPECT_FALSE(rows->next());
  db().query("INSERT INTO item (uid, name) VALUES ('u2', 'y'), ('u3', 'z') RETURNING id");  // nobody reads the result
  EXPECT_EQ(count(*open()), 3);
  failure_of(Code::conflict, [&] { db().query("INSERT INTO item (uid, name) VALUES ('u2', 'y') RETURNING id"); });
}

TEST_P(DbSuite, StatementsSurviveChangesOfTheirTables) {
  add("a", "x");
  auto read = [&] {
    auto rows = db().query("SELECT * FROM item");
    EXPECT_TRUE(rows->next());
    return std::string(rows->text(1));
  };
  EXPECT_EQ(read(), "a");
  open()->script("ALTER TABLE item ADD COLUMN extra text");
  EXPECT_EQ(read(), "a");
  db().script("ALTER TABLE item ADD COLUMN more text");
  EXPECT_EQ(read(), "a");
  static constexpr std::string_view columns[] = {"uid", "name", "more"};
  const Value row[] = {"b", "y", "z"};
  const auto ids = db().bulk_insert("item", columns, row, false);
  EXPECT_GT(ids[0], 0);
}

}  // namespace lamin::db::test
