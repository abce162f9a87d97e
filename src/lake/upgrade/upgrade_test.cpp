// From one release to another: what is told, what is done, and back to the same rows.
#include "lamin/upgrade.hpp"
#include <gmock/gmock.h>
#include <algorithm>
#include <fstream>
#include <map>
#include "base/text.hpp"
#include "lake/label/label_testing.hpp"
#include "lake/ontology/closure.hpp"
#include "lamin/public_terms.hpp"

namespace lamin {
namespace {

using testing::code_of;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::LabelTest;
using ::testing::Not;
using testing::Texts;
using ::testing::UnorderedElementsAre;
using Action = PlannedChange::Action;
using Kind = TermChange::Kind;
namespace fs = std::filesystem;

constexpr const char* cells = "bionty.CellType";

constexpr const char* old_release = R"(format-version: 1.2
data-version: cl/releases/2020-01-01/cl.owl
ontology: cl

[Term]
id: CL:1
name: cell

[Term]
id: CL:2
name: lymphocyte
def: "An old text." []
is_a: CL:1

[Term]
id: CL:3
name: T cell
synonym: "T-cell" EXACT []
synonym: "thymocyte-like" RELATED []
is_a: CL:2

[Term]
id: CL:4
name: killer cell
synonym: "killer" EXACT []
is_a: CL:2

[Term]
id: CL:5
name: null cell
is_a: CL:2

[Term]
id: CL:6
name: mixed cell
is_a: CL:1

[Term]
id: CL:7
name: doomed cell
is_a: CL:1

[Term]
id: CL:8
name: twin cell
is_a: CL:1

[Term]
id: CL:10
name: forgotten cell
is_a: CL:1
)";

// CL:2 has another text, CL:3 another name and parent, CL:4 is replaced by the new CL:9, CL:5 is obsolete, CL:6 is
// split into CL:2 and CL:9, CL:8 is merged into CL:3, CL:10 is not known any more; CL:9, CL:11 and CL:12 are new.
constexpr const char* new_release = R"(format-version: 1.2
data-version: cl/releases/2021-01-01/cl.owl
ontology: cl

[Term]
id: CL:1
name: cell

[Term]
id: CL:2
name: lymphocyte
def: "A new text." [PMID:1]
is_a: CL:12

[Term]
id: CL:3
name: T lymphocyte
alt_id: CL:8
synonym: "T-cell" EXACT []
synonym: "thymus cell" EXACT []
is_a: CL:12

[Term]
id: CL:4
name: obsolete killer cell
is_obsolete: true
replaced_by: CL:9

[Term]
id: CL:5
name: obsolete null cell
is_obsolete: true
consider: CL:2

[Term]
id: CL:6
name: obsolete mixed cell
is_obsolete: true
replaced_by: CL:2
replaced_by: CL:9

[Term]
id: CL:7
name: doomed cell
is_a: CL:1

[Term]
id: CL:9
name: natural killer cell
is_a: CL:12

[Term]
id: CL:11
name: my special cell
def: "Now public." []
synonym: "special" EXACT []
is_a: CL:3

[Term]
id: CL:12
name: leukocyte
is_a: CL:1
)";

class UpgradeTest : public LabelTest {
 protected:
  UpgradeTest() {
    fs::create_directories(box.path("own"));
    ::setenv("LAMIN_OFFLINE", "1", 1);
    ::setenv("LAMIN_ONTOLOGIES", box.path("own").c_str(), 1);
    put("cl-2020-01-01.obo", old_release);
    put("cl-2021-01-01.obo", new_release);
  }
  ~UpgradeTest() override {
    for (const char* name : {"LAMIN_OFFLINE", "LAMIN_ONTOLOGIES"}) ::unsetenv(name);
  }

  void put(const std::string& name, std::string_view text) { std::ofstream(box.path("own/" + name)) << text; }
  Record release(const std::string& version, const char* registry = cells, const char* source = "cl") {
    return release_called(*instance, registry, {.name = source, .version = version});
  }
  void import_old() {
    auto old = release("2020-01-01");
    save(*instance, old);
    import_release(*instance, old);
  }
  Record term(std::string_view id) {
    return database().one({.registry = cells, .where = Expr::compare("ontology_id", Op::exact, Value(id))});
  }
  /// An artifact with this label.
  Record labelled(const std::string& key, const Record& label) {
    auto draft = prepare_artifact(*instance, {.source = box.write(key, key), .key = key});
    save_artifact(*instance, draft);
    const std::vector<Record> labels{label};
    add_labels(*instance, draft.record, labels);
    return draft.record;
  }
  std::string label_of(const Record& artifact) {
    Texts all;
    for (const auto& row : database().all(database().related(artifact, *table("Artifact").find_relation("cell_types"))))
      all.emplace_back(row.text("ontology_id"));
    return base::join(all, ",");
  }
  Texts parents_of(std::string_view id) {
    Texts all;
    for (const auto& row : database().all(database().related(term(id), *table(cells).find_relation("parents"))))
      all.emplace_back(row.text("ontology_id").empty() ? row.text("name") : row.text("ontology_id"));
    std::ranges::sort(all);
    return all;
  }
  /// "rename CL:3", ...
  static Texts actions(const UpgradePlan& plan) {
    Texts all;
    for (const auto& change : plan.changes) all.push_back(std::string(name_of(change.action)) + " " + change.id);
    return all;
  }
  static const PlannedChange& change(const UpgradePlan& plan, std::string_view id) {
    return *std::ranges::find(plan.changes, id, &PlannedChange::id);
  }
  static Texts kinds(const ReleaseDiff& diff) {
    Texts all;
    for (const auto& one : diff.changes) all.push_back(std::string(name_of(one.kind)) + " " + one.id);
    return all;
  }

  /// Everything that LaminDB or a user can see of the database, and what is derived from it.
  std::map<std::string, Texts> everything() {
    lake::closure_of(database(), table(cells));  // it is brought up to date when it is read
    std::map<std::string, Texts> all;
    const auto read = [&](const std::string& name, const std::string& columns) {
      auto rows = database().connection().query("SELECT " + columns + " FROM \"" + name + "\" ORDER BY " + columns);
      const auto n = std::ranges::count(columns, ',') + 1;
      while (rows->next()) {
        std::string line;
        for (int i = 0; i < n; ++i) line += rows->is_null(i) ? "|-" : "|" + std::string(rows->text(i));
        all[name].push_back(std::move(line));
      }
    };
    for (const auto& one : instance->catalog().tables()) {
      std::string columns;
      for (const auto& column : one.columns) columns += (columns.empty() ? "\"" : ", \"") + column.column.str() + "\"";
      read(one.table.str(), columns);
    }
    read("lamin_synonym", "record, scope, text");
    read("lamin_closure", "ancestor, descendant, distance");
    read("lamin_term", "source, term, name, obsolete, parents, digest");
    read("lamin_term_fact", "kind, position, value, detail");
    return all;
  }
};

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
  EXPECT_EQ(term("CL:2").text("description"), "since");
  EXPECT_EQ(term("CL:12").text("name"), "leukocyte") << "all or nothing";
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
  EXPECT_EQ(count("bionty_celltype WHERE name NOT LIKE 'obsolete%'"), 3324 + diff.count(Kind::removed));
  undo_upgrade(*instance, cells);
  for (const auto& [name, rows] : everything())
    EXPECT_EQ(rows, before.contains(name) ? before.at(name) : Texts{}) << name;
}

}  // namespace
}  // namespace lamin
