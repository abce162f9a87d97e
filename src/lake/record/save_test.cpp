// Saving together: all or nothing, whatever fails, and existing rows are found again.
#include <map>
#include "db/faulty_testing.hpp"
#include "lake/record/save_testing.hpp"
#include "lamin/remove.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace {

using testing::code_of;
using testing::LakeOn;

class SaveTest : public testing::InstanceTest {
 protected:
  Record label(const std::string& name) {
    Record record(instance->catalog().table("ULabel"));
    record.set("name", Value(name));
    return record;
  }
};

TEST_F(SaveTest, TypesParentsLinksAndFilesTogether) {
  auto type = label("Kind"), one = label("one"), two = label("two");
  type.set("is_type", Value(true));
  auto known = label("known");
  registry::Writes(instance->database()).save(known);
  known.set("description", Value("changed"));
  auto draft = prepare_artifact(*instance, {.source = box.write("a.txt", "a"), .key = "a.txt"});
  std::vector<SaveItem> items = {{.record = &one, .refers = {{"type", &type}}, .links = {{"parents", {&two, &known}}}},
                                 {.record = &type},
                                 {.record = &draft.record, .draft = &draft, .links = {{"ulabels", {&one, &known}}}},
                                 {.record = &known},
                                 {.record = &two, .refers = {{"type", &type}}}};
  save_all(*instance, items);
  EXPECT_EQ(one.at("type").integer_or(0), type.id());
  EXPECT_EQ(count("lamindb_ulabel"), 4);
  EXPECT_EQ(count("lamindb_ulabel", "description = 'changed'"), 1);
  EXPECT_EQ(count("lamindb_ulabel_parents"), 2);
  EXPECT_EQ(count("lamindb_artifactulabel"), 2);
  save_all(*instance, items);  // again: all exist
  EXPECT_EQ(count("lamindb_ulabel"), 4);
  EXPECT_EQ(count("lamindb_artifactulabel"), 2);
}

TEST_F(SaveTest, OneThatCannotBeSavedKeepsAllOut) {
  auto good = label("good"), bad = label(std::string(200, 'x')), known = label("known");
  registry::Writes(instance->database()).save(known);
  known.set("description", Value("changed"));
  auto draft = prepare_artifact(*instance, {.source = box.write("a.txt", "a"), .key = "a.txt"});
  std::vector<SaveItem> items = {
      {.record = &good}, {.record = &draft.record, .draft = &draft}, {.record = &known}, {.record = &bad}};
  std::string message;
  EXPECT_EQ(code_of([&] { save_all(*instance, items); }, &message), Code::validation);
  EXPECT_NE(message.find("ULabel.name takes at most 150 characters, got 200"), std::string::npos) << message;
  EXPECT_FALSE(good.saved() || bad.saved());
  EXPECT_EQ(count("lamindb_ulabel"), 1);
  EXPECT_EQ(count("lamindb_ulabel", "description IS NULL"), 1);
  EXPECT_EQ(count("lamindb_artifact"), 0);
  EXPECT_EQ(count("lamin_intent"), 0);
  bad.set("name", Value("short"));
  save_all(*instance, items);
  EXPECT_EQ(count("lamindb_ulabel"), 3);
  EXPECT_EQ(count("lamindb_artifact"), 1);
}

TEST_F(SaveTest, CirclesAndUnknownRelationsAreRefused) {
  auto a = label("a"), b = label("b");
  for (auto* record : {&a, &b}) record->set("is_type", Value(true));
  std::vector<SaveItem> circle = {{.record = &a, .refers = {{"type", &b}}}, {.record = &b, .refers = {{"type", &a}}}};
  EXPECT_EQ(code_of([&] { save_all(*instance, circle); }), Code::invalid_argument);
  std::vector<SaveItem> wrong = {{.record = &a, .links = {{"parent", {&b}}}}, {.record = &b}};
  std::string message;
  EXPECT_EQ(code_of([&] { save_all(*instance, wrong); }, &message), Code::unknown_field);
  EXPECT_NE(message.find("parents"), std::string::npos) << message;
  EXPECT_EQ(count("lamindb_ulabel"), 0);
}

TEST_F(SaveTest, WhatIsThereIsFoundAgain) {
  Record project(instance->catalog().table("Project"));
  project.set("name", Value("P"));
  project.set("uid", Value("abcdefghijkl"));
  EXPECT_FALSE(lamin::save(*instance, project));
  auto same = project;
  same.set(0, Value());
  same.set("description", Value("new"));
  EXPECT_TRUE(lamin::save(*instance, same));
  EXPECT_EQ(same.id(), project.id());
  EXPECT_TRUE(same.at("description").is_null());
  EXPECT_TRUE(box.said("returning Project with same uid: 'abcdefghijkl'"));
  // from the trash with the new values, alone and among others
  for (const bool together : {false, true}) {
    auto row = *instance->database().find(project.table(), project.id());
    remove(*instance, row);
    auto again = project;
    again.set(0, Value());
    again.set("description", Value(together ? "both" : "alone"));
    auto other = label("other");
    if (together) {
      std::vector<SaveItem> items = {{.record = &again}, {.record = &other}};
      save_all(*instance, items);
    } else {
      EXPECT_TRUE(lamin::save(*instance, again));
    }
    EXPECT_EQ(again.id(), project.id());
    EXPECT_EQ(again.at("branch").integer_or(0), 1);
    EXPECT_EQ(instance->database().find(project.table(), project.id())->text("description"), again.text("description"));
  }
  EXPECT_TRUE(box.said("returning Project from trash with same uid: 'abcdefghijkl'"));
  auto ignored = project;
  ignored.set(0, Value());
  std::vector<SaveItem> items = {{.record = &ignored}};
  save_all(*instance, items, true);
  EXPECT_FALSE(ignored.saved());
  EXPECT_EQ(count("lamindb_project"), 1);
}

