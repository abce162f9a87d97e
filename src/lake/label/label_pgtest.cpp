// The same queries on PostgreSQL, where what was read may be used until anybody commits.
#include <cstdlib>
#include <functional>
#include "lake/feature/query_cases_testing.hpp"
#include "lake/feature/sheet_cases_testing.hpp"
#include "lake/label/label_testing.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace {

using testing::code_of;
using testing::Sandbox;
using testing::Texts;

/// A separate database, dropped at the end.
class LabelPostgres : public ::testing::Test {
 protected:
  Sandbox box;
  std::string server, name;
  std::unique_ptr<Instance> instance;

  void SetUp() override {
    const char* url = std::getenv("LAMIN_TEST_POSTGRES");
    ASSERT_NE(url, nullptr) << "LAMIN_TEST_POSTGRES is not set: `./dev test pg` sets it";
    server = url;
    name = "lamin_label_" + base::random_uid(8);
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    db::open_connection(server)->script("CREATE DATABASE " + name);
    const std::string own = server.substr(0, server.rfind('/') + 1) + name;
    instance = init({.storage = "store", .name = "labels", .db = own, .modules = {"bionty"}});
  }
  void TearDown() override {
    instance.reset();
    if (!name.empty()) db::open_connection(server)->script("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
  }
  Database& database() { return instance->database(); }
  const schema::Table& table(std::string_view of) { return instance->catalog().table(of); }
  Record add(std::string_view registry, const std::map<std::string, Value>& fields) {
    Record record(table(registry));
    for (const auto& [field, value] : fields) record.set(field, value);
    registry::Writes(database()).save(record);
    return record;
  }
  Record feature(std::string_view of, std::string_view dtype) {
    return add("Feature", {{"name", Value(of)}, {"_dtype_str", Value(dtype)}});
  }
};

constexpr const char* small_obo = R"(format-version: 1.2
data-version: releases/2024-01-01
ontology: cl

[Term]
id: CL:0000000
name: cell

[Term]
id: CL:0000084
name: T cell
synonym: "T-cell" EXACT []
synonym: "thymic one" RELATED []
is_a: CL:0000000

[Term]
id: CL:0000624
name: helper cell
is_a: CL:0000084
)";

TEST_F(LabelPostgres, OntologyAndValues) {
  const auto file = box.write("cl.obo", small_obo);
  const ImportReport report = import_ontology(*instance, "CellType", file);
  EXPECT_EQ(report.created, 3);
  EXPECT_EQ(report.parents, 2);
  EXPECT_EQ(import_ontology(*instance, "CellType", file).created, 0);
  const Record cell = *find_by_name(*instance, table("CellType"), "cell");
  EXPECT_EQ(descendants(*instance, cell).size(), 2U);
  EXPECT_EQ(ancestors(*instance, *find_by_name(*instance, table("CellType"), "helper cell")).size(), 2U);
  const Texts values{"T cell", "t-CELL", "", "thymic one", "helper cel"};
  EXPECT_EQ(validate(*instance, "CellType", values), (std::vector<bool>{true, false, false, false, false}));
  EXPECT_EQ(standardize(*instance, "CellType", values)[1].front(), "T cell");
  const Inspection found = inspect(*instance, "CellType", values);
  EXPECT_EQ(found.suggestions.at("thymic one").front().via, "thymic one");
  EXPECT_EQ(found.suggestions.at("helper cel").front().value, "helper cell");
  add("bionty.CellType", {{"name", "new one"}, {"ontology_id", "CL:9"}});
  EXPECT_EQ(validate(*instance, "CellType", Texts{"new one"}), std::vector<bool>{true});
  EXPECT_EQ(search(*instance, "CellType", "T CELL").front().record.text("name"), "T cell");
  EXPECT_EQ(similar_names(*instance, table("CellType"), "Helper cells"), Texts{"helper cell"});
}

TEST_F(LabelPostgres, CatchesUpWithTheirLinks) {
  import_ontology(*instance, "CellType", box.write("cl.obo", small_obo));
  const Record t = *find_by_name(*instance, table("CellType"), "T cell");
  const Record lone = add("bionty.CellType", {{"name", "lone"}, {"ontology_id", "CL:9"}});
  database().connection().script("INSERT INTO bionty_celltype_parents (from_celltype_id, to_celltype_id) VALUES (" +
                                 std::to_string(lone.id()) + ", " + std::to_string(t.id()) + ")");
  EXPECT_EQ(descendants(*instance, t).size(), 2U);
}

