// The engine on PostgreSQL: the same rows in the same order as on SQLite.
#include <gmock/gmock.h>

#include <cstdlib>
#include <thread>

#include "db/recorder_testing.hpp"
#include "registry/injection_testing.hpp"
#include "registry/query_property_testing.hpp"
#include "registry/sql_files_testing.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace {

using namespace registry::test;
using testing::HasSubstr;

class OnPostgres : public testing::Test {
 protected:
  void SetUp() override {
    const char* url = std::getenv("LAMIN_TEST_POSTGRES");
    ASSERT_NE(url, nullptr) << "LAMIN_TEST_POSTGRES is not set: `./dev test pg` sets it";
    bench_ = std::make_unique<Bench>(url);
  }
  Bench& bench() { return *bench_; }

 private:
  std::unique_ptr<Bench> bench_;
};

TEST_F(OnPostgres, FindsWhatSqliteAndTheModelFind) {
  const int queries = std::getenv("LAMIN_TEST_LONG") != nullptr ? 20'000 : 2'000;
  Bench sqlite;
  check_random_queries({&sqlite, &bench()}, queries, 11);
}

TEST(InjectionOnPostgres, NoTextBecomesSql) {
  const char* url = std::getenv("LAMIN_TEST_POSTGRES");
  ASSERT_NE(url, nullptr) << "LAMIN_TEST_POSTGRES is not set: `./dev test pg` sets it";
  std::set<std::string, std::less<>> sent;
  Bench bench(url, [&](auto real) { return std::make_unique<db::Recorder>(std::move(real), sent); });
  bench.row("Sample", {{"name", "a"}, {"params", Json{R"({"k": "v"})"}}});
  bench.db().count({.registry = "Sample"});  // asks once how the database folds case
  sent.clear();
  EXPECT_GE(try_hostile_texts(bench), 500);
  const Vocabulary vocabulary(bench.db().catalog());
  for (const auto& sql : sent) EXPECT_EQ(vocabulary.unexpected(sql), "") << sql;
  EXPECT_EQ(bench.db().count({.registry = "Sample"}), 1);
}

TEST_F(OnPostgres, TheFilesHold) { check_sql_files(bench()); }

TEST_F(OnPostgres, SavesAndUpdates) {
  auto& db = bench().db();
  Record s = bench().row("Sample", {{"name", "a"},
                                    {"score", 1.5},
                                    {"taken_at", "2024-01-01 10:00:00.123456"},
                                    {"day", "2024-02-29"},
                                    {"params", Json{R"({"b": 1, "a": [1, 2]})"}}});
  const auto there = db.find(bench().table("Sample"), s.id());
  ASSERT_TRUE(there.has_value());
  EXPECT_EQ(there->at("taken_at"), s.at("taken_at"));
  EXPECT_EQ(there->at("created_at"), s.at("created_at"));
  const auto before = db.writes(bench().table("Sample"));
  registry::Writes(db).save(s);
  EXPECT_EQ(db.writes(bench().table("Sample")), before) << "jsonb keeps another order of keys: no change";
  s.set("day", Value());
  registry::Writes(db).save(s);
  EXPECT_TRUE(db.find(bench().table("Sample"), s.id())->at("day").is_null());
}

TEST_F(OnPostgres, AConflictInsideATransactionSpoilsNothing) {
  auto& db = bench().db();
  db.transaction([&] {
    bench().row("Tag", {{"name", "red"}});
    const auto error = error_of([&] { bench().row("Tag", {{"name", "red"}}); });
    EXPECT_EQ(error.code(), Code::conflict);
    EXPECT_THAT(error.what(), HasSubstr("There is a Tag with name='red' already"));
    bench().row("Tag", {{"name", "blue"}});
  });
  EXPECT_EQ(db.count({.registry = "Tag"}), 2);
}

