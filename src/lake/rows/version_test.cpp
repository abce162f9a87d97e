// Versions, trash and branches, however rows are written: always one latest per family and branch.
#include "lake/rows/version.hpp"
#include <map>
#include "lake/open/testing.hpp"
#include "lamin/find.hpp"
#include "lamin/remove.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace {

using testing::code_of;

class VersionTest : public testing::InstanceTest {
 protected:
  const schema::Table& transforms() { return instance->catalog().table("Transform"); }

  Record transform(const std::string& source, const std::string& key = "t.py") {
    return make_transform(*instance, {.key = key, .kind = "script", .source_code = source});
  }
  Record again(const Record& record) { return *instance->database().find(record.table(), record.id()); }
  bool latest(const Record& record) { return again(record).at("is_latest").boolean_or(false); }
  void move(Record record, std::int64_t branch) {
    record = again(record);
    record.set("branch", Value(branch));
    registry::Writes(instance->database()).save(record);
  }
  std::int64_t latest_of(const std::string& key, std::int64_t branch = 1) {
    return count("lamindb_transform", "key = '" + key + "' AND is_latest AND branch_id = " + std::to_string(branch));
  }
};

TEST_F(VersionTest, EveryWayOutOfABranchHandsTheMarkOn) {
  const auto one = transform("1"), two = transform("2"), three = transform("3");
  EXPECT_TRUE(latest(three) && !latest(two) && !latest(one));
  // by saving a record, by updating a query, permanently, to another branch
  move(three, -1);
  EXPECT_TRUE(latest(two) && !latest(three));
  registry::Writes(instance->database())
      .update({.registry = "Transform", .where = Expr::compare("id", Op::exact, two.id())},
              {{"branch", Value(std::int64_t{-1})}});
  EXPECT_TRUE(latest(one) && !latest(two));
  move(two, 1);
  EXPECT_TRUE(latest(one) && !latest(two));
  registry::Writes(instance->database()).remove(again(one));
  EXPECT_TRUE(latest(two));
  move(two, 0);
  EXPECT_EQ(latest_of("t.py"), 0);
  EXPECT_EQ(latest_of("t.py", 0), 1);
  // alone it keeps the mark in the trash, and comes back with it
  move(two, -1);
  EXPECT_TRUE(latest(two));
  move(two, 1);
  EXPECT_EQ(latest_of("t.py"), 1);
}

/// Versions with absurd clock times, and the same versions with correct ones: whatever is done to them, the same ones
/// are the latest.
class ClockTest : public VersionTest, public ::testing::WithParamInterface<bool> {
 protected:
  static constexpr const char* wrong[] = {"2026-03-01 12:00:00", "2041-03-01 12:00:00", "1970-01-01 00:00:00",
                                          "2026-02-27 12:00:00", "2026-03-03 12:00:00", "2006-03-01 12:00:00"};
  std::vector<Record> all;

  void made_at(const std::string& table, const Record& record, std::size_t n) {
    if (!GetParam()) return;
    const Value parameters[] = {Value(wrong[n % std::size(wrong)]), record.id()};
    instance->database().connection().execute("UPDATE " + table + " SET created_at = ? WHERE id = ?", parameters);
  }
  std::string latest_suffix() {
    std::string found;
    for (const auto& one : all) {
      const auto now = again(one);
      if (now.at("is_latest").boolean_or(false) && now.at("branch").integer_or(0) == 1)
        found += std::string(now.uid().substr(now.uid().size() - 4)) + " ";
    }
    return found;
  }
};
INSTANTIATE_TEST_SUITE_P(Clock, ClockTest, ::testing::Values(false, true),
                         [](const auto& info) { return info.param ? "jumps" : "goes"; });

