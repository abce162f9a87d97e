// journal_test.cpp -- the journal hears every way of writing, with the old row, the new row and the author.
#include <gmock/gmock.h>
#include "db/faulty_testing.hpp"
#include "lamin/error.hpp"
#include "registry/testing.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace {

using registry::Writes;
using registry::test::Bench;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// A bench that records what it hears: "Tag +a", "Tag a>b", "Tag -b".
class JournalTest : public ::testing::Test {
 protected:
  JournalTest() {
    bench.db().keep_journal([this](Database&, const Change& change) {
      heard.push_back(change.table.name.str() + " " + text_of(change.table, change.before, change.after));
      by = change.by.user;
    });
  }

  static std::string text_of(const schema::Table& table, const Record* before, const Record* after) {
    const auto called = [&](const Record& row) {
      return table.name_field.empty() ? std::string("pair") : std::string(row.text(table.name_field));
    };
    if (before == nullptr) return "+" + called(*after);
    if (after == nullptr) return "-" + called(*before);
    return called(*before) + ">" + called(*after);
  }

  std::vector<std::string> since() { return std::exchange(heard, {}); }

  db::Fault calls;
  Bench bench{{}, [this](std::unique_ptr<db::Connection> real) {
                return std::make_unique<db::FaultyConnection>(std::move(real), calls);
              }};
  std::vector<std::string> heard;
  std::int64_t by = 0;
};

TEST_F(JournalTest, HearsRowsOneByOne) {
  auto tag = bench.row("Tag", {{"name", "a"}});
  EXPECT_THAT(since(), ElementsAre("Tag +a"));
  EXPECT_EQ(by, 1);
  tag.set("name", "b");
  Writes(bench.db()).save(tag);
  Writes(bench.db()).save(tag);  // nothing changes
  EXPECT_THAT(since(), ElementsAre("Tag a>b"));
  Writes(bench.db()).remove(tag);
  EXPECT_THAT(since(), ElementsAre("Tag -b"));
}

TEST_F(JournalTest, HearsBulk) {
  std::vector<Record> tags;
  for (const char* name : {"a", "b"}) tags.emplace_back(bench.table("Tag")).set("name", name);
  Writes(bench.db()).insert(tags);
  EXPECT_THAT(since(), ElementsAre("Tag +a", "Tag +b"));
  std::vector<Record> again;
  for (const char* name : {"b", "c"}) again.emplace_back(bench.table("Tag")).set("name", name);
  Writes(bench.db()).insert(again, {.ignore_conflicts = true});
  EXPECT_THAT(since(), ElementsAre("Tag +c"));
  Writes(bench.db()).update({.registry = "Tag", .where = Expr::parse("name != 'a'")}, {{"weight", Value(2.0)}});
  EXPECT_THAT(since(), ElementsAre("Tag b>b", "Tag c>c"));
  EXPECT_EQ(Writes(bench.db()).erase({.registry = "Tag", .where = Expr::parse("weight = 2")}), 2);
  EXPECT_THAT(since(), ElementsAre("Tag -b", "Tag -c"));
}

TEST_F(JournalTest, AnUpdateOfManyRowsIsOneStatement) {
  std::vector<Record> tags;
  for (int i = 0; i < 500; ++i) tags.emplace_back(bench.table("Tag")).set("name", "t" + std::to_string(i));
  Writes(bench.db()).insert(tags);
  since();
  const auto before = calls.calls;
  Writes(bench.db()).update({.registry = "Tag"}, {{"weight", Value(3.0)}});
  EXPECT_LT(calls.calls - before, 10);
  EXPECT_EQ(since().size(), 500U);
}

TEST_F(JournalTest, HearsLinksAndWhatGoesAlong) {
  const auto sample = bench.row("Sample", {{"name", "s"}});
  const auto tag = bench.row("Tag", {{"name", "a"}}), parent = bench.row("Tag", {{"name", "p"}});
  since();
  const std::int64_t ids[] = {tag.id()};
  const auto& labels = *sample.table().find_relation("labels");
  Writes(bench.db()).link(sample, labels, ids);
  Writes(bench.db()).link(sample, labels, ids);  // exists already
  EXPECT_THAT(since(), ElementsAre("SampleLabel +pair"));
  Writes(bench.db()).unlink(sample, labels, ids);
  EXPECT_THAT(since(), ElementsAre("SampleLabel -pair"));
  const std::pair<std::int64_t, std::int64_t> pairs[] = {{tag.id(), parent.id()}};
  const auto& parents = *tag.table().find_relation("parents");
  EXPECT_EQ(Writes(bench.db()).add_pairs(parents, pairs), 1);
  EXPECT_EQ(Writes(bench.db()).add_pairs(parents, pairs), 0);
  EXPECT_EQ(since().size(), 1U);
  bench.row("Note", {{"text", "n"}, {"sample", sample.id()}});
  since();
  Writes(bench.db()).remove(sample);
  EXPECT_THAT(since(), ElementsAre("Note -n", "Sample -s"));
}

TEST_F(JournalTest, UndoesAWriteThatItRefuses) {
  bench.db().keep_journal([](Database&, const Change&) { throw Error(Code::no_access, "not you"); });
  Record tag(bench.table("Tag"));
  tag.set("name", "a");
  EXPECT_THROW(Writes(bench.db()).insert({&tag, 1}), Error);
  EXPECT_THROW(Writes(bench.db()).save(tag), Error);
  bench.db().keep_journal({});
  EXPECT_EQ(bench.db().count({.registry = "Tag"}), 0);
  bench.row("Tag", {{"name", "a"}});
  EXPECT_THAT(heard, IsEmpty());
}

}  // namespace
}  // namespace lamin
