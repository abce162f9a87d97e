#include <gmock/gmock.h>

#include "registry/testing.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace {

using registry::test::Bench;
using registry::test::error_of;
using testing::HasSubstr;

TEST(Save, FillsWhatTheCallerLeavesOut) {
  Bench bench;
  const Record s = bench.row("Sample", {{"name", "a"}});
  EXPECT_GT(s.id(), 0);
  EXPECT_EQ(s.uid().size(), 12U);
  EXPECT_TRUE(s.uid().ends_with("0000")) << "the first version of a family";
  EXPECT_EQ(s.at("branch"), Value(1));
  EXPECT_EQ(s.at("space_id"), Value(1));
  EXPECT_EQ(s.at("created_by"), Value(1));
  EXPECT_TRUE(std::holds_alternative<Time>(s.at("created_at")));
  EXPECT_EQ(bench.db().find(bench.table("Sample"), s.id())->values(), s.values())
      << "what is in memory is what is stored";
}

TEST(Save, StampsTheBranch) {
  Bench bench;
  bench.db().session().branch = 2;
  EXPECT_EQ(bench.row("Sample", {{"name", "a"}}).at("branch"), Value(2));
  EXPECT_EQ(bench.row("Sample", {{"name", "b"}, {"branch", 1}}).at("branch"), Value(1));
}

