#include "lamin/label.hpp"
#include <chrono>
#include "lake/label/label_testing.hpp"
#include "lake/label/suggest.hpp"
#include "lamin/save.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace {

using testing::code_of;
using testing::LabelTest;
using testing::Texts;

TEST_F(LabelTest, ValidateIsExact) {
  cell_type("T cell", "CL:0000084", "T-cell|T lymphocyte");
  const Texts values{"T cell", "t cell", "T-cell", "", "T cell "};
  EXPECT_EQ(validate(*instance, "bionty.CellType", values), (std::vector<bool>{true, false, false, false, false}));
  const Texts ids{"CL:0000084", "CL:0000085"};
  EXPECT_EQ(validate(*instance, "CellType", ids, {.field = "ontology_id"}), (std::vector<bool>{true, false}));
}

TEST_F(LabelTest, ValidateOfAnEmptyRegistrySaysSo) {
  const Texts values{"x"};
  EXPECT_EQ(validate(*instance, "bionty.CellType", values), std::vector<bool>{false});
  EXPECT_TRUE(box.said("bionty.CellType"));
}

TEST_F(LabelTest, ValidateSeesOwnWritesAndTrash) {
  const Texts values{"one", "two"};
  Record one = add("ULabel", {{"name", "one"}});
  EXPECT_EQ(validate(*instance, "ULabel", values), (std::vector<bool>{true, false}));
  add("ULabel", {{"name", "two"}});
  EXPECT_EQ(validate(*instance, "ULabel", values), (std::vector<bool>{true, true}));
  one.set("branch", Value(-1));
  registry::Writes(database()).save(one);
  EXPECT_EQ(validate(*instance, "ULabel", values), (std::vector<bool>{false, true}));
}

TEST_F(LabelTest, ValidateSeesARenameAndAnInsertTogether) {
  Record one = add("ULabel", {{"name", "one"}});
  const Texts values{"one", "uno", "two"};
  EXPECT_EQ(validate(*instance, "ULabel", values), (std::vector<bool>{true, false, false}));
  one.set("name", "uno");
  registry::Writes(database()).save(one);
  add("ULabel", {{"name", "two"}});
  EXPECT_EQ(validate(*instance, "ULabel", values), (std::vector<bool>{false, true, true}));
}

TEST_F(LabelTest, ValidateSeesWhatAnotherConnectionWrote) {
  const Texts values{"theirs"};
  EXPECT_EQ(validate(*instance, "ULabel", values), std::vector<bool>{false});
  const auto other = connect("labels");
  Record label(other->catalog().table("ULabel"));
  label.set("name", "theirs");
  registry::Writes(other->database()).save(label);
  EXPECT_EQ(validate(*instance, "ULabel", values), std::vector<bool>{true});
}

TEST_F(LabelTest, ValidateForgetsWhatWasRolledBack) {
  const Texts values{"never"};
  EXPECT_THROW(database().transaction([&] {
    add("ULabel", {{"name", "never"}});
    EXPECT_EQ(validate(*instance, "ULabel", values), std::vector<bool>{true});
    throw std::runtime_error("stop");
  }),
               std::runtime_error);
  EXPECT_EQ(validate(*instance, "ULabel", values), std::vector<bool>{false});
}

TEST_F(LabelTest, AnOrganismCountsForIdsToo) {
  const Value human(organism(*instance, "human").id()), mouse(organism(*instance, "mouse").id());
  add("bionty.Gene", {{"symbol", "BRCA2"}, {"ensembl_gene_id", "ENSG00000139618"}, {"organism", human}});
  add("bionty.Gene", {{"symbol", "Brca2"}, {"ensembl_gene_id", "ENSMUSG00000041147"}, {"organism", mouse}});
  const Texts ids{"ENSMUSG00000041147", "ENSG00000139618"};
  LabelOptions options{.field = "ensembl_gene_id", .organism = "mouse"};
  EXPECT_EQ(validate(*instance, "bionty.Gene", ids, options), (std::vector<bool>{true, false}));
  EXPECT_EQ(from_values(*instance, "bionty.Gene", ids, options).records.size(), 1U);
  options.default_organism = true;
  EXPECT_EQ(validate(*instance, "bionty.Gene", ids, options), (std::vector<bool>{true, true}));
}

