#include "registry/statistics.hpp"

#include <gtest/gtest.h>

#include "registry/testing.hpp"

namespace lamin::registry {
namespace {

using namespace test;

/// A registry that was analyzed when it had fifty rows, and then grew by plain SQL.
class StatisticsThatAreOld : public testing::Test {
 protected:
  Bench bench;

  void SetUp() override {
    fill(50, 1);
    bench.db().connection().script("ANALYZE");
  }
  void fill(int rows, int step) {
    bench.db().connection().script(
        "INSERT INTO lab_sample (id, uid, name, is_latest, branch_id, space_id, created_by_id, created_at, updated_at) "
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " +
        std::to_string(rows) + "), last(id) AS (SELECT coalesce(max(id), 0) FROM lab_sample) SELECT last.id + i * " +
        std::to_string(step) +
        ", 'r' || (last.id + i), 'row ' || i, 1, 1, 1, 1, '2026-01-01', '2026-01-01' FROM n, last");
  }
  std::int64_t rows_known() {
    auto rows =
        bench.db().connection().query("SELECT max(CAST(stat AS integer)) FROM sqlite_stat1 WHERE tbl = 'lab_sample'");
    return rows->next() ? rows->integer(0) : -1;
  }
  void ask() { bench.db().count({.registry = "Sample", .where = Expr::compare("name", Op::exact, Value("row 7"))}); }
};

TEST_F(StatisticsThatAreOld, AreMendedBeforeAQuery) {
  fill(20'000, 1);
  EXPECT_EQ(rows_known(), 50);
  bench.db().transaction([&] { ask(); });
  EXPECT_EQ(rows_known(), 50) << "not in a transaction of the caller's";
  bench.db().count({.registry = "Sample", .where = Expr::compare("name", Op::contains, Value("7"))});
  EXPECT_GT(rows_known(), 10'000);
}

TEST_F(StatisticsThatAreOld, AreLeftWhereOnlyIdsHaveGrown) {
  fill(20, 5'000);
  ask();
  EXPECT_EQ(rows_known(), 50);
}

TEST_F(StatisticsThatAreOld, AreLeftWhileSomebodyElseWrites) {
  fill(20'000, 1);
  auto other = db::open_connection("sqlite://" + bench.path());
  other->begin(true);
  ask();
  EXPECT_EQ(rows_known(), 50);
  other->rollback();
}

}  // namespace
}  // namespace lamin::registry