TEST_P(ClockTest, TheNumberAloneIsTheOrder) {
  for (std::size_t i = 0; i < 6; ++i) {
    all.push_back(transform(std::to_string(i)));
    made_at("lamindb_transform", all.back(), i);
  }
  EXPECT_EQ(latest_suffix(), "0005 ");
  auto last = again(all[5]);
  remove(*instance, last);
  EXPECT_EQ(latest_suffix(), "0004 ");
  restore(*instance, last);
  EXPECT_EQ(latest_suffix(), "0004 ");  // the mark goes back if no other row has it
  move(all[4], -1);
  EXPECT_EQ(latest_suffix(), "0005 ");
  registry::Writes(instance->database()).remove(again(all[5]));
  all.pop_back();
  EXPECT_EQ(latest_suffix(), "0003 ");
  const auto& table = transforms();
  const auto stem = all[0].uid().substr(0, 12);
  auto& database = instance->database();
  EXPECT_EQ(lake::head(*instance, table, "key", Value("t.py"), 1)->uid(), all[3].uid());
  EXPECT_EQ(lake::head_of_family(*instance, table, stem, 1)->uid(), all[3].uid());
  EXPECT_EQ(database.find(table, stem)->uid(), all[3].uid());
  EXPECT_EQ(
      lake::newest(database, {.registry = "Transform", .where = Expr::compare("key", Op::exact, Value("t.py"))})->uid(),
      all[3].uid());
  std::vector<std::string> numbers;
  for (const auto& one : versions(*instance, all[0])) numbers.emplace_back(one.uid().substr(12));
  EXPECT_EQ(numbers, (std::vector<std::string>{"0003", "0002", "0001", "0000"}));
  // a source shared by several versions: the newest of them is meant
  const auto next = transform("new");
  EXPECT_EQ(std::string(next.uid()), std::string(stem) + "0006");
}

TEST_P(ClockTest, EachRegistryWithVersionsKeepsIt) {
  auto& database = instance->database();
  int checked = 0;
  for (const schema::Table& table : instance->catalog().tables()) {
    if (!table.registry || !table.has(schema::Trait::versioned) || table.stem_size == 0) continue;
    if (!table.has(schema::Trait::branched)) continue;
    SCOPED_TRACE(table.name.str());
    all.clear();
    const std::string stem(static_cast<std::size_t>(table.stem_size), 'q');
    for (std::size_t i = 0; i < 4; ++i) {
      Record record(table);
      record.set("uid", Value(stem + "000" + std::to_string(i)));
      const auto fill = [&](const char* field, const Value& value) {
        const auto* column = table.find_column(field);
        if (column != nullptr && column->type != Type::boolean) record.set(field, value);
      };
      fill("key", Value("k"));
      fill("name", Value("k"));
      fill("content", Value("text " + std::to_string(i)));
      fill("kind", Value(table.name.str().ends_with("Block") ? "readme" : "script"));
      fill("hash", Value("hash" + std::to_string(i)));
      if (table.name == "Artifact") {
        record.set("suffix", Value(".txt"));
        record.set("storage", instance->storage().id());
        record.set("kind", Value());
        record.set("_key_is_virtual", Value(true));
        record.set("_overwrite_versions", Value(false));
      }
      for (const auto& column : table.columns) {  // what a text is about, a schema's parts
        if (column.kind != schema::Kind::ref || column.field == nullptr || column.field->optional ||
            column.to == nullptr)
          continue;
        if (record[column.position].is_null() && column.field->fill == schema::Fill::nobody &&
            column.name != "branch" && column.name != "created_on" && column.name != "space")
          record.set(column.name.str(), Value(std::int64_t{1}));
      }
      database.connection().script(database.connection().dialect() == db::Dialect::sqlite ? "PRAGMA foreign_keys=OFF"
                                                                                          : "");
      registry::Writes(database).save(record);
      made_at(table.table.str(), record, i);
      all.push_back(record);
    }
    EXPECT_EQ(latest_suffix(), "0003 ");
    move(all[3], -1);
    EXPECT_EQ(latest_suffix(), "0002 ");
    move(all[2], -1);
    EXPECT_EQ(latest_suffix(), "0001 ");
    ++checked;
  }
  EXPECT_GE(checked, 5);
}