TEST_F(LabelTest, ANameIsNoIdentityWhereThereIsABetterOne) {
  const Value human(organism(*instance, "human").id()), mouse(organism(*instance, "mouse").id());
  const auto save_made = [&](const char* registry, const std::map<std::string, Value>& fields) {
    Record record = make_record(*instance, table(registry), fields);
    save(*instance, record);
    return record.id();
  };
  const auto first = save_made("bionty.CellType", {{"name", "X cell"}, {"ontology_id", "CL:9000001"}});
  EXPECT_NE(save_made("bionty.CellType", {{"name", "X cell"}, {"ontology_id", "CL:9000002"}}), first);
  EXPECT_TRUE(box.said("X cell (ontology_id 'CL:9000001'): creating another one"));
  EXPECT_EQ(save_made("bionty.CellType", {{"name", "X cell"}, {"ontology_id", "CL:9000001"}}), first);
  EXPECT_EQ(save_made("bionty.CellType", {{"name", "X cell"}}), first);
  const auto nameless = save_made("bionty.CellType", {{"name", "Y cell"}});
  EXPECT_EQ(save_made("bionty.CellType", {{"name", "Y cell"}, {"ontology_id", "CL:9000003"}}), nameless);
  const auto gene = save_made("bionty.Gene", {{"symbol", "dCas9"}, {"organism", human}});
  EXPECT_NE(save_made("bionty.Gene", {{"symbol", "dCas9"}, {"organism", mouse}}), gene);
  EXPECT_EQ(save_made("bionty.Gene", {{"symbol", "dCas9"}, {"organism", human}}), gene);
}

TEST_F(LabelTest, BadLookUpsAreRefused) {
  const Texts values{"x"};
  std::string message;
  EXPECT_EQ(code_of([&] { validate(*instance, "CelType", values); }, &message), Code::not_found);
  EXPECT_NE(message.find("CellType"), std::string::npos) << message;
  EXPECT_EQ(code_of([&] { validate(*instance, "CellType", values, {.field = "nme"}); }), Code::unknown_field);
  EXPECT_EQ(code_of([&] { validate(*instance, "CellType", values, {.field = "created_at"}); }), Code::invalid_argument);
  EXPECT_EQ(code_of([&] { validate(*instance, "bionty.Gene", values, {.organism = "unicorn"}); }), Code::not_found);
}

TEST_F(LabelTest, StandardizeFollowsExactThenCaseThenSynonym) {
  cell_type("T cell", "CL:0000084", "T-cell|T lymphocyte");
  const Texts values{"t-CELL", "T cell", "x", "", "T LYMPHOCYTE", "t cell"};
  const auto found = standardize(*instance, "bionty.CellType", values);
  Texts flat;
  for (const auto& one : found) flat.push_back(one.front());
  EXPECT_EQ(flat, (Texts{"T cell", "T cell", "x", "", "T cell", "T cell"}));
  StandardizeOptions strict;
  strict.case_sensitive = true;
  const Texts two{"t-CELL", "T-cell"};
  const auto exact = standardize(*instance, "bionty.CellType", two, strict);
  EXPECT_EQ(exact[0].front(), "t-CELL");
  EXPECT_EQ(exact[1].front(), "T cell");
}

TEST_F(LabelTest, StandardizeKeepsWhatItIsToldOfSeveral) {
  cell_type("alpha", "CL:1", "shared");
  cell_type("beta", "CL:2", "shared|other");
  const Texts values{"shared"};
  StandardizeOptions options;
  EXPECT_EQ(standardize(*instance, "CellType", values, options)[0], Texts{"alpha"});
  options.keep = Keep::last;
  EXPECT_EQ(standardize(*instance, "CellType", values, options)[0], Texts{"beta"});
  options.keep = Keep::all;
  EXPECT_EQ(standardize(*instance, "CellType", values, options)[0], (Texts{"alpha", "beta"}));
  options.keep = Keep::first;
  options.return_field = "ontology_id";
  EXPECT_EQ(standardize(*instance, "CellType", values, options)[0], Texts{"CL:1"});
}