TEST_F(SaveTest, SingleFieldsAreSavedAlone) {
  auto one = label("one");
  const std::vector<std::string> description{"description"}, unknown{"descripton"};
  EXPECT_EQ(code_of([&] { save_fields(*instance, one, description); }), Code::invalid_argument) << "not saved";
  lamin::save(*instance, one);
  auto here = one;
  one.set("reference", Value("written elsewhere"));
  lamin::save(*instance, one);
  here.set("name", Value("renamed")).set("description", Value("new"));
  save_fields(*instance, here, description);
  EXPECT_EQ(count("lamindb_ulabel", "name = 'one' AND description = 'new' AND reference = 'written elsewhere'"), 1);
  EXPECT_EQ(here.text("name"), "renamed") << "stays as it is here";
  one.set("description", Value("newer"));
  lamin::save(*instance, one);
  lamin::save(*instance, here);
  EXPECT_EQ(count("lamindb_ulabel", "name = 'renamed' AND description = 'newer'"), 1) << "it was saved already";
  EXPECT_EQ(code_of([&] { save_fields(*instance, here, unknown); }), Code::unknown_field);
  save_fields(*instance, here, {});
}

TEST_F(SaveTest, APairThatClashesWithAnotherIsRefused) {
  const auto schema = [&](const char* name) {
    Record record(instance->catalog().table("Schema"));
    record.set("name", Value(name)).set("itype", Value("Feature"));
    registry::Writes(instance->database()).save(record);
    return record;
  };
  const auto whole = schema("whole"), part = schema("part"), other = schema("other");
  const std::int64_t first[] = {part.id()}, second[] = {other.id()};
  const std::map<std::string, Value> slot{{"slot", Value("var")}};
  EXPECT_EQ(link(*instance, whole, "components", first, slot), 1);
  EXPECT_EQ(link(*instance, whole, "components", first, slot), 0) << "it is there";
  std::string message;
  EXPECT_EQ(code_of([&] { link(*instance, whole, "components", second, slot); }, &message), Code::conflict);
  EXPECT_NE(message.find("slot='var'"), std::string::npos) << message;
  EXPECT_EQ(count("lamindb_schemacomponent"), 1);
}

TEST_F(SaveTest, RenamingSaysWhichDatasetsNoLongerAgree) {
  auto one = label("lung");
  registry::Writes(instance->database()).save(one);
  Record feature(instance->catalog().table("Feature"));
  feature.set("name", Value("tissue"));
  feature.set("_dtype_str", Value("cat[ULabel]"));
  registry::Writes(instance->database()).save(feature);
  const auto artifact = save_text("a.txt", "a", "a.txt").record;
  const std::int64_t ids[] = {one.id()};
  const auto& ulabels = *artifact.table().find_relation("ulabels");
  registry::Writes(instance->database()).link(artifact, ulabels, ids);
  one.set("name", Value("Lung"));
  registry::Writes(instance->database()).save(one);
  EXPECT_FALSE(box.said("by renaming label"));
  registry::Writes(instance->database()).link(artifact, ulabels, ids, {{"feature", Value(feature.id())}});
  one.set("name", Value("lung"));
  registry::Writes(instance->database()).save(one);
  EXPECT_TRUE(
      box.said("by renaming label from 'Lung' to 'lung' 1 artifact no longer matches the label name in "
               "storage: ['" +
               std::string(artifact.uid()) + "']"));
  auto draft = prepare_schema(*instance, {.name = "s", .members = {feature}});
  save_schema(*instance, draft);
  const std::int64_t schema[] = {draft.record.id()};
  registry::Writes(instance->database())
      .link(artifact, *artifact.table().find_relation("schemas"), schema, {{"slot", Value("columns")}});
  feature.set("name", Value("organ"));
  registry::Writes(instance->database()).save(feature);
  EXPECT_TRUE(box.said("by renaming feature from 'tissue' to 'organ' 1 artifact no longer matches the feature name"));
}

TEST(SaveFaults, EachFailureLeavesTheDatabaseAsBeforeOrAsAfterOnSqlite) {
  testing::Sandbox box;
  testing::fail_at_every_call(LakeOn(box, ""));
}

}  // namespace
}  // namespace lamin
