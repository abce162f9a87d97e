// All that a release says of a term is kept and shown, whether the term is registered or not.
#include "lamin/term.hpp"
#include <gmock/gmock.h>
#include <array>
#include <fstream>
#include "lake/label/label_testing.hpp"
#include "lake/ontology/uses.hpp"
#include "lamin/public_terms.hpp"

namespace lamin {
namespace {

using testing::code_of;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::LabelTest;
using ::testing::Pair;
using testing::Texts;
namespace fs = std::filesystem;

constexpr const char* tissues = "bionty.Tissue";

constexpr const char* release_text = R"(format-version: 1.4
data-version: uberon/releases/2025-05-05/uberon.owl
ontology: uberon
synonymtypedef: ABBREVIATION "abbreviation"

[Term]
id: UBERON:0000001
name: organ

[Term]
id: UBERON:0000002
name: lung
alt_id: UBERON:0000020
def: "It breathes." [PMID:1, GOC:me]
comment: there are two
subset: slim
synonym: "pulmo" EXACT LATIN [TA:1]
synonym: "L" RELATED ABBREVIATION []
xref: FMA:7195
is_a: UBERON:0000001
relationship: part_of UBERON:0000003
relationship: develops_from UBERON:0000004

[Term]
id: UBERON:0000003
name: chest

[Term]
id: UBERON:0000004
name: lung bud

[Term]
id: UBERON:0000005
name: left lung
is_a: UBERON:0000002

[Term]
id: UBERON:0000006
name: lobe
relationship: part_of UBERON:0000005

[Term]
id: UBERON:0000007
name: obsolete breather
is_obsolete: true
replaced_by: UBERON:0000002

[Term]
id: UBERON:0000008
name: obsolete thing
is_obsolete: true
consider: UBERON:0000001
consider: UBERON:0000002
)";

class TermTest : public LabelTest {
 protected:
  TermTest() {
    fs::create_directories(box.path("own"));
    ::setenv("LAMIN_OFFLINE", "1", 1);
    ::setenv("LAMIN_ONTOLOGIES", box.path("own").c_str(), 1);
    std::ofstream(box.path("own/uberon-2025-05-05.obo")) << release_text;
    Record row = release_called(*instance, tissues, {.name = "uberon", .version = "2025-05-05"});
    row.set("currently_used", Value(true));
    save(*instance, row);
    release = row;
  }
  ~TermTest() override {
    for (const char* name : {"LAMIN_OFFLINE", "LAMIN_ONTOLOGIES"}) ::unsetenv(name);
  }
  static void expect_lung(const TermInfo& lung) {
    EXPECT_EQ(lung.id, "UBERON:0000002");
    EXPECT_EQ(lung.definition, "It breathes.");
    EXPECT_EQ(lung.version, "2025-05-05");
    EXPECT_THAT(lung.definition_sources, ElementsAre("PMID:1", "GOC:me"));
    EXPECT_THAT(lung.alt_ids, ElementsAre("UBERON:0000020"));
    EXPECT_THAT(lung.subsets, ElementsAre("slim"));
    EXPECT_THAT(lung.xrefs, ElementsAre("FMA:7195"));
    EXPECT_THAT(lung.properties, Contains(Pair("comment", "there are two")));
    ASSERT_EQ(lung.synonyms.size(), 4U);
    EXPECT_EQ(lung.synonyms[2].text, "breather") << "of the term that it replaces";
    EXPECT_EQ(lung.synonyms[2].scope, "OBSOLETE");
    EXPECT_EQ(lung.synonyms[0].text, "pulmo");
    EXPECT_EQ(lung.synonyms[0].scope, "EXACT");
    EXPECT_EQ(lung.synonyms[0].type, "LATIN");
    EXPECT_THAT(lung.synonyms[0].sources, ElementsAre("TA:1"));
    EXPECT_EQ(lung.synonyms[1].scope, "RELATED");
    EXPECT_EQ(lung.synonyms[1].type, "ABBREVIATION");
    Texts relations;
    for (const auto& one : lung.relations) relations.push_back(one.relation + " " + one.id + " " + one.name);
    EXPECT_THAT(relations, ElementsAre("is_a UBERON:0000001 organ", "part_of UBERON:0000003 chest",
                                       "develops_from UBERON:0000004 lung bud"));
    ASSERT_EQ(lung.children.size(), 1U);
    EXPECT_EQ(lung.children[0].name, "left lung");
  }
  static Texts shown(const TermGraph& graph) {
    Texts all;
    for (const auto& node : graph.nodes) all.push_back(std::to_string(node.level) + " " + node.name);
    return all;
  }

