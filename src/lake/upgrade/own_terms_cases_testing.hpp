// own_terms_cases_testing.hpp -- what users changed, added or use: no upgrade, and no way back, loses it.
#pragma once
#include "lake/upgrade/upgrade_fixture_testing.hpp"

namespace lamin {
namespace {

TEST_F(UpgradeTest, WhatAUserChangedStays) {
  import_old();
  auto t = term("CL:3");
  set_abbreviation(*instance, t, "TC");
  add_synonym(*instance, t, "our T cell");
  auto lymphocyte = term("CL:2");
  lymphocyte.set("description", Value("Our own text."));
  save(*instance, lymphocyte);
  auto killer = term("CL:4");
  set_abbreviation(*instance, killer, "KC");
  auto own = cell_type("T cell of our mouse", "LAB:1");
  const std::vector<std::int64_t> above{t.id()}, killers{killer.id()};
  registry::Writes(database()).link(own, *table(cells).find_relation("parents"), above);
  auto second = cell_type("our killer", "LAB:2");
  registry::Writes(database()).link(second, *table(cells).find_relation("parents"), killers);
  const auto before = everything();

  const auto plan = plan_upgrade(*instance, cells, release("2021-01-01"));
  EXPECT_THAT(change(plan, "CL:2").kept, ElementsAre("description"));
  apply_upgrade(*instance, plan);
  EXPECT_EQ(term("CL:3").text("abbr"), "TC");
  EXPECT_THAT(std::string(term("CL:3").text("synonyms")), HasSubstr("our T cell"));
  EXPECT_EQ(term("CL:2").text("description"), "Our own text.");
  EXPECT_EQ(term("CL:9").text("abbr"), "KC") << "of the term that it replaces";
  EXPECT_TRUE(term("CL:4").at("abbr").is_null());
  EXPECT_EQ(term("LAB:1").text("name"), "T cell of our mouse");
  EXPECT_THAT(parents_of("LAB:1"), ElementsAre("CL:3"));
  EXPECT_THAT(parents_of("LAB:2"), ElementsAre("CL:9")) << "below what replaces its parent";
  undo_upgrade(*instance, cells);
  EXPECT_EQ(everything(), before);
}

TEST_F(UpgradeTest, ATermOfOnesOwnBecomesTheReleasesWhenItGainsIt) {
  import_old();
  const auto mine = add(cells, {{"name", "My special cell"}, {"abbr", "MSC"}});
  const auto artifact = labelled("mine.txt", mine);
  const std::vector<std::int64_t> above{term("CL:7").id()};
  registry::Writes(database()).link(mine, *table(cells).find_relation("parents"), above);
  const auto before = everything();
  const auto plan = plan_upgrade(*instance, cells, release("2021-01-01"));
  EXPECT_THAT(actions(plan), Contains("adopt CL:11"));
  EXPECT_THAT(actions(plan), Not(Contains("insert CL:11")));
  apply_upgrade(*instance, plan);
  const auto now = term("CL:11");
  EXPECT_EQ(now.id(), mine.id());
  EXPECT_EQ(now.uid(), base::derived_uid("CL:11", 14)) << "so that an import finds it";
  EXPECT_EQ(now.text("abbr"), "MSC");
  EXPECT_EQ(now.text("description"), "Now public.");
  EXPECT_THAT(parents_of("CL:11"), ElementsAre("CL:3", "CL:7"));
  EXPECT_EQ(label_of(artifact), "CL:11");
  undo_upgrade(*instance, cells);
  EXPECT_EQ(everything(), before);
}

TEST_F(UpgradeTest, WhatWasChangedMeanwhileIsNotOverwritten) {
  import_old();
  const auto plan = plan_upgrade(*instance, cells, release("2021-01-01"));
  auto t = term("CL:3");
  t.set("name", Value("renamed meanwhile"));
  save(*instance, t);
  std::string why;
  EXPECT_EQ(code_of([&] { apply_upgrade(*instance, plan); }, &why), Code::conflict);
  EXPECT_THAT(why, HasSubstr("plan it again"));
  apply_upgrade(*instance, plan_upgrade(*instance, cells, release("2021-01-01")));
  auto lymphocyte = term("CL:2");
  lymphocyte.set("description", Value("since"));
  save(*instance, lymphocyte);
  EXPECT_EQ(code_of([&] { undo_upgrade(*instance, cells); }, &why), Code::conflict);
  EXPECT_THAT(why, HasSubstr("lymphocyte"));
  EXPECT_THAT(why, HasSubstr(": description was changed after the upgrade"));
  EXPECT_EQ(term("CL:2").text("description"), "since");
  EXPECT_EQ(term("CL:12").text("name"), "leukocyte") << "all or nothing";
  lymphocyte.set("description", Value("A new text."));
  save(*instance, lymphocyte);
  undo_upgrade(*instance, cells);  // changed and changed back: only the time of the last change differs
  EXPECT_EQ(term("CL:2").text("description"), "An old text.");
}

TEST_F(UpgradeTest, WhatAUserGaveAnAddedTermIsNotLost) {
  import_old();
  apply_upgrade(*instance, plan_upgrade(*instance, cells, release("2021-01-01")));
  auto added = term("CL:12");
  added.set("abbr", Value("WBC"));
  save(*instance, added);
  std::string why;
  EXPECT_EQ(code_of([&] { undo_upgrade(*instance, cells); }, &why), Code::conflict);
  EXPECT_THAT(why, HasSubstr("leukocyte"));
  EXPECT_THAT(why, HasSubstr(": abbr was changed after the upgrade"));
}

TEST_F(UpgradeTest, SynonymsOfOtherScopesThatWereChangedAreNotLost) {
  import_old();
  apply_upgrade(*instance, plan_upgrade(*instance, cells, release("2021-01-01")));
  const auto t = term("CL:3");
  const std::vector<lake::OwnSynonym> own{{.record = t.id(), .scope = "BROAD", .text = "mine|too"}};
  lake::replace_own_synonyms(database(), table(cells), t.id(), own);
  std::string why;
  EXPECT_EQ(code_of([&] { undo_upgrade(*instance, cells); }, &why), Code::conflict);
  EXPECT_THAT(why, HasSubstr("synonyms of other scopes were changed"));
  EXPECT_EQ(lake::own_synonyms_of(database(), table(cells), t.id()).size(), 1U);
}

TEST_F(UpgradeTest, AnAddedTermInUseIsNotTakenAway) {
  import_old();
  apply_upgrade(*instance, plan_upgrade(*instance, cells, release("2021-01-01")));
  labelled("new.txt", term("CL:11"));
  std::string why;
  EXPECT_EQ(code_of([&] { undo_upgrade(*instance, cells); }, &why), Code::conflict);
  EXPECT_THAT(why, HasSubstr("is in use"));
  EXPECT_EQ(term("CL:11").text("name"), "my special cell");
}

/// What somebody deleted stays deleted, unless a term that is in use comes to lie below it or is replaced by it.
TEST_F(UpgradeTest, ParentsAndReplacementsComeBackFromTheTrash) {
  put("cl-2020-01-01.obo", std::string(old_release) +
                               "\n[Term]\nid: CL:12\nname: leukocyte\nis_a: CL:1\n\n[Term]\nid: CL:9\nname: natural "
                               "killer cell\nis_a: CL:12\n");
  import_old();
  const auto killer = labelled("killer.txt", term("CL:4"));
  for (const char* id : {"CL:9", "CL:12", "CL:7"}) {
    auto row = term(id);
    row.set("branch", Value(-1));
    registry::Writes(database()).save(row);
  }
  const auto branch = [&](const char* id) {
    return database()
        .first({.registry = cells, .where = Expr::compare("ontology_id", Op::exact, Value(id)), .any_branch = true})
        ->at("branch")
        .integer_or(0);
  };
  const auto before = everything();
  const auto plan = plan_upgrade(*instance, cells, release("2021-01-01"));
  EXPECT_THAT(change(plan, "CL:9").fields, Contains("branch"));
  EXPECT_THAT(change(plan, "CL:12").fields, Contains("branch"));
  apply_upgrade(*instance, plan);
  EXPECT_EQ(branch("CL:9"), 1) << "it replaces a term in use";
  EXPECT_EQ(branch("CL:12"), 1) << "it is above a term in use";
  EXPECT_EQ(branch("CL:7"), -1) << "nobody needs it";
  EXPECT_EQ(label_of(killer), "CL:9");
  EXPECT_EQ(descendants(*instance, term("CL:12")).size(), 4U);
  undo_upgrade(*instance, cells);
  EXPECT_EQ(everything(), before);
}

TEST_F(UpgradeTest, APartOfAReleaseMovesNothingToOneOfSeveral) {
  import_old();
  const auto mixed = labelled("mixed.txt", term("CL:6")), killer = labelled("killer.txt", term("CL:4"));
  const std::string part = new_release;
  put("cl-2021-01-01.obo", "remark: subset\n" + part.substr(0, part.find("\n[Term]\nid: CL:7")));
  const auto before = everything();
  const auto plan = plan_upgrade(*instance, cells, release("2021-01-01"));
  EXPECT_THAT(change(plan, "CL:6").into, ElementsAre("CL:2", "CL:9"));
  EXPECT_THAT(plan.notes, Contains(HasSubstr("has a part of its terms")));
  apply_upgrade(*instance, plan);
  EXPECT_EQ(label_of(mixed), "CL:6") << "CL:9, which replaces it too, is not in the file";
  EXPECT_EQ(label_of(killer), "CL:4") << "what replaces it is not in the file";
  EXPECT_EQ(term("CL:7").text("name"), "doomed cell");
  undo_upgrade(*instance, cells);
  EXPECT_EQ(everything(), before);
}

}  // namespace
}  // namespace lamin