TEST_F(LabelTest, StandardizeOfARegistryWithoutSynonymsReturnsItsInput) {
  add("ULabel", {{"name", "Good"}});
  const Texts values{"good"};
  EXPECT_EQ(standardize(*instance, "ULabel", values)[0], Texts{"good"});
}

TEST_F(LabelTest, StandardizeFoldsBeyondAscii) {
  cell_type("Müller cell", "CL:3", "Ménière");
  const Texts values{"MÜLLER CELL", "MÉNIÈRE"};
  for (const auto& one : standardize(*instance, "CellType", values)) EXPECT_EQ(one.front(), "Müller cell");
}

TEST_F(LabelTest, InspectCountsAndExplains) {
  cell_type("T cell", "CL:0000084", "T-cell");
  cell_type("B cell", "CL:0000236");
  const Texts values{"T cell", "t-cell", "", "T cell", "B cel", "zzzzzz"};
  const Inspection found = inspect(*instance, "CellType", values);
  EXPECT_EQ(found.validated, Texts{"T cell"});
  EXPECT_EQ(found.non_validated, (Texts{"t-cell", "B cel", "zzzzzz"}));
  EXPECT_EQ(found.n_values, 6);
  EXPECT_EQ(found.n_unique, 4);
  EXPECT_EQ(found.n_empty, 2);
  EXPECT_DOUBLE_EQ(found.frac_validated, 25.0);
  EXPECT_EQ(found.synonyms, (std::map<std::string, std::string>{{"t-cell", "T cell"}}));
  ASSERT_EQ(found.suggestions.size(), 1U);
  EXPECT_EQ(found.suggestions.at("B cel").front().value, "B cell");
}

TEST_F(LabelTest, SuggestionsSayThroughWhichSynonym) {
  cell_type("hematopoietic stem cell", "CL:0000037", "HSC|blood forming stem cell");
  cell_type("CD14-positive monocyte", "CL:0001054");
  cell_type("CD8-positive, alpha-beta cytotoxic T cell", "CL:0000794", "cytotoxic T cell");
  const Texts values{"hematopoetic stem cell", "CD14+ Monocyte", "cytotoxic T cel", "monocytes of CD14"};
  const auto found = inspect(*instance, "CellType", values).suggestions;
  EXPECT_EQ(found.at("hematopoetic stem cell").front().value, "hematopoietic stem cell");
  EXPECT_EQ(found.at("CD14+ Monocyte").front().value, "CD14-positive monocyte");
  EXPECT_EQ(found.at("cytotoxic T cel").front().value, "CD8-positive, alpha-beta cytotoxic T cell");
  EXPECT_EQ(found.at("cytotoxic T cel").front().via, "cytotoxic T cell");
  EXPECT_GT(found.at("cytotoxic T cel").front().score, 0.9);
}

TEST_F(LabelTest, SuggestionsPreferTheLikelierSlip) {
  // Of names with one wrong letter: a letter left out or two exchanged before another letter, whatever the length.
  cell_type("healthy donor", "CL:0000001");
  cell_type("hebthy donor", "CL:0000002");
  cell_type("abcde cells", "CL:0000003");
  cell_type("aabde cells", "CL:0000004");
  cell_type("Abcde cells", "CL:0000008");
  cell_type("CD14-positive monocyte", "CL:0000005");
  cell_type("CD4-positive monocyte", "CL:0000006");
  cell_type("dendritic cell", "CL:0000007");
  const Texts values{"helthy donor", "acbde cells", "CD14-postive monocyte", " dendritic\u00a0 cell\t"};
  const auto found = inspect(*instance, "CellType", values).suggestions;
  EXPECT_EQ(found.at(values[0]).front().value, "healthy donor");
  EXPECT_EQ(found.at(values[1]).front().value, "abcde cells");
  EXPECT_EQ(found.at(values[2]).front().value, "CD14-positive monocyte");
  EXPECT_EQ(found.at(values[3]).front().value, "dendritic cell");
  EXPECT_EQ(found.at(values[3]).front().score, 1);
}

