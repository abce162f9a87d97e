// Versions, trash and branches by whatever way rows are written: one latest a family and branch, always.
#include "lake/version.hpp"
#include <map>
#include "lake/test_support.hpp"

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
    instance->database().save(record);
  }
  std::int64_t latest_of(const std::string& key, std::int64_t branch = 1) {
    return count("lamindb_transform", "key = '" + key + "' AND is_latest AND branch_id = " + std::to_string(branch));
  }
};

TEST_F(VersionTest, EveryWayOutOfABranchHandsTheMarkOn) {
  const auto one = transform("1"), two = transform("2"), three = transform("3");
  EXPECT_TRUE(latest(three) && !latest(two) && !latest(one));
  // by saving a record, by an update of a query, for good, to another branch
  move(three, -1);
  EXPECT_TRUE(latest(two) && !latest(three));
  instance->database().update({.registry = "Transform", .where = Expr::compare("id", Op::exact, two.id())},
                              {{"branch", Value(std::int64_t{-1})}});
  EXPECT_TRUE(latest(one) && !latest(two));
  move(two, 1);
  EXPECT_TRUE(latest(one) && !latest(two));
  instance->database().remove(again(one));
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

TEST_F(VersionTest, WhatWasReadBeforeOthersWroteDoesNotBreakTheMark) {
  auto one = transform("1");
  auto two = transform("2");
  one.set("description", Value("says it is the latest, as it was when it was read"));
  instance->database().save(one);
  EXPECT_EQ(latest_of("t.py"), 1);
  EXPECT_TRUE(latest(two));
  auto stale = again(one);  // not the latest
  move(two, -1);
  stale.set("description", Value("says it is not the latest"));
  instance->database().save(stale);
  EXPECT_TRUE(latest(one));
}

TEST_F(VersionTest, ATypeTakesItsMembersToTheTrash) {
  Record type(instance->catalog().table("ULabel")), label(instance->catalog().table("ULabel"));
  type.set("name", Value("Kind"));
  type.set("is_type", Value(true));
  instance->database().save(type);
  label.set("name", Value("one"));
  label.set("type", Value(type.id()));
  instance->database().save(label);
  trash(*instance, type);
  EXPECT_EQ(count("lamindb_ulabel", "branch_id = -1"), 2);
  restore(*instance, type);
  EXPECT_EQ(count("lamindb_ulabel", "branch_id = -1"), 1);
}

TEST_F(VersionTest, BranchesKeepTheirOwnLatest) {
  switch_branch(*instance, create_branch(*instance, "dev", "to try things"));
  EXPECT_TRUE(box.said("switched to dev"));
  reopen();  // the choice is kept in a file
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
  EXPECT_EQ(branch_status(branch(*instance, "dev").at("_status_code").integer_or(0)), "merged");
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
  EXPECT_EQ(code_of([&] { branch_status_code("open"); }), Code::invalid_argument);
  EXPECT_EQ(branch_status_code("review"), 2);
  EXPECT_EQ(code_of([&] { space(*instance, "lab"); }), Code::not_found);
  // chosen and then deleted by somebody
  const auto dev = branch(*instance, "dev");
  switch_branch(*instance, dev);
  instance->database().remove(dev);
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

}  // namespace
}  // namespace lamin
