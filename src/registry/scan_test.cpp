// scan_test.cpp -- a few columns of one table.
#include "registry/scan.hpp"
#include <gtest/gtest.h>
#include "registry/testing.hpp"

namespace lamin {
namespace {

using registry::extent_of;
using registry::last_id;
using registry::rows_above;
using registry::Scan;
using registry::test::Bench;
using Op = registry::ScanOptions::Where::Op;

std::vector<std::string> texts(std::unique_ptr<db::Rows> rows) {
  std::vector<std::string> all;
  while (rows->next()) all.emplace_back(rows->is_null(0) ? "-" : rows->text(0));
  return all;
}

TEST(Scan, ReadsWhatItsConditionsAllow) {
  Bench bench;
  for (const auto& [name, age] : {std::pair("a", 30), std::pair("b", 20), std::pair("c", 20)}) {
    bench.row("Donor", {{"name", name}, {"age", age}});
  }
  bench.row("Donor", {{"age", 20}});
  const auto& donor = bench.table("Donor");
  const auto *id = &donor.columns[0], *name = &donor.column("name"), *age = &donor.column("age");
  using Names = std::vector<std::string>;
  EXPECT_EQ(texts(Scan(donor, {.columns = {name}, .order = {{id}}}).rows(bench.db())), (Names{"a", "b", "c", "-"}));
  const Value twenty[] = {20};
  EXPECT_EQ(texts(Scan(donor, {.columns = {name}, .where = {{age}}, .order = {{id, true}}, .limit = 2})
                      .rows(bench.db(), twenty)),
            (Names{"-", "c"}));
  const Value two_and_30[] = {2, 30, 20};
  EXPECT_EQ(
      texts(Scan(donor, {.columns = {name}, .where = {{id, Op::above}, {age, Op::either, false}}, .order = {{id}}})
                .rows(bench.db(), two_and_30)),
      (Names{"c", "-"}));
  EXPECT_EQ(texts(Scan(donor, {.columns = {id}, .where = {{name, Op::is_null}}}).rows(bench.db())), (Names{"4"}));
  auto whole = Scan(donor, {}).rows(bench.db());
  ASSERT_TRUE(whole->next());
  EXPECT_EQ(whole->text(name->position), "a") << "all columns, in their order";
}

TEST(Scan, TellsHowFarATableReaches) {
  Bench bench;
  const auto& donor = bench.table("Donor");
  EXPECT_EQ(extent_of(bench.db(), donor), registry::Extent{});
  for (int i = 0; i < 3; ++i) bench.row("Donor", {{"age", i}});
  EXPECT_EQ(extent_of(bench.db(), donor), (registry::Extent{.rows = 3, .last_id = 3}));
  EXPECT_EQ(last_id(bench.db(), donor), 3);
  EXPECT_EQ(rows_above(bench.db(), donor, 1), 2);
}

}  // namespace
}  // namespace lamin
