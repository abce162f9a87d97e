#include "lamin/curate.hpp"
#include <limits>
#include "lake/curate/frame_edit.hpp"
#include "lake/label/label_testing.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace {

using testing::code_of;
using testing::LabelTest;
using testing::Texts;

class CurateTest : public LabelTest {
 protected:
  Record cell_type_feature, n_feature;

  void SetUp() override {
    cell_type("T cell", "CL:0000084", "T-cell");
    cell_type("B cell", "CL:0000236");
    cell_type_feature = feature("cell_type", "cat[bionty.CellType]");
    n_feature = feature("n", "int");
  }
  Record schema(const SchemaOptions& options) {
    SchemaDraft draft = prepare_schema(*instance, options);
    save_schema(*instance, draft);
    return draft.record;
  }
  static Frame frame(const Texts& cells, std::vector<std::int64_t> n) {
    Frame frame;
    frame.add("cell_type", Column::texts(cells));
    frame.add("n", Column::integers(std::move(n)));
    return frame;
  }
  Curator curator(const Record& schema, Frame frame) { return Curator(*instance, schema, {{"", std::move(frame)}}); }
  static Texts rules(const std::vector<Problem>& problems) {
    Texts all;
    for (const Problem& problem : problems) all.push_back(problem.rule);
    return all;
  }
  Record artifact() {
    auto draft = prepare_artifact(*instance, {.source = box.write("a.csv", "x\n1\n"), .key = "a.csv"});
    save_artifact(*instance, draft);
    return draft.record;
  }
};

TEST_F(CurateTest, AValidTableHasNoProblems) {
  Curator one = curator(schema({.members = {cell_type_feature, n_feature}}), frame({"T cell", "B cell"}, {1, 2}));
  EXPECT_TRUE(one.check().empty());
  EXPECT_NO_THROW(one.validate());
}

TEST_F(CurateTest, ProblemsExplainThemselves) {
  Curator one =
      curator(schema({.members = {cell_type_feature, n_feature}}), frame({"T-cell", "B cel", "zzz"}, {1, 2, 3}));
  const auto problems = one.check();
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].rule, "not_registered");
  EXPECT_EQ(problems[0].column, "cell_type");
  EXPECT_EQ(problems[0].inspection.synonyms.at("T-cell"), "T cell");
  EXPECT_EQ(problems[0].inspection.suggestions.at("B cel").front().value, "B cell");
  const std::string text = problems[0].message.in(Face::python);
  for (const char* part : {"3 terms not validated in feature 'cell_type'", "1 synonym found: \"T-cell\" → \"T cell\"",
                           ".standardize(\"cell_type\")", "'B cel': did you mean 'B cell'",
                           "bionty.CellType.from_values(['B cel', 'zzz'], field='name'"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\nin\n" << text;
  }
  std::string thrown;
  EXPECT_EQ(code_of([&] { one.validate(); }, &thrown), Code::validation);
  EXPECT_EQ(thrown, problems[0].message.in(Face::cpp));
}

TEST_F(CurateTest, WhatIsMissingIsFilledIn) {
  Record dose = feature("dose", "float"), site = feature("site", "str"), batch = feature("batch", "str");
  dose.set("default_value", Json{"0.5"});
  batch.set("nullable", Value(false));
  for (Record* one : {&dose, &batch}) registry::Writes(instance->database()).save(*one);
  Frame table;
  table.add("n", Column::integers({1, 2}));
  table.add("dose", Column::reals({std::numeric_limits<double>::quiet_NaN(), 2.0}));
  Curator one(*instance, schema({.members = {n_feature, dose, site}}), {{"", table}});
  const auto filled = one.fill_in("");
  ASSERT_EQ(filled.size(), 2U);
  EXPECT_EQ(filled[0].column, "dose");
  EXPECT_FALSE(filled[0].added);
  EXPECT_EQ(filled[1].column, "site");
  EXPECT_TRUE(filled[1].added && filled[1].value.is_null());
  EXPECT_EQ(one.slots()[0].frame.at("dose").reals()[0], 0.5);
  EXPECT_TRUE(one.check().empty());
  EXPECT_TRUE(one.fill_in("").empty()) << "once is enough";
  Curator other(*instance, schema({.members = {n_feature, batch}}), {{"", table}});
  std::string message;
  EXPECT_EQ(code_of([&] { other.fill_in(""); }, &message), Code::validation);
  EXPECT_NE(message.find("'batch'"), std::string::npos) << message;
}