TEST_F(LabelPostgres, ValuesAreValidAsSoonAsAnybodyCommitsThem) {
  add("ULabel", {{"name", "known"}});
  const Texts names{"known", "new", "own"};
  const auto valid = [&] { return validate(*instance, "ULabel", names); };
  EXPECT_EQ(valid(), (std::vector<bool>{true, false, false}));
  const auto other = connect("labels");
  Record fresh(other->catalog().table("ULabel"));
  fresh.set("name", "new");
  registry::Writes(other->database()).save(fresh);
  EXPECT_EQ(valid(), (std::vector<bool>{true, true, false}));
  EXPECT_THROW(database().transaction([&] {
    add("ULabel", {{"name", "own"}});
    EXPECT_EQ(valid(), (std::vector<bool>{true, true, true}));
    throw Error(Code::invalid_argument, "no");
  }),
               Error);
  EXPECT_EQ(valid(), (std::vector<bool>{true, true, false}));
  registry::Writes(other->database()).remove(fresh);
  EXPECT_EQ(valid(), (std::vector<bool>{true, false, false}));
}

/// Both see that the name is missing, and both would add it.
TEST_F(LabelPostgres, WhatATransactionLooksUpConflictsWithWhatAnotherAdds) {
  const auto other = connect("labels");
  const Texts name{"wanted"};
  const auto add_if_missing = [&](Instance& by, const std::function<void()>& meanwhile) {
    by.database().transaction([&] {
      const bool there = validate(by, "ULabel", name).front();
      meanwhile();
      if (there) return;
      Record label(by.catalog().table("ULabel"));
      label.set("name", name.front());
      registry::Writes(by.database()).save(label);
    });
  };
  for (Instance* one : {instance.get(), other.get()}) validate(*one, "ULabel", name);
  int attempts = 0;
  add_if_missing(*instance, [&] {
    if (++attempts == 1) add_if_missing(*other, [] {});
  });
  EXPECT_EQ(attempts, 2);
  EXPECT_EQ(testing::scalar(*instance, "SELECT count(*) FROM lamindb_ulabel WHERE name = 'wanted'"), 1);
}

TEST_F(LabelPostgres, FeaturesSchemasAndCuration) {
  import_ontology(*instance, "CellType", box.write("cl.obo", small_obo));
  const Record cell_type = feature("cell_type", "cat[bionty.CellType]"), n = feature("n", "int");
  feature("note", "str"), feature("day", "date"), feature("doc", "dict");
  auto draft = prepare_artifact(*instance, {.source = box.write("a.csv", "n\n1\n"), .key = "a.csv"});
  save_artifact(*instance, draft);
  const FeatureValues values{
      {"note", {Value("hello")}}, {"day", {Value(Date{20151})}}, {"doc", {Value(Json{R"({"a": 1})"})}}};
  add_feature_values(*instance, draft.record, values);
  EXPECT_EQ(feature_values(*instance, draft.record), values);
  SchemaDraft schema = prepare_schema(*instance, {.members = {cell_type, n}});
  save_schema(*instance, schema);
  EXPECT_TRUE(prepare_schema(*instance, {.members = {n, cell_type}}).existing);
  Frame frame;
  frame.add("cell_type", Column::texts(Texts{"T-cell", "helper cell"}));
  frame.add("n", Column::integers({1, 2}));
  Curator curator(*instance, schema.record, {{"", frame}});
  EXPECT_EQ(code_of([&] { curator.validate(); }), Code::validation);
  curator.standardize("", "");
  curator.validate();
  curator.annotate(draft.record);
  EXPECT_EQ(testing::scalar(*instance, "SELECT count(*) FROM bionty_artifactcelltype"), 2);
  remove_feature_values(*instance, draft.record, {{"doc", {}}});
  set_feature_values(*instance, draft.record, {{"note", {Value("again")}}});
  EXPECT_EQ(feature_values(*instance, draft.record, true), (FeatureValues{{"note", {Value("again")}}}));
}

TEST_F(LabelPostgres, ValuesAreAskedForByTheNameOfTheirFeature) { testing::FeatureQueryCases(*instance, box).check(); }

TEST_F(LabelPostgres, RowsHaveWhatTheSheetRequires) {
  testing::SheetCases(*instance).rows_have_what_the_sheet_requires();
}
TEST_F(LabelPostgres, TheIndexIsTheName) { testing::SheetCases(*instance).the_index_is_the_name(); }
TEST_F(LabelPostgres, ManyRowsAreSavedAndUpdated) { testing::SheetCases(*instance).many_rows_are_saved_and_updated(); }
TEST_F(LabelPostgres, NamesMoveWithTheIndex) { testing::SheetCases(*instance).names_move_with_the_index(); }

TEST_F(LabelPostgres, Genes) {
  Frame genes;
  genes.add("ensembl_gene_id", Column::texts(Texts{"ENSG00000081059", "ENSG00000188389"}));
  genes.add("symbol", Column::texts(Texts{"TCF7", "PDCD1"}));
  genes.add("synonyms", Column::texts(Texts{"TCF-1", "CD279"}));
  EXPECT_EQ(import_terms(*instance, "Gene", genes, {.organism = "human"}).created, 2);
  EXPECT_EQ(standardize(*instance, "Gene", Texts{"cd279"})[0].front(), "PDCD1");
  EXPECT_EQ(from_values(*instance, "Gene", Texts{"TCF7", "nope"}, {.organism = "human"}).missing, Texts{"nope"});
}

}  // namespace
}  // namespace lamin