TEST(Save, RefusesWhatDoesNotFit) {
  Bench bench;
  const std::pair<std::vector<std::pair<std::string, Value>>, const char*> bad[] = {
      {{{"size", 3}}, "'name'"},
      {{{"name", 3}}, "Sample.name holds text, got the integer 3"},
      {{{"name", "a"}, {"size", "3"}}, "Sample.size holds integer"},
      {{{"name", "a"}, {"is_ok", 2}}, "Sample.is_ok holds boolean"},
      {{{"name", "a"}, {"taken_at", "yesterday"}}, "Sample.taken_at holds time"},
      {{{"name", "a"}, {"day", Time{0}}}, "Sample.day holds date"},
      {{{"name", "a"}, {"params", "{}"}}, "Sample.params holds JSON"},
      {{{"name", "a"}, {"kind", "organ"}}, "must be one of 'cell', 'tissue', got 'organ'"},
      {{{"name", std::string(21, 'x')}}, "at most 20 characters, got 21"},
      {{{"name", std::string("a\0b", 3)}}, "NUL"},
  };
  for (const auto& [values, message] : bad) {
    const auto error = error_of([&] { bench.row("Sample", values); });
    EXPECT_EQ(error.code(), Code::validation) << message;
    EXPECT_THAT(error.what(), HasSubstr(message));
  }
  EXPECT_THAT(error_of([&] { bench.row("Note", {{"text", "t"}, {"stars", 40'000}}); }).what(), HasSubstr("16 bits"));
  EXPECT_EQ(bench.db().count({.registry = "Sample"}), 0);
}

TEST(Save, CountsCharactersNotBytes) {
  Bench bench;
  std::string name;
  for (int i = 0; i < 20; ++i) name += "\xC3\xA4";
  EXPECT_EQ(bench.row("Sample", {{"name", name}}).text("name"), name);
}

TEST(Save, ConvertsWhatLosesNothing) {
  Bench bench;
  const Record s = bench.row("Sample", {{"name", "a"}, {"score", 2}, {"is_ok", 1}, {"day", "2026-01-31"}});
  EXPECT_EQ(s.at("score"), Value(2.0));
  EXPECT_EQ(s.at("is_ok"), Value(true));
  EXPECT_TRUE(std::holds_alternative<Date>(s.at("day")));
}

TEST(Save, WritesOnlyWhatChanged) {
  Bench bench;
  auto& db = bench.db();
  Record mine = bench.row("Sample", {{"name", "a"}, {"size", 1}, {"params", Json{R"({"b": 1, "a": 2})"}}});
  Record theirs = *db.find(bench.table("Sample"), mine.id());
  theirs.set("size", Value(7));
  registry::Writes(db).save(theirs);
  EXPECT_GT(std::get<Time>(theirs.at("updated_at")).micros, std::get<Time>(mine.at("updated_at")).micros);
  const auto before = db.writes(bench.table("Sample"));
  mine.set("size", Value(7));
  mine.set("updated_at", theirs.at("updated_at"));
  registry::Writes(db).save(mine);
  EXPECT_EQ(db.writes(bench.table("Sample")), before) << "nothing differs, nothing is written";
}

TEST(Save, LeavesWhatOthersChangedSinceItWasRead) {
  Bench bench;
  auto& db = bench.db();
  Record mine = bench.row("Sample", {{"name", "a"}, {"size", 1}});
  Record theirs = *db.find(bench.table("Sample"), mine.id());
  theirs.set("size", Value(7));
  registry::Writes(db).save(theirs);
  mine.set("name", Value("b"));
  registry::Writes(db).save(mine);
  EXPECT_EQ(mine.at("size"), Value(7));
  EXPECT_EQ(db.find(bench.table("Sample"), mine.id())->values(), mine.values());
  mine.set("size", Value(1));  // what was set before counts no more
  theirs.set("name", Value("c"));
  registry::Writes(db).save(theirs);
  registry::Writes(db).save(mine);
  const Record now = *db.find(bench.table("Sample"), mine.id());
  EXPECT_EQ(now.text("name"), "c");
  EXPECT_EQ(now.at("size"), Value(1));
}

TEST(Save, IsDoneAgainWithItsTransaction) {
  Bench bench;
  auto& db = bench.db();
  Record sample = bench.row("Sample", {{"name", "a"}, {"size", 1}});
  sample.set("size", Value(7));
  int attempts = 0;
  db.transaction([&] {
    registry::Writes(db).save(sample);
    if (++attempts == 1) throw db::Retry(Code::conflict, "another writer was faster");
  });
  EXPECT_EQ(attempts, 2);
  EXPECT_EQ(db.find(bench.table("Sample"), sample.id())->at("size"), Value(7));
}

TEST(Save, SaysWhichRowIsThere) {
  Bench bench;
  bench.row("Tag", {{"name", "red"}});
  const auto error = error_of([&] { bench.row("Tag", {{"name", "red"}}); });
  EXPECT_EQ(error.code(), Code::conflict);
  EXPECT_THAT(error.what(), HasSubstr("There is a Tag with name='red' already: Tag(name='red'"));
  bench.row("Sample", {{"name", "a"}, {"kind", "cell"}, {"size", 1}});
  EXPECT_THAT(error_of([&] { bench.row("Sample", {{"name", "a"}, {"kind", "cell"}, {"size", 1}}); }).what(),
              HasSubstr("name='a', kind='cell', size=1"));
  EXPECT_THAT(error_of([&] { bench.row("Space", {{"name", "ALL"}}); }).what(), HasSubstr("Space(name='all')"));
  Record other = bench.row("Tag", {{"name", "blue"}});
  other.set("name", Value("red"));
  EXPECT_EQ(error_of([&] { registry::Writes(bench.db()).save(other); }).code(), Code::conflict);
}

TEST(Save, TellsWhenTheRowIsGone) {
  Bench bench;
  Record tag = bench.row("Tag", {{"name", "red"}});
  registry::Writes(bench.db()).remove(tag);
  tag.set("name", Value("blue"));
  EXPECT_EQ(error_of([&] { registry::Writes(bench.db()).save(tag); }).code(), Code::not_found);
}

TEST(Save, RunsHooksInItsTransaction) {
  Bench bench;
  auto& db = bench.db();
  std::vector<std::string> seen;
  db.hooks()["lab.Tag"] = {
      .before_insert = [&](Database&, Record& r) { r.set("weight", Value(2.5)); },
      .after_insert =
          [&](Database& d, Record& r) {
            seen.push_back("inserted " + std::to_string(r.id() > 0));
            if (r.text("name") == "bad") throw Error(Code::validation, "no");
            EXPECT_TRUE(d.connection().in_transaction());
          },
      .before_update = [&](Database&, const Record& old,
                           Record&) { seen.push_back("was " + std::string(old.text("name"))); },
      .before_delete = [&](Database&, const Record& r) { seen.push_back("gone " + std::string(r.text("name"))); }};
  Record tag = bench.row("Tag", {{"name", "red"}});
  EXPECT_EQ(tag.at("weight"), Value(2.5));
  tag.set("name", Value("blue"));
  registry::Writes(db).save(tag);
  registry::Writes(db).remove(tag);
  EXPECT_THROW(bench.row("Tag", {{"name", "bad"}}), Error);
  EXPECT_EQ(db.count({.registry = "Tag"}), 0) << "a hook that throws takes the row with it";
  EXPECT_EQ(seen, (std::vector<std::string>{"inserted 1", "was red", "gone blue", "inserted 1"}));
}

TEST(Insert, GivesIdsInOrder) {
  Bench bench;
  std::vector<Record> tags(2000, Record(bench.table("Tag")));
  for (std::size_t i = 0; i < tags.size(); ++i) tags[i].set("name", Value("t" + std::to_string(i)));
  registry::Writes(bench.db()).insert(tags);
  for (const auto& tag : {tags.front(), tags[999], tags.back()})
    EXPECT_EQ(bench.db().find(bench.table("Tag"), tag.id())->text("name"), tag.text("name"));
}

TEST(Insert, IsAllOrNothing) {
  Bench bench;
  std::vector<Record> tags(3, Record(bench.table("Tag")));
  for (int i = 0; i < 3; ++i)
    tags[static_cast<std::size_t>(i)].set("name", Value(i == 2 ? "t0" : "t" + std::to_string(i)));
  const auto error = error_of([&] { registry::Writes(bench.db()).insert(tags); });
  EXPECT_EQ(error.code(), Code::conflict);
  EXPECT_THAT(error.what(), HasSubstr("Two of the new Tag records have name='t0'"));
  EXPECT_EQ(bench.db().count({.registry = "Tag"}), 0);
  for (const auto& tag : tags) {
    EXPECT_FALSE(tag.saved());
    EXPECT_TRUE(tag.at("name").text() != nullptr) << "the values are back in their records";
  }
}

TEST(Insert, SkipsConflictsIfAsked) {
  Bench bench;
  bench.row("Tag", {{"name", "t1"}});
  std::vector<Record> tags(3, Record(bench.table("Tag")));
  for (std::size_t i = 0; i < 3; ++i) tags[i].set("name", Value("t" + std::to_string(i)));
  registry::Writes(bench.db()).insert(tags, {.ignore_conflicts = true});
  EXPECT_TRUE(tags[0].saved());
  EXPECT_FALSE(tags[1].saved());
  EXPECT_TRUE(tags[2].saved());
  EXPECT_EQ(bench.db().count({.registry = "Tag"}), 3);
}

TEST(Insert, KeepsGivenIdsAndGoesOnAfterThem) {
  Bench bench;
  Record fixed(bench.table("Tag"));
  fixed.set(0, Value(500));
  fixed.set("name", Value("fixed"));
  registry::Writes(bench.db()).insert({&fixed, 1});
  EXPECT_EQ(fixed.id(), 500);
  EXPECT_EQ(bench.row("Tag", {{"name", "next"}}).id(), 501);
}

TEST(Update, ChangesEveryRowOfAQuery) {
  Bench bench;
  auto& db = bench.db();
  const Record donor = bench.row("Donor", {{"name", "d"}});
  for (int i = 0; i < 5; ++i) {
    Record s = bench.row("Sample", {{"name", "s" + std::to_string(i)}, {"size", i}});
    if (i > 2) {
      s.set("donor", Value(donor.id()));
      registry::Writes(db).save(s);
    }
  }
  EXPECT_EQ(registry::Writes(db).update({.registry = "Sample", .where = Expr::parse("size < 2")}, {{"is_ok", true}}),
            2);
  EXPECT_EQ(
      registry::Writes(db).update({.registry = "Sample", .where = Expr::parse("donor.name = 'd'")}, {{"kind", "cell"}}),
      2);
  EXPECT_EQ(db.count({.registry = "Sample", .where = Expr::parse("is_ok = true")}), 2);
  EXPECT_EQ(db.count({.registry = "Sample", .where = Expr::parse("kind = 'cell' and size > 2")}), 2);
  EXPECT_EQ(error_of([&] { registry::Writes(db).update({.registry = "Sample"}, {{"kind", "organ"}}); }).code(),
            Code::validation);
  EXPECT_EQ(error_of([&] { registry::Writes(db).update({.registry = "Sample"}, {{"name", Value()}}); }).code(),
            Code::validation);
  EXPECT_EQ(error_of([&] { registry::Writes(db).update({.registry = "Sample"}, {{"id", 3}}); }).code(),
            Code::invalid_argument);
}

TEST(Remove, TakesWhatBelongsToTheRow) {
  Bench bench;
  auto& db = bench.db();
  const Record s = bench.row("Sample", {{"name", "a"}});
  const Record tag = bench.row("Tag", {{"name", "red"}});
  bench.row("Note", {{"text", "n"}, {"sample", s.id()}});
  const auto id = tag.id();
  registry::Writes(db).link(s, *bench.table("Sample").find_relation("tags"), {&id, 1});
  registry::Writes(db).link(s, *bench.table("Sample").find_relation("labels"), {&id, 1});
  const auto error = error_of([&] { registry::Writes(db).remove(tag); });
  EXPECT_EQ(error.code(), Code::protected_row);
  EXPECT_THAT(error.what(), HasSubstr("1 row refers to it: SampleLabel("));
  EXPECT_EQ(registry::Writes(db).remove(s),
            (std::map<std::string, std::int64_t>{
                {"lab_note", 1}, {"lab_sample", 1}, {"lab_sample_tags", 1}, {"lab_samplelabel", 1}}));
  EXPECT_EQ(registry::Writes(db).remove(tag).size(), 1U);
  EXPECT_EQ(error_of([&] { registry::Writes(db).remove(Record(bench.table("Tag"))); }).code(), Code::invalid_argument);
}

TEST(Link, SkipsPairsThatAreThere) {
  Bench bench;
  auto& db = bench.db();
  const Record s = bench.row("Sample", {{"name", "a"}});
  std::vector<std::int64_t> ids;
  for (int i = 0; i < 4; ++i) ids.push_back(bench.row("Tag", {{"name", "t" + std::to_string(i)}}).id());
  const auto& labels = *bench.table("Sample").find_relation("labels");
  EXPECT_EQ(registry::Writes(db).link(s, labels, std::span(ids).first(2)), 2);
  EXPECT_EQ(registry::Writes(db).link(s, labels, ids), 2);
  EXPECT_EQ(registry::Writes(db).link(s, labels, ids, {{"feature", 3}}), 4) << "with a feature it is another pair";
  EXPECT_EQ(registry::Writes(db).link(s, labels, ids, {{"feature", 3}}), 0);
  EXPECT_EQ(db.count(db.related(s, labels)), 4) << "a row comes once, however often it is linked";
  EXPECT_EQ(registry::Writes(db).unlink(s, labels, std::span(ids).first(1)), 2);
  const auto& tags = *bench.table("Sample").find_relation("tags");
  EXPECT_EQ(registry::Writes(db).link(s, tags, ids), 4);
  EXPECT_EQ(registry::Writes(db).link(s, tags, ids), 0);
  EXPECT_EQ(registry::Writes(db).unlink(s, tags, ids), 4);
  EXPECT_EQ(error_of([&] { registry::Writes(db).link(s, *bench.table("Sample").find_relation("notes"), ids); }).code(),
            Code::invalid_argument);
  EXPECT_EQ(error_of([&] { registry::Writes(db).link(Record(bench.table("Sample")), tags, ids); }).code(),
            Code::invalid_argument);
}

TEST(Link, GoesBothWaysOfAHierarchy) {
  Bench bench;
  auto& db = bench.db();
  const Record animal = bench.row("Tag", {{"name", "animal"}}), dog = bench.row("Tag", {{"name", "dog"}});
  const auto id = animal.id();
  registry::Writes(db).link(dog, *bench.table("Tag").find_relation("parents"), {&id, 1});
  EXPECT_EQ(db.one(db.related(animal, *bench.table("Tag").find_relation("children"))).text("name"), "dog");
  EXPECT_EQ(db.one({.registry = "Tag", .where = Expr::parse("parents.name = 'animal'")}).text("name"), "dog");
}

}  // namespace
}  // namespace lamin