TEST_F(CurateTest, TellsWhichColumnsItConverted) {
  Frame table;
  table.add("n", Column::texts(Texts{"1", "2"}));
  table.add("cell_type", Column::texts(Texts{"T cell", "B cell"}));
  Curator one(*instance, schema({.members = {n_feature, cell_type_feature}, .coerce = true}), {{"", table}});
  EXPECT_TRUE(one.check().empty());
  ASSERT_EQ(one.coerced().size(), 2U);
  EXPECT_EQ(std::get<1>(one.coerced()[0]), "n");
  EXPECT_EQ(std::get<2>(one.coerced()[0]), Dtype::Base::integer);
  EXPECT_EQ(std::get<2>(one.coerced()[1]), Dtype::Base::category);
}

TEST_F(CurateTest, ItIsFixedStepByStep) {
  Curator one = curator(schema({.members = {cell_type_feature}}), frame({"T-cell", "B cel", "zzz"}, {1, 2, 3}));
  EXPECT_EQ(one.standardize("", ""), (std::map<std::string, std::string>{{"T-cell", "T cell"}}));
  one.replace("", "cell_type", "B cel", "B cell");
  EXPECT_EQ(one.check().at(0).inspection.non_validated, Texts{"zzz"});
  EXPECT_EQ(one.add_new("", "cell_type"), 1);
  EXPECT_TRUE(one.check().empty());
  EXPECT_EQ(one.slots()[0].frame.at("cell_type").unique_texts(), (Texts{"T cell", "B cell", "zzz"}));
  EXPECT_EQ(code_of([&] { one.replace("", "cell_type", "not there", "x"); }), Code::not_found);
  EXPECT_EQ(code_of([&] { one.replace("", "n", "1", "2"); }), Code::invalid_argument);
  EXPECT_EQ(code_of([&] { one.standardize("", "n"); }), Code::invalid_argument);
  EXPECT_EQ(code_of([&] { one.standardize("obs", ""); }), Code::invalid_argument);
}

TEST_F(CurateTest, CategoriesThatBecomeEqualAreJoined) {
  const Column column = Column::categories({0, 1, -1, 0}, {"T-cell", "T cell"});
  const Column now = lake::replace_texts(column, {{"T-cell", "T cell"}});
  EXPECT_EQ(now.category_names(), Texts{"T cell"});
  EXPECT_EQ(now.text(0), "T cell");
  EXPECT_EQ(now.text(1), "T cell");
  EXPECT_TRUE(now.is_null(2));
}

TEST_F(CurateTest, ColumnsMustBeThere) {
  const Record note = feature("note", "str");
  const SchemaOptions both{.members = {cell_type_feature, note}};
  EXPECT_EQ(rules(curator(schema(both), frame({"T cell"}, {1})).check()), Texts{"missing_column"});
  SchemaOptions optional = both;
  optional.optional_members = {std::string(note.uid())};
  EXPECT_TRUE(curator(schema(optional), frame({"T cell"}, {1})).check().empty());
  SchemaOptions loose = both;
  loose.minimal_set = false;
  EXPECT_TRUE(curator(schema(loose), frame({"T cell"}, {1})).check().empty());
}

TEST_F(CurateTest, MaximalAndOrderedSets) {
  EXPECT_EQ(rules(curator(schema({.members = {n_feature}, .maximal_set = true}), frame({"T cell"}, {1})).check()),
            Texts{"extra_column"});
  const SchemaOptions ordered{.members = {n_feature, cell_type_feature}, .ordered_set = true};
  EXPECT_EQ(rules(curator(schema(ordered), frame({"T cell"}, {1})).check()), Texts{"order"});
  SchemaOptions right = ordered;
  right.members = {cell_type_feature, n_feature};
  EXPECT_TRUE(curator(schema(right), frame({"T cell"}, {1})).check().empty());
}