  Record release;
};

TEST_F(TermTest, ATermThatIsNotRegisteredIsShownAsItsReleaseSays) {
  for (const char* text : {"lung", "UBERON:0000002", "LUNG", "pulmo", "UBERON:0000020"}) {
    const auto lung = term_info(*instance, tissues, text);
    EXPECT_FALSE(lung.registered) << text;
    expect_lung(lung);
  }
  EXPECT_EQ(term_info(*instance, "", "UBERON:0000002").name, "lung") << "its prefix says of which registry";
  EXPECT_EQ(count("bionty_tissue"), 0);
}

TEST_F(TermTest, ARegisteredOneIsShownWithWhoUsesIt) {
  const Texts values{"lung"};
  auto found = from_release(*instance, tissues, values, {}, release);
  save(*instance, found.records.at(0));
  auto draft = prepare_artifact(*instance, {.source = box.write("a.txt", "a"), .key = "a.txt"});
  save_artifact(*instance, draft);
  const std::vector<Record> labels{found.records[0]};
  add_labels(*instance, draft.record, labels);
  const auto lung = term_info(*instance, tissues, "lung");
  EXPECT_TRUE(lung.registered);
  expect_lung(lung);
  ASSERT_EQ(lung.uses.size(), 1U);
  EXPECT_EQ(lung.uses[0].registry, "Artifact");
  EXPECT_THAT(lung.uses[0].some, ElementsAre("a.txt"));
  const std::array<std::int64_t, 1> row{found.records[0].id()};
  std::vector<Record> others{add("bionty.Tissue", {{"name", Value("other")}})};
  add_labels(*instance, draft.record, others);
  const auto other = others[0].id();
  EXPECT_EQ(lake::Uses(*instance, table(tissues), other).of({&other, 1}).size(), 1U);
  EXPECT_TRUE(lake::Uses(*instance, table(tissues), other).of(row).empty()) << "nothing is read but of the row";
  EXPECT_THAT(
      names(database().all(
          {.registry = tissues, .where = Expr::compare("name", Op::ne, Value("other")), .order_by = {"ontology_id"}})),
      ElementsAre("organ", "lung", "chest"))
      << "with what is above it, by part_of too";
}

TEST_F(TermTest, TermsAreFoundRegisteredOrNot) {
  release.set("currently_used", Value(true));
  save(*instance, release);
  const Texts values{"lung"};
  auto found = from_release(*instance, tissues, values, {}, release);
  save(*instance, found.records.at(0));
  auto renamed = found.records[0];
  renamed.set("name", Value("left one"));
  renamed.set("synonyms", Value());
  save(*instance, renamed);
  const auto both = search_terms(*instance, tissues, "lung");
  EXPECT_TRUE(both.only_registered.empty()) << both.only_registered;
  ASSERT_FALSE(both.terms.empty());
  EXPECT_TRUE(both.terms[0].registered) << "under another name";
  EXPECT_EQ(both.terms[0].record.text("name"), "left one");
  EXPECT_EQ(search_terms(*instance, tissues, "organ", {.limit = 1}).terms.size(), 1U);
  EXPECT_FALSE(both.only_near);
  const auto near = search_terms(*instance, tissues, "organn");
  ASSERT_EQ(near.terms.size(), 1U);
  EXPECT_TRUE(near.only_near);
  EXPECT_EQ(near.terms[0].record.text("name"), "organ");
  EXPECT_FALSE(search_terms(*instance, tissues, "xyzxyz").only_near);
  fs::remove(box.path("own/uberon-2025-05-05.obo"));
  const auto alone = search_terms(*instance, tissues, "left");
  EXPECT_EQ(alone.terms.size(), 1U);
  EXPECT_THAT(alone.only_registered, HasSubstr("cannot be downloaded"));
  EXPECT_EQ(code_of([&] { search_terms(*instance, "Artifact", "x"); }), Code::invalid_argument);
}

TEST_F(TermTest, AnImportKeepsAllThatTheFileSays) {
  import_release(*instance, release);
  fs::remove(box.path("own/uberon-2025-05-05.obo"));
  fs::remove_all(box.settings().parent_path() / "cache");
  expect_lung(term_info(*instance, tissues, "lung"));
  const auto gone = term_info(*instance, tissues, "UBERON:0000007");
  EXPECT_TRUE(gone.obsolete);
  ASSERT_EQ(gone.replaced_by.size(), 1U);
  EXPECT_EQ(gone.replaced_by[0].name, "lung");
}

TEST_F(TermTest, AnObsoleteOneSaysWhatReplacesIt) {
  const auto gone = term_info(*instance, tissues, "breather");
  EXPECT_TRUE(gone.obsolete);
  EXPECT_EQ(gone.id, "UBERON:0000007");
  ASSERT_EQ(gone.replaced_by.size(), 1U);
  EXPECT_EQ(gone.replaced_by[0].id, "UBERON:0000002");
  const auto thing = term_info(*instance, tissues, "UBERON:0000008");
  EXPECT_EQ(thing.consider.size(), 2U);
  EXPECT_TRUE(thing.replaced_by.empty());
}

TEST_F(TermTest, WhatIsAboveAndBelow) {
  auto graph = term_graph(*instance, tissues, "lung", {.up = 2, .down = 2});
  EXPECT_THAT(shown(graph), ElementsAre("0 lung", "-1 chest", "-1 organ", "1 left lung", "2 lobe"));
  EXPECT_EQ(graph.edges.size(), 4U);
  graph = term_graph(*instance, tissues, "lung", {.down = 1});
  EXPECT_THAT(shown(graph), ElementsAre("0 lung", "1 left lung"));
  EXPECT_EQ(graph.nodes[1].hidden, 1) << "the lobe";
  graph = term_graph(*instance, tissues, "chest", {.down = 5, .relation = "part_of"});
  EXPECT_THAT(shown(graph), ElementsAre("0 chest", "1 lung"));
  graph = term_graph(*instance, tissues, "lung bud", {.down = 5, .relation = "develops_from"});
  EXPECT_THAT(shown(graph), ElementsAre("0 lung bud", "1 lung"));
  std::string why;
  EXPECT_EQ(code_of([&] { term_graph(*instance, tissues, "lung", {.relation = "part_off"}); }, &why), Code::not_found);
  EXPECT_THAT(why, HasSubstr("part_of"));
  graph = term_graph(*instance, tissues, "lung", {.up = 2, .down = 2, .most = 3});
  EXPECT_TRUE(graph.cut);
  EXPECT_EQ(graph.nodes.size(), 3U);
}

TEST_F(TermTest, OnesOwnTermsStandAmongThoseOfTheRelease) {
  const Texts values{"lung"};
  auto found = from_release(*instance, tissues, values, {}, release);
  save(*instance, found.records.at(0));
  const auto mine = add(tissues, {{"name", "my lung piece"}});
  const std::vector<std::int64_t> above{found.records[0].id()};
  registry::Writes(database()).link(mine, *table(tissues).find_relation("parents"), above);
  const auto graph = term_graph(*instance, tissues, "lung", {.down = 1});
  EXPECT_THAT(shown(graph), ElementsAre("0 lung", "1 left lung", "1 my lung piece"));
  EXPECT_FALSE(graph.nodes[1].registered);
  EXPECT_TRUE(graph.nodes[2].registered);
  EXPECT_THAT(shown(row_graph(*instance, mine, {.up = 1})), ElementsAre("0 my lung piece", "-1 lung"));
  EXPECT_EQ(term_info(*instance, tissues, "my lung piece").relations.at(0).relation, "parent");
}

TEST_F(TermTest, WhatIsNotThereNamesTheNearest) {
  std::string why;
  EXPECT_EQ(code_of([&] { term_info(*instance, tissues, "lungg"); }, &why), Code::not_found);
  EXPECT_THAT(why, HasSubstr("lung"));
  EXPECT_EQ(code_of([&] { term_info(*instance, "bionty.Gene", "x"); }, &why), Code::invalid_argument);
  EXPECT_EQ(ontology_called(*instance, "UBERON").registry, tissues);
  EXPECT_EQ(ontology_called(*instance, "UBERON").source, "uberon");
  EXPECT_EQ(ontology_called(*instance, "cell_type").registry, "bionty.CellType");
  EXPECT_EQ(code_of([&] { ontology_called(*instance, "ubernon"); }, &why), Code::not_found);
  EXPECT_THAT(why, HasSubstr("uberon"));
}

}  // namespace
}  // namespace lamin