TEST_F(LabelTest, FromValuesFindsExistingRowsFirst) {
  cell_type("T cell", "CL:0000084", "T-cell");
  cell_type("B cell", "CL:0000236");
  const Texts values{"new one", "B cell", "t-cell", "", "B cell"};
  const FromValues found = from_values(*instance, "CellType", values);
  EXPECT_EQ(names(found.records), (Texts{"T cell", "B cell"}));
  EXPECT_EQ(found.missing, Texts{"new one"});
  const FromValues made = from_values(*instance, "CellType", values, {}, true);
  EXPECT_EQ(names(made.records), (Texts{"T cell", "B cell", "new one"}));
  EXPECT_FALSE(made.records[2].saved());
  EXPECT_TRUE(made.missing.empty());
}

TEST_F(LabelTest, GenesNeedAnOrganismToBeCreated) {
  const Texts values{"TCF7"};
  EXPECT_EQ(code_of([&] { from_values(*instance, "bionty.Gene", values, {}, true); }), Code::not_configured);
  FromValues made = from_values(*instance, "bionty.Gene", values, {.organism = "human"}, true);
  ASSERT_EQ(made.records.size(), 1U);
  registry::Writes(database()).save(made.records[0]);
  EXPECT_EQ(made.records[0].uid(), base::derived_uid("TCF7human", 14));
  EXPECT_EQ(validate(*instance, "bionty.Gene", values, {.organism = "human"}), std::vector<bool>{true});
  organism(*instance, "mouse");
  EXPECT_EQ(validate(*instance, "bionty.Gene", values, {.organism = "mouse"}), std::vector<bool>{false});
}

TEST_F(LabelTest, SearchRanksAsLaminDb) {
  cell_type("T cell", "CL:1");
  cell_type("B cell", "CL:2");
  cell_type("PP cell", "CL:3");
  cell_type("nodal myocyte", "CL:4", "P cell");
  EXPECT_EQ(names(search(*instance, "CellType", "P cell", {.limit = 2})), (Texts{"nodal myocyte", "PP cell"}));
  EXPECT_EQ(names(search(*instance, "CellType", "b cell")).front(), "B cell");
  EXPECT_TRUE(search(*instance, "CellType", "b cell", {.case_sensitive = true}).empty());
  EXPECT_EQ(names(search(*instance, "CellType", "nodal myocite", {.fuzzy = true})), Texts{"nodal myocyte"});
  EXPECT_EQ(code_of([&] { search(*instance, "CellType", "  "); }), Code::invalid_argument);
}

TEST_F(LabelTest, MakingWhatIsThereReturnsItWithWhatIsNew) {
  const auto& labels = table("ULabel");
  Record type = make_record(*instance, labels, {{"name", Value("Kind")}, {"is_type", Value(true)}});
  EXPECT_FALSE(type.saved());
  registry::Writes(database()).save(type);
  const Record known = add("ULabel", {{"name", "good"}, {"description", "old"}, {"type", type.id()}});
  const Record again = make_record(
      *instance, labels, {{"name", "good"}, {"description", "new"}, {"reference", Value()}, {"is_type", Value(true)}});
  EXPECT_EQ(again.id(), known.id());
  EXPECT_EQ(again.text("description"), "new");
  EXPECT_TRUE(again.at("is_type").boolean_or(false));
  EXPECT_TRUE(box.said("updated description from 'old' to 'new'"));
  EXPECT_EQ(database().get(labels, known.uid()).text("description"), "old") << "the caller saves";
  EXPECT_EQ(make_record(*instance, labels, {{"name", "good"}, {"type", type.id()}}).id(), known.id());
  EXPECT_FALSE(make_record(*instance, labels, {{"name", "good"}}, false).saved());
  EXPECT_FALSE(box.said("Did you mean to load"));
  EXPECT_FALSE(make_record(*instance, labels, {{"name", "good"}, {"type", Value()}}).saved()) << "none without a type";
  box.messages().clear();
  EXPECT_FALSE(make_record(*instance, labels, {{"name", "Good"}}).saved());
  EXPECT_TRUE(box.said("Did you mean to load it?"));
}