TEST_F(CurateTest, FlexibleSchemasCheckRegisteredFeatures) {
  const Record valid_features = schema({.name = "valid_features", .itype = "Feature"});
  Frame table = frame({"nope"}, {1});
  table.add("unknown column", Column::reals({0.5}));
  EXPECT_EQ(rules(curator(valid_features, table).check()), Texts{"not_registered"});
  EXPECT_TRUE(curator(schema({.members = {n_feature}}), table).check().empty());  // not flexible: only its members
}

TEST_F(CurateTest, TypesNullsAndCoercion) {
  Frame table;
  table.add("n", Column::texts(Texts{"1", "2"}));
  EXPECT_EQ(rules(curator(schema({.members = {n_feature}}), table).check()), Texts{"wrong_type"});
  Curator coerced = curator(schema({.members = {n_feature}, .coerce = true}), table);
  EXPECT_TRUE(coerced.check().empty());
  EXPECT_EQ(coerced.slots()[0].frame.at("n").kind(), Column::Kind::int64);
  Frame bad;
  bad.add("n", Column::texts(Texts{"1", "two"}));
  EXPECT_EQ(rules(curator(schema({.members = {n_feature}, .coerce = true}), bad).check()), Texts{"wrong_type"});
  const Record strict = add("Feature", {{"name", "strict"}, {"_dtype_str", "int"}, {"nullable", Value(false)}});
  Frame holes;
  holes.add("strict", Column::integers({1, 0}, {true, false}));
  EXPECT_EQ(rules(curator(schema({.members = {strict}}), holes).check()), Texts{"null"});
}

TEST_F(CurateTest, UnionsTakeEitherRegistry) {
  add("bionty.Tissue", {{"name", "lung"}, {"ontology_id", "UBERON:0002048"}});
  const Record both = feature("where", "cat[bionty.Tissue|bionty.CellType]");
  Frame table;
  table.add("where", Column::texts(Texts{"lung", "T cell", "moon"}));
  const auto problems = curator(schema({.members = {both}}), table).check();
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].inspection.non_validated, Texts{"moon"});
}

TEST_F(CurateTest, TheIndexIsAFeatureToo) {
  const Record id = feature("sample_id", "str");
  const Record with_index = schema({.members = {n_feature}, .index = id});
  Frame table;
  table.add("barcode", Column::texts(Texts{"a", "b"}));
  table.add("n", Column::integers({1, 2}));
  EXPECT_EQ(rules(curator(with_index, table).check()), Texts{"missing_column"});
  table.index = "barcode";
  EXPECT_TRUE(curator(with_index, table).check().empty());
}

TEST_F(CurateTest, SlotsMustFit) {
  const Record plain = schema({.members = {n_feature}});
  EXPECT_EQ(code_of([&] { Curator(*instance, plain, {{"obs", Frame()}, {"var", Frame()}}); }), Code::invalid_argument);
  const Record composite = schema({.otype = "AnnData", .slots = {{"obs", plain}}});
  EXPECT_EQ(code_of([&] { Curator(*instance, composite, {{"var", Frame()}}); }), Code::invalid_argument);
  EXPECT_EQ(code_of([&] { Curator(*instance, Record(table("Schema")), {}); }), Code::invalid_argument);
}

