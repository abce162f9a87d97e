// upgrade_cases_testing.hpp -- from one release to another: what is told, what is done, and back to the same rows.
#pragma once
#include "lake/upgrade/upgrade_fixture_testing.hpp"

namespace lamin {
namespace {

TEST_F(UpgradeTest, WhatBecameOfEachTermIsTold) {
  const auto diff = diff_releases(*instance, release("2020-01-01"), release("2021-01-01"));
  EXPECT_THAT(kinds(diff), ElementsAre("added CL:11", "added CL:12", "added CL:9", "renamed CL:3", "reparented CL:2",
                                       "reparented CL:3", "replaced CL:4", "merged CL:8", "split CL:6", "obsolete CL:5",
                                       "removed CL:10"));
  EXPECT_EQ(diff.terms_before, 9);
  EXPECT_EQ(diff.terms_after, 7);
  const auto one = [&](Kind kind, std::string_view id) {
    return *std::ranges::find_if(diff.changes, [&](const auto& c) { return c.kind == kind && c.id == id; });
  };
  EXPECT_EQ(one(Kind::renamed, "CL:3").former, "T cell");
  EXPECT_THAT(one(Kind::reparented, "CL:3").parents_added, ElementsAre("CL:12"));
  EXPECT_THAT(one(Kind::reparented, "CL:3").parents_removed, ElementsAre("CL:2"));
  EXPECT_THAT(one(Kind::replaced, "CL:4").into, ElementsAre("CL:9"));
  EXPECT_THAT(one(Kind::merged, "CL:8").into, ElementsAre("CL:3"));
  EXPECT_THAT(one(Kind::split, "CL:6").into, ElementsAre("CL:2", "CL:9"));
  EXPECT_THAT(one(Kind::obsolete, "CL:5").into, ElementsAre("CL:2"));
  EXPECT_THAT(to_json(diff), HasSubstr("\"kind\": \"split\""));
  EXPECT_EQ(count("bionty_celltype"), 0) << "nothing is registered by comparing";
}

/// A subset does not say that a release dropped what it lacks.
TEST_F(UpgradeTest, WhatAPartOfAReleaseLacksIsNotRemoved) {
  const std::string part = new_release;
  put("cl-2021-01-01.obo", "remark: subset\n" + part.substr(0, part.find("\n[Term]\nid: CL:7")));
  auto diff = diff_releases(*instance, release("2020-01-01"), release("2021-01-01"));
  EXPECT_EQ(diff.count(Kind::removed), 0);
  EXPECT_EQ(diff.count(Kind::renamed), 1);
  EXPECT_EQ(diff.count(Kind::merged), 1) << "CL:8 is an alternative id of a term that the part has";
  EXPECT_EQ(diff.count(Kind::split), 1) << "one of the two that replace CL:6 is not in the part";
  EXPECT_THAT(diff.notes, ElementsAre(HasSubstr("2 terms of the earlier one are not compared")));  // CL:7, CL:10
  diff = diff_releases(*instance, release("2021-01-01"), release("2020-01-01"));
  EXPECT_EQ(diff.count(Kind::added), 0) << "CL:7 and CL:10 may have been there";
  EXPECT_THAT(diff.notes, ElementsAre(HasSubstr("of the earlier release that is at hand has a part")));
}

TEST_F(UpgradeTest, APlanSaysWhatItTouches) {
  import_old();
  labelled("killer.txt", term("CL:4"));
  labelled("mixed.txt", term("CL:6"));
  labelled("t.txt", term("CL:3"));
  feature("cell_type", "cat[bionty.CellType]");
  const auto before = everything();
  const auto plan = plan_upgrade(*instance, cells, release("2021-01-01"));
  EXPECT_EQ(everything(), before) << "a plan writes nothing";
  EXPECT_THAT(actions(plan), ElementsAre("insert CL:11", "insert CL:12", "insert CL:9", "rewrite CL:2", "rewrite CL:3",
                                         "move CL:4", "move CL:8", "retire CL:5", "retire CL:6"));
  EXPECT_TRUE(plan.whole);
  EXPECT_THAT(plan.from, ElementsAre("2020-01-01"));
  const auto& killer = change(plan, "CL:4");
  ASSERT_EQ(killer.uses.size(), 1U);
  EXPECT_EQ(killer.uses[0].registry, "Artifact");
  EXPECT_THAT(killer.uses[0].some, ElementsAre("killer.txt"));
  EXPECT_THAT(change(plan, "CL:3").fields, UnorderedElementsAre("name", "synonyms", "parents"));
  std::map<std::string, std::int64_t> uses;
  for (const auto& use : plan.uses) uses[use.registry] = use.count;
  EXPECT_EQ(uses.at("Artifact"), 3);
  EXPECT_EQ(uses.at("Feature"), 1);
  EXPECT_THAT(plan.notes, Contains(HasSubstr("CL:6 'mixed cell' is obsolete; choose one of CL:2, CL:9")));
  EXPECT_THAT(to_json(plan), HasSubstr("\"killer.txt\""));
  ASSERT_EQ(plan.diffs.size(), 1U);
  EXPECT_EQ(plan.diffs[0].count(Kind::added), 3);
}

TEST_F(UpgradeTest, EveryAnnotationStillResolvesAndUndoingRestoresTheSameRows) {
  import_old();
  const auto killer = labelled("killer.txt", term("CL:4")), mixed = labelled("mixed.txt", term("CL:6")),
             t = labelled("t.txt", term("CL:3")), twin = labelled("twin.txt", term("CL:8")),
             forgotten = labelled("forgotten.txt", term("CL:10"));
  const std::vector<Record> both{term("CL:3")};
  add_labels(*instance, twin, both);  // it has the term that its other label is merged into
  const auto before = everything();

  const auto plan = plan_upgrade(*instance, cells, release("2021-01-01"));
  const auto done = apply_upgrade(*instance, plan);
  EXPECT_EQ(done.to, "2021-01-01");
  EXPECT_THAT(done.from, ElementsAre("2020-01-01"));
  EXPECT_EQ(label_of(killer), "CL:9");
  EXPECT_EQ(label_of(mixed), "CL:6") << "nothing is guessed";
  EXPECT_EQ(label_of(t), "CL:3");
  EXPECT_EQ(label_of(twin), "CL:3") << "once";
  EXPECT_EQ(label_of(forgotten), "CL:10");
  EXPECT_EQ(term("CL:3").text("name"), "T lymphocyte");
  EXPECT_EQ(term("CL:3").text("synonyms"), "T-cell|thymus cell|T cell");
  EXPECT_EQ(term("CL:2").text("description"), "A new text.");
  EXPECT_EQ(term("CL:4").text("name"), "obsolete killer cell");
  EXPECT_THAT(parents_of("CL:3"), ElementsAre("CL:12"));
  EXPECT_THAT(parents_of("CL:11"), ElementsAre("CL:3"));
  EXPECT_THAT(parents_of("CL:4"), IsEmpty());
  const Texts values{"T cell", "T lymphocyte", "killer cell"};
  const auto found = standardize(*instance, cells, values);
  EXPECT_EQ(found[0].front(), "T lymphocyte") << "by its former name";
  EXPECT_EQ(descendants(*instance, term("CL:12")).size(), 4U);
  EXPECT_EQ(release_in_use(*instance, cells, {.name = "cl"}).text("version"), "2021-01-01");
  EXPECT_TRUE(release("2021-01-01").at("in_db").boolean_or(false));

  // The result is what the plan said: there is nothing left to do, and the rows are as an import would have made them.
  const auto again = plan_upgrade(*instance, cells, release("2021-01-01"));
  EXPECT_THAT(actions(again), ElementsAre("keep CL:10")) << to_json(again);
  EXPECT_NE(everything(), before);

  auto head = database().connection().query(R"(SELECT "plan" FROM "lamin_upgrade")");
  ASSERT_TRUE(head->next());
  EXPECT_LT(head->text(0).size(), 200U) << "the changes have rows of their own";
  head.reset();
  const auto undone = undo_upgrade(*instance, cells);
  EXPECT_EQ(undone.number, done.number);
  EXPECT_FALSE(undone.undone_at.empty());
  for (const auto& [name, rows] : everything())
    EXPECT_EQ(rows, before.contains(name) ? before.at(name) : Texts{}) << name;
  EXPECT_EQ(label_of(twin), "CL:3,CL:8");
  EXPECT_EQ(code_of([&] { undo_upgrade(*instance, cells); }), Code::not_found);
  // And forth again.
  apply_upgrade(*instance, plan_upgrade(*instance, cells, release("2021-01-01")));
  EXPECT_EQ(label_of(killer), "CL:9");
  EXPECT_EQ(upgrades(*instance, cells).size(), 2U);
}

TEST_F(UpgradeTest, AChoiceDecidesWhatNothingElseDoes) {
  import_old();
  const auto mixed = labelled("mixed.txt", term("CL:6")), null = labelled("null.txt", term("CL:5"));
  const UpgradeOptions options{.choose = {{"CL:6", "CL:9"}, {"CL:5", "CL:2"}}};
  apply_upgrade(*instance, plan_upgrade(*instance, cells, release("2021-01-01"), options));
  EXPECT_EQ(label_of(mixed), "CL:9");
  EXPECT_EQ(label_of(null), "CL:2");
  std::string why;
  EXPECT_EQ(
      code_of([&] { plan_upgrade(*instance, cells, release("2021-01-01"), {.choose = {{"CL:6", "CL:999"}}}); }, &why),
      Code::invalid_argument);
  EXPECT_THAT(why, HasSubstr("CL:999"));
}

TEST_F(UpgradeTest, ARegistryWithAFewTermsGetsWhatIsAboveThem) {
  auto old = release("2020-01-01");
  old.set("currently_used", Value(true));
  save(*instance, old);
  const Texts values{"T cell", "killer cell"};
  auto found = from_release(*instance, cells, values, {}, old);
  for (auto& row : found.records) save(*instance, row);
  EXPECT_EQ(count("bionty_celltype"), 4);
  const auto before = everything();
  const auto plan = plan_upgrade(*instance, cells, release("2021-01-01"));
  EXPECT_FALSE(plan.whole);
  EXPECT_THAT(actions(plan), ElementsAre("insert CL:12", "insert CL:9", "rewrite CL:2", "rewrite CL:3", "move CL:4"));
  apply_upgrade(*instance, plan);
  EXPECT_THAT(parents_of("CL:9"), ElementsAre("CL:12"));
  undo_upgrade(*instance, cells);
  EXPECT_EQ(everything(), before);
}

TEST_F(UpgradeTest, WhatAReleaseStatesIsReadByAFewQueries) {
  std::string text = "data-version: 2019-01-01\nontology: cl\n";
  std::vector<std::string> ids;
  for (int i = 0; i < 300; ++i) {
    ids.push_back("CL:" + std::to_string(i));
    text +=
        "\n[Term]\nid: " + ids.back() + "\nname: cell " + std::to_string(i) + "\nxref: X:" + std::to_string(i) + "\n";
  }
  import_ontology(*instance, cells, box.write("many.obo", text));
  const auto source =
      database().one({.registry = "bionty.Source", .where = Expr::compare("version", Op::exact, Value("2019-01-01"))});
  testing::Counted from(*instance);
  EXPECT_LT(from.calls([&] { lake::copy_stated(from.instance().database(), source.id(), database(), 999, ids); }), 6);
  EXPECT_EQ(count("lamin_term WHERE source = 999"), 300);
  EXPECT_EQ(lake::find_stated(database(), 999, "CL:7")->facts,
            lake::find_stated(database(), source.id(), "CL:7")->facts);
  const std::vector<std::string> some{"CL:7", "CL:none"};
  lake::copy_stated(from.instance().database(), source.id(), database(), 998, some);
  EXPECT_EQ(lake::find_stated(database(), 998, "CL:7")->facts,
            lake::find_stated(database(), source.id(), "CL:7")->facts);
}

TEST_F(UpgradeTest, AnUpgradeIsFoundByItsVersions) {
  import_old();
  std::string why;
  EXPECT_EQ(code_of([&] { plan_upgrade(*instance, cells, release("2021-01-01"), {.from = "2019-09-09"}); }, &why),
            Code::not_found);
  EXPECT_THAT(why, HasSubstr("no term of bionty.CellType is of release '2019-09-09': they are of 2020-01-01"));
  const auto plan = plan_upgrade(*instance, cells, release("2021-01-01"), {.from = "2020-01-01"});
  const auto done = apply_upgrade(*instance, plan);
  EXPECT_EQ(find_upgrade(*instance, cells, "2021-01-01").number, done.number);
  EXPECT_EQ(find_upgrade(*instance, cells, "2021-01-01", "2020-01-01").number, done.number);
  EXPECT_EQ(code_of([&] { find_upgrade(*instance, cells, "2021-01-01", "2019-09-09"); }, &why), Code::not_found);
  EXPECT_THAT(why, HasSubstr("from 2019-09-09 to 2021-01-01"));
  undo_upgrade(*instance, cells, done.number);
  EXPECT_EQ(code_of([&] { find_upgrade(*instance, cells, "2021-01-01"); }), Code::not_found);
}

/// Genes have no hierarchy, and what Ensembl retired is in a table of its own.

TEST_F(UpgradeTest, GenesMoveToTheNextReleaseOfEnsembl) {
  put("human__ensembl__release-1.csv",
      "ensembl_gene_id,symbol,biotype,synonyms\nENSG1,ONE,protein_coding,uno\nENSG2,TWO,lncRNA,\n"
      "ENSG3,THREE,lncRNA,\nENSG4,FOUR,lncRNA,\nENSG5,,lncRNA,\n");
  put("human__ensembl__release-2.csv",
      "ensembl_gene_id,symbol,biotype,synonyms\nENSG1,ONE1,protein_coding,uno|eins\nENSG2,TWO,protein_coding,\n"
      "ENSG5,FIVE,lncRNA,\nENSG6,SIX,lncRNA,\n");
  put("df-legacy_human__ensembl__release-2__Gene.csv", "old_stable_id,new_stable_id\nENSG3,ENSG6\n");
  put("mouse__ensembl__release-1.csv", "ensembl_gene_id,symbol,biotype,synonyms\nENSMUSG1,Six,lncRNA,\n");
  constexpr const char* genes = "bionty.Gene";
  const auto of = [&](const char* organism, const char* version) {
    return release_called(*instance, genes, {.organism = organism, .name = "ensembl", .version = version});
  };
  for (const char* organism : {"human", "mouse"}) {
    auto first = of(organism, "release-1");
    save(*instance, first);
    import_release(*instance, first);
  }
  const auto gene = [&](std::string_view id) {
    return database().one({.registry = genes, .where = Expr::compare("ensembl_gene_id", Op::exact, Value(id))});
  };
  auto mine = gene("ENSG2");
  mine.set("description", Value("mine"));
  save(*instance, mine);
  auto draft = prepare_artifact(*instance, {.source = box.write("g.txt", "g"), .key = "g.txt"});
  save_artifact(*instance, draft);
  const std::vector<Record> labels{gene("ENSG3")};
  add_labels(*instance, draft.record, labels);
  const auto before = everything();

  const auto diff = diff_releases(*instance, of("human", "release-1"), of("human", "release-2"));
  EXPECT_THAT(kinds(diff),
              ElementsAre("added ENSG6", "renamed ENSG1", "renamed ENSG5", "merged ENSG3", "removed ENSG4"));
  EXPECT_EQ(diff.edited, 1);
  const auto plan = plan_upgrade(*instance, genes, of("human", "release-2"));
  EXPECT_THAT(actions(plan),
              ElementsAre("insert ENSG6", "rewrite ENSG1", "rewrite ENSG2", "rewrite ENSG5", "move ENSG3"));
  apply_upgrade(*instance, plan);
  EXPECT_EQ(gene("ENSG1").text("symbol"), "ONE1");
  EXPECT_EQ(gene("ENSG1").text("synonyms"), "uno|eins|ONE");
  EXPECT_EQ(gene("ENSG2").text("biotype"), "protein_coding");
  EXPECT_EQ(gene("ENSG2").text("description"), "mine");
  EXPECT_EQ(gene("ENSG3").text("symbol"), "obsolete THREE");
  EXPECT_EQ(gene("ENSG4").text("symbol"), "FOUR") << "nobody says what became of it";
  EXPECT_EQ(gene("ENSG5").text("symbol"), "FIVE");
  EXPECT_EQ(gene("ENSG6").at("organism"), gene("ENSG1").at("organism"));
  EXPECT_EQ(gene("ENSMUSG1").text("symbol"), "Six") << "of another organism";
  Texts labelled_with;
  for (const auto& row : database().all(database().related(draft.record, *table("Artifact").find_relation("genes"))))
    labelled_with.emplace_back(row.text("ensembl_gene_id"));
  EXPECT_THAT(labelled_with, ElementsAre("ENSG6"));
  EXPECT_THAT(actions(plan_upgrade(*instance, genes, of("human", "release-2"))), IsEmpty());
  undo_upgrade(*instance, genes);
  for (const auto& [name, rows] : everything())
    EXPECT_EQ(rows, before.contains(name) ? before.at(name) : Texts{}) << name;
}

TEST_F(UpgradeTest, WhatCannotBeDoneSaysWhy) {
  import_old();
  std::string why;
  EXPECT_EQ(code_of([&] { plan_upgrade(*instance, "bionty.Tissue", release("2021-01-01")); }, &why),
            Code::invalid_argument);
  EXPECT_THAT(why, HasSubstr("not for bionty.Tissue"));
  EXPECT_EQ(code_of([&] { plan_upgrade(*instance, "bionty.Gene", release("2021-01-01")); }, &why),
            Code::invalid_argument);
  EXPECT_EQ(code_of([&] { plan_upgrade(*instance, cells, release("1999-01-01")); }, &why), Code::unavailable);
  EXPECT_EQ(code_of([&] { undo_upgrade(*instance, cells); }, &why), Code::not_found);
}

/// Two real releases: every label of the earlier one resolves, and the way back leads to the same rows.

TEST_F(UpgradeTest, CellOntologyFrom2022To2026) {
  const fs::path source(LAMIN_SOURCE_DIR);
  fs::copy_file(source / "tests/data/obo/cl-basic_2022-11-25.obo.gz", box.path("own/cl-2022-11-25.obo.gz"));
  fs::copy_file(source / "examples/data/cl_2026-03-26.obo", box.path("own/cl-2026-03-26.obo"));
  auto old = release("2022-11-25");
  save(*instance, old);
  EXPECT_EQ(import_release(*instance, old).created, 2535);
  const auto diff = diff_releases(*instance, old, release("2026-03-26"));
  EXPECT_EQ(diff.terms_before, 2535);
  EXPECT_EQ(diff.terms_after, 3324);
  // A label on every term that goes, and on some others.
  std::map<std::string, Record> artifacts;
  for (const auto& one : diff.changes) {
    if (one.kind == Kind::added || one.kind == Kind::revived || artifacts.size() > 200) continue;
    if (!artifacts.contains(one.id)) artifacts.emplace(one.id, labelled(one.id + ".txt", term(one.id)));
  }
  const auto before = everything();
  const auto plan = plan_upgrade(*instance, cells, release("2026-03-26"));
  apply_upgrade(*instance, plan);
  for (const auto& [id, artifact] : artifacts) {
    const auto now = label_of(artifact);
    ASSERT_FALSE(now.empty()) << id;
    const auto planned = std::ranges::find(plan.changes, id, &PlannedChange::id);
    const bool moves = planned != plan.changes.end() && planned->action == Action::move;
    EXPECT_EQ(now, moves ? planned->into.front() : id);
  }
  for (const auto& one : plan_upgrade(*instance, cells, release("2026-03-26")).changes)
    EXPECT_EQ(one.action, Action::keep) << one.id;
  EXPECT_EQ(count("bionty_celltype WHERE lower(name) NOT LIKE 'obsolete%'"), 3324 + diff.count(Kind::removed));
  undo_upgrade(*instance, cells);
  for (const auto& [name, rows] : everything())
    EXPECT_EQ(rows, before.contains(name) ? before.at(name) : Texts{}) << name;
}

}  // namespace
}  // namespace lamin