TEST_F(LabelTest, AFeatureHasOneDtype) {
  const auto& features = table("Feature");
  const auto make = [&](const std::map<std::string, Value>& fields) {
    return make_record(*instance, features, fields);
  };
  Record size = make({{"name", "size"}, {"_dtype_str", "int"}});
  EXPECT_TRUE(size.at("nullable").boolean_or(false));
  size.set("nullable", Value(false));
  registry::Writes(database()).save(size);
  EXPECT_EQ(make({{"name", "size"}, {"_dtype_str", "int"}}).id(), size.id());
  EXPECT_FALSE(make({{"name", "size"}, {"_dtype_str", "int"}}).at("nullable").boolean_or(true));
  std::string why;
  EXPECT_EQ(code_of([&] { make({{"name", "size"}, {"_dtype_str", "float"}}); }, &why), Code::validation);
  EXPECT_NE(why.find("already exists with dtype int, you passed float"), why.npos) << why;
  EXPECT_EQ(code_of([&] { make({{"name", "other"}}); }), Code::validation);
  EXPECT_EQ(code_of([&] { make({{"name", "other"}, {"_dtype_str", "cat[bionty.Cell]"}}); }), Code::validation);
  EXPECT_FALSE(make({{"name", "Measurements"}, {"is_type", Value(true)}}).saved());
}

TEST_F(LabelTest, FindByNameKeepsToTheType) {
  Record type = add("ULabel", {{"name", "Quality"}, {"is_type", Value(true)}});
  Record root = add("ULabel", {{"name", "good"}});
  Record typed = add("ULabel", {{"name", "good"}, {"type", Value(type.id())}});
  EXPECT_EQ(find_by_name(*instance, table("ULabel"), "good")->id(), root.id());
  EXPECT_EQ(find_by_name(*instance, table("ULabel"), "good", 0)->id(), root.id());
  EXPECT_EQ(find_by_name(*instance, table("ULabel"), "good", type.id())->id(), typed.id());
  EXPECT_EQ(find_by_name(*instance, table("ULabel"), "good", type.id())->at("uid"), typed.at("uid"));
  EXPECT_FALSE(find_by_name(*instance, table("ULabel"), "Good"));
}

TEST_F(LabelTest, SimilarNamesContainTheFirstFourFifths) {
  for (const char* name : {"experiment one", "experiment two", "other", "my experiment one b"})
    add("ULabel", {{"name", name}});
  EXPECT_EQ(similar_names(*instance, table("ULabel"), "Experiment ones"),
            (Texts{"experiment one", "my experiment one b"}));
  EXPECT_TRUE(similar_names(*instance, table("ULabel"), "nothing like it").empty());
  add("ULabel", {{"name", "nothing like this"}});
  EXPECT_EQ(similar_names(*instance, table("ULabel"), "nothing like it"), Texts{"nothing like this"});
}

TEST_F(LabelTest, SynonymsAreGuarded) {
  Record t = cell_type("T cell", "CL:1", "T-cell");
  Record b = cell_type("B cell", "CL:2");
  EXPECT_EQ(code_of([&] { add_synonym(*instance, b, "a|b"); }), Code::validation);
  EXPECT_EQ(code_of([&] { add_synonym(*instance, b, "t-CELL"); }), Code::validation);
  EXPECT_EQ(code_of([&] { add_synonym(*instance, b, "  "); }), Code::invalid_argument);
  add_synonym(*instance, b, "B lymphocyte");
  add_synonym(*instance, b, "B-cell");
  add_synonym(*instance, b, "B-cell");
  EXPECT_EQ(database().find(table("CellType"), b.id())->text("synonyms"), "B lymphocyte|B-cell");
  add_synonym(*instance, b, "T-cell", {.force = true});
  remove_synonym(*instance, b, "B lymphocyte");
  EXPECT_EQ(database().find(table("CellType"), b.id())->text("synonyms"), "B-cell|T-cell");
  Record label = add("ULabel", {{"name", "x"}});
  EXPECT_EQ(code_of([&] { add_synonym(*instance, label, "y"); }), Code::invalid_argument);
}

TEST(LookupKey, IsAnIdentifier) {
  EXPECT_EQ(lookup_key("ADGB-DT"), "adgb_dt");
  EXPECT_EQ(lookup_key("1st"), "ln_1st");
  EXPECT_EQ(lookup_key("1st", "bt_"), "bt_1st");
  EXPECT_EQ(lookup_key("class"), "class_");
  EXPECT_EQ(lookup_key("a -- b"), "a_b");
  EXPECT_EQ(lookup_key("a_ b"), "a__b");
}

}  // namespace
}  // namespace lamin