TEST_F(CurateTest, AnnotatesAnAnnData) {
  const Record human = organism(*instance, "human");
  for (const auto& [symbol, id] :
       std::vector<std::pair<const char*, const char*>>{{"TCF7", "ENSG00000081059"}, {"PDCD1", "ENSG00000188389"}}) {
    add("bionty.Gene", {{"symbol", symbol}, {"ensembl_gene_id", id}, {"organism", Value(human.id())}});
  }
  const Record obs = schema({.name = "obs", .members = {cell_type_feature}, .flexible = true});
  const Record var = schema({.name = "genes", .itype = "bionty.Gene.ensembl_gene_id"});
  const Record composite = schema({.otype = "AnnData", .slots = {{"obs", obs}, {"var.T", var}}});
  Frame genes;
  genes.add("id", Column::texts(Texts{"ENSG00000081059", "ENSG00000188389", "ENSG00000000000"}));
  genes.index = "id";
  Curator one(*instance, composite, {{"obs", frame({"T cell", "B cell"}, {1, 2})}, {"var", genes}});
  one.validate();
  Record host = artifact();
  one.annotate(host);
  one.annotate(host);  // again: the same rows
  EXPECT_EQ(database().find(table("Artifact"), host.id())->at("schema").integer_or(0), composite.id());
  EXPECT_EQ(count("bionty_artifactcelltype WHERE feature_id = " + std::to_string(cell_type_feature.id())), 2);
  EXPECT_EQ(count("lamindb_artifactschema WHERE slot = 'obs'"), 1);
  EXPECT_EQ(count("lamindb_artifactschema WHERE slot = 'var.T'"), 1);
  EXPECT_EQ(count("lamindb_schema WHERE itype = 'bionty.Gene.ensembl_gene_id' AND n_members = 2"), 1);
  EXPECT_EQ(count("bionty_schemagene"), 2);
  // Values measured in the dataset cannot be set by hand.
  EXPECT_EQ(code_of([&] { add_feature_values(*instance, host, {{"n", {Value(1)}}}); }), Code::validation);
  EXPECT_TRUE(feature_values(*instance, host, true).empty());
  EXPECT_EQ(feature_values(*instance, host).at("cell_type").size(), 2U);
}

TEST_F(CurateTest, APlainTableIsAnnotatedUnderColumns) {
  Curator one = curator(schema({.members = {cell_type_feature, n_feature}}), frame({"T cell"}, {1}));
  Record host = artifact();
  one.annotate(host);
  EXPECT_EQ(count("lamindb_artifactschema WHERE slot = 'columns'"), 1);
  EXPECT_EQ(count("lamindb_schema"), 1);  // the inferred one has the same requirements, so it is the same row
}

TEST_F(CurateTest, AnInvalidDatasetIsNotAnnotated) {
  Curator one = curator(schema({.members = {cell_type_feature}}), frame({"nope"}, {1}));
  Record host = artifact();
  EXPECT_EQ(code_of([&] { one.annotate(host); }), Code::validation);
  EXPECT_EQ(count("lamindb_artifactschema"), 0);
}

TEST_F(CurateTest, AFileThatIsSavedIsNotAnnotatedWithWhatItDoesNotHold) {
  const auto file = box.write("t.csv", "cell_type,n\nT-cell,1\n");
  Curator one(*instance, schema({.members = {cell_type_feature, n_feature}}), read_slots(file));
  Draft draft = prepare_artifact(*instance, {.source = file, .key = "t.csv"});
  save_artifact(*instance, draft);
  one.standardize("", "cell_type");
  EXPECT_TRUE(one.changed());
  EXPECT_EQ(code_of([&] { annotate_dataset(*instance, one, draft.record); }), Code::invalid_argument);
  EXPECT_EQ(count("lamindb_artifactschema"), 0);
  one.write(file, box.path("fixed.csv"));
  Draft fixed = prepare_artifact(*instance, {.source = box.path("fixed.csv"), .key = "t.csv"});
  save_artifact(*instance, fixed);
  Curator two(*instance, one.schema(), read_slots(box.path("fixed.csv")));
  annotate_dataset(*instance, two, fixed.record);
  EXPECT_EQ(fixed.record.at("schema").integer_or(0), one.schema().id());
  EXPECT_EQ(count("bionty_artifactcelltype"), 1);
}

TEST_F(CurateTest, ReadsAndWritesTables) {
  const auto file = box.write("t.csv", "cell_type,n\nT-cell,1\nB cell,2\n");
  Curator one(*instance, schema({.members = {cell_type_feature, n_feature}}), read_slots(file));
  one.standardize("", "cell_type");
  one.validate();
  one.write(file, box.path("fixed.csv"));
  EXPECT_EQ(read_slots(box.path("fixed.csv"))[0].frame.at("cell_type").unique_texts(), (Texts{"T cell", "B cell"}));
  EXPECT_EQ(read_slots(box.path("fixed.csv"))[0].frame.at("n").integers()[1], 2);
  EXPECT_EQ(code_of([&] { read_slots(box.write("x.txt", "")); }), Code::unsupported);
  EXPECT_EQ(code_of([&] { read_slots(box.path("missing.csv")); }), Code::not_found);
  EXPECT_EQ(code_of([&] { shape_of(file); }), Code::invalid_argument);
}