TEST_P(ClockTest, OfFamiliesTheOneThatWasMadeLast) {
  const auto early = transform("1", "same.py");
  Record other(transforms());
  other.set("uid", Value("zzzzzzzzzzzz0000"));
  other.set("key", Value("same.py"));
  other.set("kind", Value("script"));
  registry::Writes(instance->database()).save(other);
  const Value parameters[] = {Value("2020-01-01 00:00:00"), other.id()};
  EXPECT_EQ(lake::head(*instance, transforms(), "key", Value("same.py"), 1)->id(), other.id());
  instance->database().connection().execute("UPDATE lamindb_transform SET created_at = ? WHERE id = ?", parameters);
  EXPECT_EQ(lake::head(*instance, transforms(), "key", Value("same.py"), 1)->id(), early.id());
}

TEST_F(VersionTest, WhatWasReadBeforeOthersWroteDoesNotBreakTheMark) {
  auto one = transform("1");
  auto two = transform("2");
  one.set("description", Value("says it is the latest, as it was when it was read"));
  registry::Writes(instance->database()).save(one);
  EXPECT_EQ(latest_of("t.py"), 1);
  EXPECT_TRUE(latest(two));
  auto stale = again(one);  // not the latest
  move(two, -1);
  stale.set("description", Value("says it is not the latest"));
  registry::Writes(instance->database()).save(stale);
  EXPECT_TRUE(latest(one));
}

TEST_F(VersionTest, ATypeTakesItsMembersToTheTrash) {
  Record type(instance->catalog().table("ULabel")), label(instance->catalog().table("ULabel"));
  type.set("name", Value("Kind"));
  type.set("is_type", Value(true));
  registry::Writes(instance->database()).save(type);
  label.set("name", Value("one"));
  label.set("type", Value(type.id()));
  registry::Writes(instance->database()).save(label);
  remove(*instance, type);
  EXPECT_EQ(count("lamindb_ulabel", "branch_id = -1"), 2);
  restore(*instance, type);
  EXPECT_EQ(count("lamindb_ulabel", "branch_id = -1"), 1);
}

TEST_F(VersionTest, BranchesKeepTheirOwnLatest) {
  switch_branch(*instance, create_branch(*instance, "dev", "to try things"));
  EXPECT_TRUE(box.said("switched to dev"));
  reopen();  // the choice is stored in a file
  const auto main = branch(*instance, "main"), dev = branch(*instance, "dev");
  EXPECT_EQ(current_branch(*instance).id(), dev.id());
  switch_branch(*instance, main);
  const auto one = transform("1");
  switch_branch(*instance, dev);
  const auto two = transform("2"), three = transform("3");
  const auto alone = transform("x", "new.py");
  EXPECT_EQ(two.uid().substr(12), "0001");
  EXPECT_TRUE(latest(one) && !latest(two) && latest(three));
  EXPECT_EQ(box.read(box.path(".lamin/current_branch")), std::string(dev.uid()) + "\ndev");
  EXPECT_EQ(instance->database().count({.registry = "Transform"}), 4);
  switch_branch(*instance, main);
  EXPECT_EQ(instance->database().count({.registry = "Transform"}), 1);
  const auto four = transform("4");
  EXPECT_EQ(four.uid().substr(12), "0003");
  EXPECT_TRUE(!latest(one) && latest(three) && latest(four));
  // on merging the newest stays the latest
  EXPECT_EQ(merge_branch(*instance, dev, main), 3);
  EXPECT_TRUE(box.said("merged branch 'dev' into 'main'"));
  EXPECT_TRUE(!latest(three) && latest(four) && latest(alone));
  EXPECT_EQ(latest_of("t.py"), 1);
  EXPECT_EQ(count("lamindb_transform", "branch_id = 1"), 5);
  EXPECT_EQ(count("lamindb_transform", "created_on_id = " + std::to_string(dev.id())), 3);
  const auto& status = instance->catalog().table("Branch").column("_status_code");
  EXPECT_EQ(schema::word_of(status, branch(*instance, "dev").at("_status_code").integer_or(0)), "merged");
}

