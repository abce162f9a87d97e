// bulk_load_test.cpp -- what a table forbids is forbidden to many rows at once, too.
#include "registry/bulk_load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "registry/testing.hpp"

namespace lamin::registry {
namespace {

using namespace test;

class BulkLoad : public ::testing::Test {
 protected:
  const schema::Table& tags() { return bench.db().catalog().table("lab.Tag"); }
  std::vector<Record> records(int n) {
    std::vector<Record> all;
    for (int i = 0; i < n; ++i) {
      all.emplace_back(tags());
      all.back().set("name", Value("tag " + std::to_string(i)));
    }
    return all;
  }
  void load(std::vector<Record> rows) {
    load_in_bulk(bench.db(), tags(), [&] { Writes(bench.db()).insert(rows, {.undoes = false}); });
  }
  std::int64_t number(const std::string& sql) {
    auto rows = bench.db().connection().query(sql);
    return rows->next() ? rows->integer(0) : -1;
  }
  std::int64_t count() { return number("SELECT count(*) FROM lab_tag"); }

  Bench bench;
};

TEST_F(BulkLoad, UniqueValuesStayUnique) {
  auto rows = records(2000);
  rows[1500].set("name", Value("tag 3"));
  try {
    load(rows);
    FAIL() << "saved twice";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::conflict);
    EXPECT_THAT(error.what(), ::testing::HasSubstr("tag 3"));
  }
  EXPECT_EQ(count(), 0);
  load(records(2000));
  EXPECT_EQ(count(), 2000);
}

TEST_F(BulkLoad, ACheckOfTheTableHolds) {
  bench.db().connection().script(
      "CREATE TABLE \"new\" (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, name varchar(20) NOT NULL UNIQUE, weight "
      "real, CONSTRAINT light CHECK (weight < 100)); DROP TABLE lab_tag; ALTER TABLE \"new\" RENAME TO lab_tag");
  auto rows = records(2000);
  rows[1500].set("weight", Value(120.0));
  EXPECT_THROW(load(rows), Error);
  EXPECT_EQ(count(), 0);
}

TEST_F(BulkLoad, WhatIsCheckedOtherwiseIsCheckedAgainAfterIt) {
  load(records(2000));
  EXPECT_EQ(number("PRAGMA foreign_keys"), 1);
  EXPECT_EQ(number("PRAGMA ignore_check_constraints"), 0);
}

}  // namespace
}  // namespace lamin::registry