TEST_F(CurateTest, ReadsAndWritesAnAnnDataFile) {
  const std::filesystem::path file = std::string(LAMIN_SOURCE_DIR) + "/examples/data/pbmc68k_reduced.h5ad";
  EXPECT_EQ(shape_of(file), (std::pair<std::int64_t, std::int64_t>{700, 765}));
  cell_type("dendritic cell", "CL:0000451", "Dendritic");
  const Record labels = feature("bulk_labels", "cat[bionty.CellType]");
  const Record obs = schema({.name = "obs", .members = {labels}});
  const Record composite = schema({.otype = "AnnData", .slots = {{"obs", obs}}});
  Curator one(*instance, composite, read_slots(file));
  const Inspection found = one.check().at(0).inspection;
  EXPECT_EQ(found.non_validated.size(), 10U);
  EXPECT_EQ(one.standardize("obs", "bulk_labels").size(), 1U);
  EXPECT_EQ(one.add_new("obs", "bulk_labels"), 9);
  EXPECT_TRUE(one.check().empty());
  one.write(file, box.path("fixed.h5ad"));
  const auto now = read_slots(box.path("fixed.h5ad"))[0].frame.at("bulk_labels").unique_texts();
  EXPECT_NE(std::find(now.begin(), now.end(), "dendritic cell"), now.end());
  EXPECT_EQ(std::find(now.begin(), now.end(), "Dendritic"), now.end());
  EXPECT_EQ(code_of([&] { read_slots(box.write("cut.h5ad", "\x89HDF\r\n")); }), Code::corrupt);
}

TEST_F(CurateTest, SlotsFindTheirTablesByName) {
  const Record cells = schema({.members = {cell_type_feature}});
  const Record counts = schema({.members = {n_feature}});
  const SchemaOptions slots{.otype = "MuData", .slots = {{"rna:obs", cells}, {"uns:study", counts}}};
  Frame study;
  study.add("n", Column::texts(Texts{"many"}));
  Curator one(*instance, schema(slots), {{"rna:obs", frame({"nope"}, {1})}, {"uns:study", study}});
  const auto problems = one.check();
  ASSERT_EQ(rules(problems), (Texts{"not_registered", "wrong_type"}));
  EXPECT_EQ(problems[0].slot, "rna:obs");
  const std::string text = problems[1].message.in(Face::python);
  EXPECT_TRUE(text.starts_with("expected series 'n' to have type int, got str in slot 'uns:study'")) << text;
  Curator other(*instance, schema({.otype = "DataFrame", .members = {n_feature}, .slots = {{"attrs", cells}}}),
                {{"", study}, {"attrs", frame({"T cell"}, {1})}});
  EXPECT_EQ(rules(other.check()), Texts{"wrong_type"}) << "a schema may have features besides its slots";
}

TEST_F(CurateTest, TellsWhatItChecks) {
  const Record note = feature("note", "str");
  Curator one = curator(schema({.members = {cell_type_feature, note}, .optional_members = {std::string(note.uid())}}),
                        frame({"T cell"}, {1}));
  const auto columns = one.columns("");
  ASSERT_EQ(columns.size(), 2U);
  EXPECT_TRUE(columns[0].column == "cell_type" && columns[0].required && !columns[0].coerced);
  EXPECT_TRUE(columns[1].column == "note" && !columns[1].required);
  EXPECT_EQ(code_of([&] { (void)one.columns("obs"); }), Code::invalid_argument);
}

TEST_F(CurateTest, NamesOfColumnsHaveSynonyms) {
  Record dose = feature("dose", "int");
  add_synonym(*instance, dose, "amount");
  Frame table;
  table.add("amount", Column::integers({1}));
  Curator one = curator(schema({.members = {dose}}), table);
  EXPECT_EQ(one.standardize("", "columns"), (std::map<std::string, std::string>{{"amount", "dose"}}));
  EXPECT_TRUE(one.check().empty());
}