TEST_F(VersionTest, MergingWhatWasMadeLaterTakesTheMark) {
  const auto main = branch(*instance, "main"), dev = create_branch(*instance, "dev");
  const auto one = transform("1");
  switch_branch(*instance, dev);
  const auto two = transform("2");
  EXPECT_EQ(merge_branch(*instance, dev, main), 1);
  EXPECT_TRUE(latest(two) && !latest(one));
  EXPECT_EQ(merge_branch(*instance, dev, main), 0);  // nothing left on it
}

TEST_F(VersionTest, BranchesThatAreNotThere) {
  std::string message;
  EXPECT_EQ(code_of([&] { branch(*instance, "dve"); }, &message), Code::not_found);
  EXPECT_NE(message.find("There are: trash, archive, main"), std::string::npos) << message;
  create_branch(*instance, "dev");
  EXPECT_EQ(code_of([&] { create_branch(*instance, "DEV"); }), Code::conflict);
  EXPECT_EQ(branch(*instance, "Dev").text("name"), "dev");
  const auto main = branch(*instance, "mmmmmmmmmmmm"), bin = branch(*instance, "trash");
  EXPECT_EQ(main.id(), 1);
  EXPECT_EQ(code_of([&] { merge_branch(*instance, bin, main); }), Code::invalid_argument);
  EXPECT_EQ(code_of([&] { merge_branch(*instance, main, bin); }), Code::invalid_argument);
  EXPECT_EQ(merge_branch(*instance, main, main), 0);
  const auto& status = instance->catalog().table("Branch").column("_status_code");
  EXPECT_EQ(code_of([&] { schema::code_of(status, "open"); }), Code::invalid_argument);
  EXPECT_EQ(schema::code_of(status, "review"), 2);
  EXPECT_EQ(code_of([&] { space(*instance, "lab"); }), Code::not_found);
  // chosen, then deleted by somebody else
  const auto dev = branch(*instance, "dev");
  switch_branch(*instance, dev);
  registry::Writes(instance->database()).remove(dev);
  reopen();
  EXPECT_EQ(current_branch(*instance).id(), 1);
}

TEST_F(VersionTest, TheChoiceOfAFolderIsForItsInstanceAlone) {
  switch_branch(*instance, create_branch(*instance, "dev"));
  const auto other = init({.storage = "other", .name = "other"});  // this folder is connected to it now
  EXPECT_EQ(current_branch(*other).id(), 1);
  switch_branch(*instance, branch(*instance, "dev"));
  EXPECT_EQ(box.read(box.settings() / "current-branch--anonymous--lab.txt").substr(13), "dev");
  EXPECT_EQ(current_branch(*connect("lab")).text("name"), "dev");
  EXPECT_EQ(current_branch(*connect("other")).id(), 1);
}

TEST_F(VersionTest, AReadmeIsTheLatestOfItsHost) {
  const auto script = transform("1");
  EXPECT_FALSE(readme(*instance, script));
  for (const char* text : {"first", "second"}) {
    Record block(instance->catalog().table("TransformBlock"));
    block.set("transform", script.id());
    block.set("kind", Value("readme"));
    block.set("content", Value(text));
    registry::Writes(instance->database()).save(block);
  }
  EXPECT_EQ(readme(*instance, script)->text("content"), "second");
  EXPECT_FALSE(readme(*instance, *instance->database().find(instance->catalog().table("User"), 1)));
}

}  // namespace
}  // namespace lamin
