#include "lamin/pages.hpp"

#include <gtest/gtest.h>

#include "db/recorder_testing.hpp"
#include "registry/testing.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace {

using namespace registry::test;

class PagesTest : public testing::Test {
 protected:
  void SetUp() override {
    std::vector<Record> notes;
    for (int i = 0; i < 25; ++i) {
      notes.emplace_back(bench.table("Note"));
      notes.back().set("text", Value(std::to_string(i)));
      notes.back().set("stars", Value(i % 3));
    }
    registry::Writes(bench.db()).insert(notes);
  }

  std::vector<std::int64_t> all(const Query& query, std::int64_t size, std::size_t* pages = nullptr) {
    std::vector<std::int64_t> out;
    Pages rows(bench.db(), query, size);
    for (auto page = rows.next(); !page.empty(); page = rows.next()) {
      EXPECT_LE(page.size(), static_cast<std::size_t>(size));
      for (const auto& row : page) out.push_back(row.id());
      if (pages != nullptr) ++*pages;
    }
    EXPECT_TRUE(rows.next().empty()) << "the end stays the end";
    return out;
  }

  std::vector<std::int64_t> whole(const Query& query) {
    std::vector<std::int64_t> out;
    for (const auto& row : bench.db().all(query)) out.push_back(row.id());
    return out;
  }

  std::set<std::string, std::less<>> sent;
  Bench bench{{}, [this](auto real) { return std::make_unique<db::Recorder>(std::move(real), sent); }};
};

TEST_F(PagesTest, GiveWhatTheWholeQueryGives) {
  const std::vector<Query> queries = {
      {.registry = "Note"},
      {.registry = "Note", .where = Expr::parse("stars = 1")},
      {.registry = "Note", .order_by = {"id"}},
      {.registry = "Note", .where = Expr::parse("stars = 1"), .order_by = {"-id"}},
      {.registry = "Note", .where = Expr::parse("stars = 7")},
      {.registry = "Note", .order_by = {"-stars", "text"}},
      {.registry = "Note", .order_by = {"-stars"}, .limit = 13, .offset = 2},
      {.registry = "Note", .limit = 0},
  };
  for (const auto& query : queries)
    for (const std::int64_t size : {1, 5, 7, 25, 100}) EXPECT_EQ(all(query, size), whole(query)) << size;
  std::size_t pages = 0;
  all({.registry = "Note"}, 10, &pages);
  EXPECT_EQ(pages, 3U);
  EXPECT_EQ(error_of([&] { Pages(bench.db(), {.registry = "Note"}, 0); }).code(), Code::invalid_argument);
}

TEST_F(PagesTest, GoOnWhileRowsAreWritten) {
  auto& db = bench.db();
  Pages rows(db, {.registry = "Note", .order_by = {"-id"}, .limit = 25}, 10);
  EXPECT_EQ(rows.next().size(), 10U);
  registry::Writes(db).remove(*db.find(bench.table("Note"), 15));
  bench.row("Note", {{"text", "new"}});
  EXPECT_EQ(rows.next().size(), 9U) << "the deleted one is left out";
  EXPECT_EQ(rows.next().size(), 5U) << "what came meanwhile is not among them";
  EXPECT_TRUE(rows.next().empty());
}

TEST_F(PagesTest, RelationsOfManyRowsTakeTwoStatements) {
  auto& db = bench.db();
  std::vector<std::int64_t> samples, tags;
  for (int i = 0; i < 50; ++i) samples.push_back(bench.row("Sample", {{"name", "s" + std::to_string(i)}}).id());
  for (int i = 0; i < 3; ++i) tags.push_back(bench.row("Tag", {{"name", "t" + std::to_string(i)}}).id());
  const auto& relation = *bench.table("Sample").find_relation("labels");
  for (std::size_t i = 0; i < samples.size(); i += 2) {
    const Record sample = *db.find(bench.table("Sample"), samples[i]);
    const std::int64_t two[] = {tags[i % 3], tags[(i + 1) % 3]};
    registry::Writes(db).link(sample, relation, two);
    registry::Writes(db).link(sample, relation, {two, 1}, {{"feature", 1}});
  }
  sent.clear();
  const auto found = related_rows(db, relation, samples);
  EXPECT_EQ(sent.size(), 2U);
  EXPECT_EQ(found.rows.size(), 3U);
  for (const auto id : samples) {
    std::vector<std::int64_t> expected, got;
    for (const auto& row : db.all(db.related(*db.find(bench.table("Sample"), id), relation)))
      expected.push_back(row.id());
    for (const auto place : found.of.at(id)) got.push_back(found.rows[place].id());
    EXPECT_EQ(got, expected);
  }
  EXPECT_TRUE(related_rows(db, relation, {}).of.empty());
  const auto notes = related_rows(db, *bench.table("Sample").find_relation("notes"), samples);
  EXPECT_TRUE(notes.rows.empty());
  EXPECT_EQ(notes.of.size(), samples.size());
}

}  // namespace
}  // namespace lamin