TEST_F(OnPostgres, InsertsManyAndGoesOnAfterGivenIds) {
  auto& db = bench().db();
  std::vector<Record> tags(3000, Record(bench().table("Tag")));
  for (std::size_t i = 0; i < tags.size(); ++i) tags[i].set("name", Value("t" + std::to_string(i)));
  registry::Writes(db).insert(tags);
  EXPECT_EQ(db.find(bench().table("Tag"), tags[2999].id())->text("name"), "t2999");
  Record fixed(bench().table("Tag"));
  fixed.set(0, Value(9000));
  fixed.set("name", Value("fixed"));
  registry::Writes(db).insert({&fixed, 1});
  EXPECT_EQ(bench().row("Tag", {{"name", "next"}}).id(), 9001);
  std::vector<Record> again = {Record(bench().table("Tag")), Record(bench().table("Tag"))};
  again[0].set("name", Value("t5"));
  again[1].set("name", Value("new"));
  registry::Writes(db).insert(again, {.ignore_conflicts = true});
  EXPECT_FALSE(again[0].saved());
  EXPECT_TRUE(again[1].saved());
}

TEST_F(OnPostgres, RemovesWhatBelongsToTheRow) {
  auto& db = bench().db();
  const Record s = bench().row("Sample", {{"name", "a"}}), tag = bench().row("Tag", {{"name", "red"}});
  const auto id = tag.id();
  EXPECT_EQ(registry::Writes(db).link(s, *s.table().find_relation("labels"), {&id, 1}, {{"feature", 1}}), 1);
  EXPECT_EQ(registry::Writes(db).link(s, *s.table().find_relation("labels"), {&id, 1}, {{"feature", 1}}), 0);
  EXPECT_EQ(error_of([&] { registry::Writes(db).remove(tag); }).code(), Code::protected_row);
  EXPECT_EQ(registry::Writes(db).remove(s).size(), 2U);
  EXPECT_EQ(registry::Writes(db).remove(tag).size(), 1U);
}

TEST_F(OnPostgres, RepeatsATransactionThatLostTheRace) {
  auto& db = bench().db();
  Record counter = bench().row("Note", {{"text", "counter"}, {"stars", 0}});
  const std::string url = db.connection().describe();
  auto add = [&](Database& on, int times) {
    for (int i = 0; i < times; ++i)
      on.transaction([&] {
        auto row = *on.find(on.catalog().table("Note"), counter.id());
        row.set("stars", Value(row.at("stars").integer_or(0) + 1));
        registry::Writes(on).save(row);
      });
  };
  const std::string base = std::getenv("LAMIN_TEST_POSTGRES");
  schema::Catalog catalog;
  catalog.add(bench_module());
  Database other(db::open_connection(base.substr(0, base.rfind('/')) + url.substr(url.rfind('/'))), std::move(catalog));
  std::thread thread([&] { add(other, 25); });
  add(db, 25);
  thread.join();
  EXPECT_EQ(db.find(bench().table("Note"), counter.id())->at("stars"), Value(50)) << "no update is lost";
}

TEST_F(OnPostgres, RunsATransactionAgainWhoseConnectionWasLost) {
  auto& db = bench().db();
  auto killer = db::open_connection(std::getenv("LAMIN_TEST_POSTGRES"));
  const auto lose = [&] {
    const Value pid(db::integer_of(db.connection(), "SELECT pg_backend_pid()"));
    killer->query("SELECT pg_terminate_backend(?::integer, 5000)", {&pid, 1});
  };
  int runs = 0;
  db.transaction([&] {
    bench().row("Sample", {{"name", "first"}});
    if (++runs == 1) lose();
    bench().row("Sample", {{"name", "second"}});
  });
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(db.count({.registry = "Sample"}), 2);
  lose();
  EXPECT_EQ(db.count({.registry = "Sample"}), 2) << "and reading goes on without a word";
  lose();
  EXPECT_EQ(bench().row("Sample", {{"name", "third"}}).text("name"), "third");
  EXPECT_EQ(db.count({.registry = "Sample"}), 3);
}

}  // namespace
}  // namespace lamin