TEST_F(CurateTest, OnlyWhatLosesNothingIsConverted) {
  const auto fits = [&](const char* dtype, const Column& column) {
    static int number = 0;
    const std::string name = "coerced " + std::to_string(number++);
    Frame table;
    table.add(name, column);
    return curator(schema({.members = {feature(name.c_str(), dtype)}, .coerce = true}), table).check().empty();
  };
  EXPECT_TRUE(fits("int", Column::reals({1.0, 2.0})));
  EXPECT_TRUE(fits("int", Column::texts(Texts{"1", "2.0"})));
  EXPECT_FALSE(fits("int", Column::reals({1.5})));
  EXPECT_TRUE(fits("float", Column::texts(Texts{"0.5"})));
  EXPECT_TRUE(fits("date", Column::texts(Texts{"2024-01-01"})));
  EXPECT_FALSE(fits("bool", Column::integers({0, 1})));
  EXPECT_FALSE(fits("str", Column::integers({0, 1})));
  EXPECT_FALSE(fits("num", Column::texts(Texts{"1"})));
  EXPECT_FALSE(fits("list[object]", Column::lists({1}, Column::texts(Texts{"a"}))));
}

TEST_F(CurateTest, NewValuesAreNoSynonymsAndGetFields) {
  Curator one = curator(schema({.members = {cell_type_feature}}), frame({"T-cell", "zzz"}, {1, 2}));
  std::string message;
  EXPECT_EQ(code_of([&] { one.add_new("", "cell_type"); }, &message), Code::validation);
  EXPECT_NE(message.find("'T-cell' in 'cell_type' is a synonym of 'T cell'"), std::string::npos) << message;
  one.standardize("", "cell_type");
  EXPECT_EQ(one.add_new("", "cell_type", {{"description", Value("seen in a dish")}}), 1);
  EXPECT_EQ(count("bionty_celltype WHERE description = 'seen in a dish'"), 1);
}

TEST_F(CurateTest, OfRowsWithOneNameTheTopmostIsMeant) {
  const Record kind = add("ULabel", {{"name", "kind"}, {"is_type", Value(true)}});
  const Record other = add("ULabel", {{"name", "other"}, {"is_type", Value(true)}});
  const Record root = add("ULabel", {{"name", "same"}});
  for (const Record* type : {&kind, &other}) add("ULabel", {{"name", "same"}, {"type", Value(type->id())}});
  const Record label = feature("label", "cat[ULabel]");
  Frame table;
  table.add("label", Column::texts(Texts{"same"}));
  const Record checks = schema({.members = {label}});
  Curator one = curator(checks, table);
  EXPECT_TRUE(one.check().empty());
  Record host = artifact();
  one.annotate(host);
  EXPECT_EQ(count("lamindb_artifactulabel WHERE ulabel_id = " + std::to_string(root.id())), 1);
  EXPECT_EQ(count("lamindb_artifactulabel"), 1);
  for (const Record* type : {&kind, &other}) add("ULabel", {{"name", "twice"}, {"type", Value(type->id())}});
  Frame twice;
  twice.add("label", Column::texts(Texts{"twice"}));
  Curator two = curator(checks, twice);
  const auto problems = two.check();
  ASSERT_EQ(rules(problems), Texts{"ambiguous"});
  const std::string text = problems[0].message.in(Face::python);
  EXPECT_TRUE(
      text.starts_with("Ambiguous match for ULabel 'twice': found 2 ulabels at depth 1 (under types: ['kind', "
                       "'other'])"))
      << text;
}

TEST_F(CurateTest, MoreLabelsThanAskedForAreNotLinked) {
  Curator one(*instance, schema({.members = {cell_type_feature}}), {{"", frame({"T cell", "B cell"}, {1, 2})}},
              {.most_linked = 1});
  Record host = artifact();
  one.annotate(host);
  EXPECT_EQ(count("bionty_artifactcelltype"), 0);
}

}  // namespace
}  // namespace lamin
