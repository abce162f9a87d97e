#include "lamin/feature.hpp"
#include "lake/feature/query_cases_testing.hpp"
#include "lake/feature/schema_set.hpp"
#include "lake/label/label_testing.hpp"
#include "lamin/values.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace {

using testing::code_of;
using testing::LabelTest;
using testing::Texts;

class FeatureTest : public LabelTest {
 protected:
  Dtype parsed(std::string_view text) { return parse_dtype(instance->catalog(), text); }
  Record artifact() {
    auto draft = prepare_artifact(*instance, {.source = box.write("a.txt", "x"), .key = "a.txt"});
    save_artifact(*instance, draft);
    return draft.record;
  }
  std::string hash(const SchemaOptions& options) { return lake::what_is_asked(instance->catalog(), options).hash; }
  SchemaDraft saved(const SchemaOptions& options) {
    SchemaDraft draft = prepare_schema(*instance, options);
    save_schema(*instance, draft);
    return draft;
  }
  Record with_uid(std::string_view uid, std::string_view name) {
    return add("Feature", {{"uid", Value(uid)}, {"name", Value(name)}, {"_dtype_str", "str"}});
  }
};

TEST_F(FeatureTest, DtypesAreTakenApart) {
  EXPECT_EQ(parsed("int").base, Dtype::Base::integer);
  EXPECT_TRUE(parsed("int").targets.empty());
  EXPECT_EQ(parsed("datetime64[ns, UTC]").base, Dtype::Base::datetime_utc);
  EXPECT_TRUE(parsed("list[float]").list);
  EXPECT_EQ(parsed("list[float]").base, Dtype::Base::floating);
  const Dtype cell_type = parsed("cat[bionty.CellType]");
  ASSERT_EQ(cell_type.targets.size(), 1U);
  EXPECT_EQ(cell_type.targets[0].registry, "bionty.CellType");
  EXPECT_EQ(cell_type.targets[0].field, "name");
  EXPECT_EQ(parsed("cat[bionty.CellType.ontology_id]").targets[0].field, "ontology_id");
  EXPECT_EQ(parsed("cat[bionty.Gene]").targets[0].field, "symbol");
  EXPECT_TRUE(parsed("list[cat[bionty.CellLine]]").list);
  const Dtype types = parsed("cat[ULabel[a].name|Record[b]]");
  ASSERT_EQ(types.targets.size(), 2U);
  EXPECT_EQ(types.targets[0].type_uid, "a");
  EXPECT_EQ(types.targets[1].type_uid, "b");
  const Dtype both = parsed("cat[bionty.Tissue.ontology_id|bionty.CellType.ontology_id]");
  ASSERT_EQ(both.targets.size(), 2U);
  EXPECT_EQ(both.targets[1].registry, "bionty.CellType");
  EXPECT_EQ(parsed("cat[ULabel[6STUotZ9]]").targets[0].type_uid, "6STUotZ9");
  EXPECT_EQ(parsed("cat[bionty.Disease[source__uid=3TzpDam3]]").targets[0].filter, "source__uid=3TzpDam3");
  const Dtype typed = parsed("cat[Record[BTzUsmqjZ0K7WCPz, is_type=True, schema__uid=abc]]");
  EXPECT_EQ(typed.targets[0].type_uid, "BTzUsmqjZ0K7WCPz");
  EXPECT_EQ(typed.targets[0].filter, "is_type=True, schema__uid=abc");
}

TEST_F(FeatureTest, BadDtypesAreRefused) {
  for (const char* text : {"", "integer", "cat[]", "cat[Nope]", "cat[bionty.CellType.colour]", "list[", "cat[ULabel[",
                           "list[nope]", "cat[ArtifactULabel"}) {
    EXPECT_EQ(code_of([&] { parsed(text); }), Code::validation) << text;
  }
}

// Hashes and members that LaminDB 2.12 stored.
TEST_F(FeatureTest, SchemaHashesAreLaminDbs) {
  EXPECT_EQ(hash({.itype = "Feature"}), "kMi7B_N88uu-YnbTLDU-DA");
  EXPECT_EQ(hash({.itype = "bionty.Gene.ensembl_gene_id", .dtype = "int"}), "19TTwL-ibgfpSKcs9VUPxQ");
  const Record term_id = with_uid("CI8Vj4jxWiik", "cell_type_ontology_term_id");
  const Record primary = with_uid("0eeEUuPuQeAB", "is_primary_data");
  SchemaOptions obs{.members = {term_id, primary}};
  EXPECT_EQ(hash(obs), "1a7-fEXqHkOx1j9uKR2scw");
  obs.flexible = true;
  EXPECT_EQ(hash(obs), "aXtZqiTYjaYd9ClOhTrIHg");
  const Record tissue = with_uid("vfscS4VjyC5z", "tissue"), disease = with_uid("5bkvUx5Ts6ox", "disease");
  const SchemaOptions strict{.members = {tissue, disease}, .maximal_set = true, .ordered_set = true};
  EXPECT_EQ(hash(strict), "L5QjFjl1QCxbXvvns6a6kg");
  SchemaOptions table{.members = {with_uid("C4jlLDQrCtjJ", "cell_type"), with_uid("4G6v3A34J4IH", "percent_mito"),
                                  with_uid("6bxMOgfnSYPC", "n_cells"), with_uid("BtIPQR9xByqH", "experiment"),
                                  with_uid("AzP54XclFONK", "quality"), with_uid("8G8TV9ZRHsV9", "date_of_study"),
                                  primary, with_uid("jQIzjkchHdl3", "sample_note")},
                      .optional_members = {"jQIzjkchHdl3"},
                      .index = with_uid("rGbhZzqxL1UF", "sample_id"),
                      .coerce = true};
  EXPECT_EQ(hash(table), "tPpO4w5xmfUkSs9FyHWMpQ");
  Record obs_schema(this->table("Schema")), var_schema(this->table("Schema"));
  obs_schema.set("hash", "aXtZqiTYjaYd9ClOhTrIHg");
  var_schema.set("hash", "19TTwL-ibgfpSKcs9VUPxQ");
  const SchemaOptions composite{.otype = "AnnData", .slots = {{"obs", obs_schema}, {"var.T", var_schema}}};
  EXPECT_EQ(hash(composite), "wgvZk6rfo3OfmMz0_DgGEg");
}

TEST_F(FeatureTest, SchemasWithOneHashAreOne) {
  const SchemaDraft valid = saved({.name = "valid_features", .itype = "Feature"});
  EXPECT_EQ(valid.record.uid(), "0000000000000000");
  EXPECT_TRUE(valid.record.at("flexible").boolean_or(false));
  SchemaDraft again = prepare_schema(*instance, {.name = "another name", .itype = "Feature"});
  EXPECT_TRUE(again.existing);
  EXPECT_EQ(again.record.id(), valid.record.id());
  EXPECT_TRUE(box.said("updated name from valid_features to another name"));
  EXPECT_EQ(count("lamindb_schema WHERE name = 'another name'"), 0);
  save_schema(*instance, again);
  EXPECT_EQ(count("lamindb_schema WHERE name = 'another name'"), 1);
  EXPECT_EQ(saved({.itype = "Feature"}).record.text("name"), "another name");
}

TEST_F(FeatureTest, SchemaKeepsMembersInOrderAndSlots) {
  const Record b = feature("b", "int"), a = feature("a", "str"), id = feature("id", "str");
  const SchemaDraft draft =
      saved({.name = "s", .members = {b, a}, .optional_members = {std::string(a.uid())}, .index = id});
  EXPECT_EQ(names(schema_members(*instance, draft.record)), (Texts{"id", "b", "a"}));
  EXPECT_EQ(draft.record.at("n_members").integer_or(0), 3);
  EXPECT_FALSE(draft.record.at("flexible").boolean_or(true));
  const auto aux = schema_roles(database().get(table("Schema"), draft.record.uid()));
  EXPECT_EQ(aux.index, id.uid());
  EXPECT_EQ(aux.optional, Texts{std::string(a.uid())});
  const SchemaDraft genes = saved({.itype = "bionty.Gene.ensembl_gene_id"});
  EXPECT_EQ(genes.record.text("_dtype_str"), "num");
  const SchemaDraft both = saved({.otype = "AnnData", .slots = {{"obs", draft.record}, {"var.T", genes.record}}});
  const auto slots = schema_slots(*instance, both.record);
  ASSERT_EQ(slots.size(), 2U);
  EXPECT_EQ(slots[1].first, "var.T");
  EXPECT_EQ(slots[1].second.id(), genes.record.id());
  EXPECT_TRUE(both.record.at("itype").is_null());
}

TEST_F(FeatureTest, BadSchemasAreRefused) {
  const auto refused = [&](const SchemaOptions& options) {
    return code_of([&] { prepare_schema(*instance, options); });
  };
  EXPECT_EQ(refused({}), Code::invalid_argument);
  EXPECT_EQ(refused({.itype = "bionty.Nope"}), Code::not_found);
  Record unsaved(table("Feature"));
  EXPECT_EQ(refused({.members = {unsaved}}), Code::invalid_argument);
  EXPECT_EQ(refused({.members = {feature("a", "int"), add("ULabel", {{"name", "u"}})}}), Code::invalid_argument);
  const Record schema = saved({.itype = "Feature"}).record;
  EXPECT_EQ(refused({.slots = {{"obs", schema}}}), Code::invalid_argument);
}

TEST_F(FeatureTest, ValuesComeBackAsTheyWent) {
  Record host = artifact();
  feature("n", "int"), feature("share", "float"), feature("note", "str"), feature("ok", "bool");
  feature("day", "date"), feature("at", "datetime"), feature("utc", "datetime64[ns, UTC]"), feature("doc", "dict");
  feature("scores", "list[float]"), feature("tags", "list[str]"), feature("quality", "cat[ULabel]");
  add("ULabel", {{"name", "good"}}), add("ULabel", {{"name", "bad"}});
  const FeatureValues values{{"n", {Value(80)}},
                             {"share", {Value(2.5)}},
                             {"note", {Value("hello")}},
                             {"ok", {Value(true)}},
                             {"day", {Value(Date{20151})}},
                             {"at", {Value(Time{.micros = 1741064767123456, .zoned = false})}},
                             {"utc", {Value(Time{1741064767000000})}},
                             {"doc", {Value(Json{R"({"steps": [1, 2], "name": "p"})"})}},
                             {"scores", {Value(0.5), Value(1.25)}},
                             {"tags", {Value("x"), Value("y")}},
                             {"quality", {Value("good"), Value("bad")}}};
  add_feature_values(*instance, host, values);
  EXPECT_EQ(feature_values(*instance, host), values);
  const std::int64_t hosts[] = {host.id() + 1, host.id()};
  const auto columns = feature_columns(*instance, host.table(), hosts);
  EXPECT_EQ(columns.size(), values.size());
  EXPECT_EQ(columns.at("tags").values, values.at("tags"));
  using Cells = std::vector<std::pair<std::size_t, std::size_t>>;
  EXPECT_EQ(columns.at("tags").cells, (Cells{{1, 0}, {1, 1}}));
  // The stored form and the hashes are LaminDB's.
  std::map<std::string, std::string> stored;
  {
    auto rows = database().connection().query("SELECT value, hash FROM lamindb_jsonvalue");
    while (rows->next()) stored[std::string(rows->text(0))] = rows->text(1);
  }
  EXPECT_EQ(stored.at("80"), "8DOrN8MCAfc_FCRJ0DcCjQ");
  EXPECT_EQ(stored.at("2.5"), "giFDW8zpE7XC3CLq9stlkA");
  EXPECT_EQ(stored.at("\"hello\""), "XUFAKrxLKna5cZ2REBfFkg");
  EXPECT_EQ(stored.at("true"), "-CfPRi9ihI3zfF4elKTadA");
  EXPECT_EQ(stored.at("\"2025-03-04\""), "0zTEv4JrjVXLrxMfnVKRww");
  EXPECT_EQ(stored.at("\"2025-03-04T05:06:07.123456\""), "h4xjMeCgRfnMfSDmDsMhow");
  EXPECT_EQ(stored.at("\"2025-03-04T05:06:07+00:00\""), "GScaas7mfK8NkvDrY2E88Q");
  EXPECT_EQ(stored.at(R"({"steps": [1, 2], "name": "p"})"), "wX7H2tL4uFmFm8BAJHXixw");
  EXPECT_EQ(stored.at("[0.5, 1.25]"), "a0q484M84sQnUAlavvUjbw");
  EXPECT_EQ(stored.at(R"(["x", "y"])"), "Xv4qMdKckR9uJl7LPWHrCQ");
}

TEST_F(FeatureTest, EqualValuesAreStoredOnce) {
  Record host = artifact();
  feature("n", "int");
  add_feature_values(*instance, host, {{"n", {Value(1)}}});
  add_feature_values(*instance, host, {{"n", {Value(1)}}});
  EXPECT_EQ(count("lamindb_jsonvalue"), 1);
  EXPECT_EQ(count("lamindb_artifactjsonvalue"), 1);
  set_feature_values(*instance, host, {{"n", {Value(2)}}});
  EXPECT_EQ(feature_values(*instance, host), (FeatureValues{{"n", {Value(2)}}}));
}

TEST_F(FeatureTest, AnEmptyListIsNoValueButReadWhereItIsStored) {
  Record host = artifact();
  const Record tags = feature("tags", "list[str]");
  add_feature_values(*instance, host, {{"tags", {Value(Json{"[]"})}}});
  EXPECT_TRUE(feature_values(*instance, host).empty());
  const std::vector<std::int64_t> stored{json_value(*instance, tags, Json{"[]"}).first.id()};
  registry::Writes(database()).link(host, *host.table().find_relation("json_values"), stored);
  EXPECT_EQ(feature_values(*instance, host), (FeatureValues{{"tags", {}}}));
  const std::int64_t id = host.id();
  EXPECT_EQ(feature_columns(*instance, host.table(), {&id, 1}).at("tags").empty, std::vector<std::size_t>{0});
}

TEST_F(FeatureTest, UnknownFeaturesAndLabelsAreExplained) {
  Record host = artifact();
  std::string message;
  EXPECT_EQ(code_of([&] { add_feature_values(*instance, host, {{"temperatur", {Value(21.5)}}}); }, &message),
            Code::validation);
  EXPECT_NE(message.find("a Feature with name 'temperatur' and _dtype_str 'float'"), std::string::npos) << message;
  feature("quality", "cat[ULabel]");
  EXPECT_EQ(code_of([&] { add_feature_values(*instance, host, {{"quality", {Value("nope")}}}); }, &message),
            Code::validation);
  EXPECT_NE(message.find("rows of ULabel with name 'nope'"), std::string::npos) << message;
  feature("n", "int");
  EXPECT_EQ(code_of([&] { add_feature_values(*instance, host, {{"n", {Value("many")}}}); }, &message),
            Code::validation);
  EXPECT_NE(message.find("'many'"), std::string::npos) << message;
  EXPECT_TRUE(feature_values(*instance, host).empty());
}

TEST_F(FeatureTest, TypeRestrictedLabelsMustBeOfTheType) {
  Record host = artifact();
  const Record type = add("ULabel", {{"name", "Quality"}, {"is_type", Value(true)}});
  add("ULabel", {{"name", "good"}, {"type", Value(type.id())}}), add("ULabel", {{"name", "elsewhere"}});
  feature("quality", "cat[ULabel[" + std::string(type.uid()) + "]]");
  add_feature_values(*instance, host, {{"quality", {Value("good")}}});
  EXPECT_EQ(code_of([&] { add_feature_values(*instance, host, {{"quality", {Value("elsewhere")}}}); }),
            Code::validation);
}

TEST_F(FeatureTest, RecordsAndRunsHoldValuesToo) {
  feature("n", "int"), feature("cell_type", "cat[bionty.CellType.ontology_id]");
  cell_type("T cell", "CL:0000084");
  const FeatureValues values{{"n", {Value(3)}}, {"cell_type", {Value("CL:0000084")}}};
  Record record = add("Record", {{"name", "sample 1"}});
  EXPECT_EQ(code_of([&] { add_feature_values(*instance, record, values); }), Code::validation);  // not a list
  set_feature_values(*instance, record, values);
  EXPECT_EQ(feature_values(*instance, record), values);
  EXPECT_EQ(count("bionty_recordcelltype"), 1);
  EXPECT_EQ(code_of([&] { set_feature_values(*instance, record, {{"n", {Value(1), Value(2)}}}); }), Code::validation);
  EXPECT_EQ(feature_values(*instance, record), values);  // refused as a whole
  Record transform = make_transform(*instance, {.key = "t.py"});
  Record run = start_run(*instance, transform);
  add_feature_values(*instance, run, {{"n", {Value(3)}}});
  EXPECT_EQ(feature_values(*instance, run), (FeatureValues{{"n", {Value(3)}}}));
  EXPECT_EQ(code_of([&] { add_feature_values(*instance, transform, {{"n", {Value(3)}}}); }), Code::invalid_argument);
}

TEST_F(FeatureTest, ValuesCanBeRemoved) {
  Record host = artifact();
  feature("n", "int"), feature("quality", "cat[ULabel]");
  const Record good = add("ULabel", {{"name", "good"}});
  add_feature_values(*instance, host, {{"n", {Value(3)}}, {"quality", {Value("good")}}});
  const std::vector<Record> labels{good};
  add_labels(*instance, host, labels);
  remove_feature_values(*instance, host, {{"quality", {}}});
  EXPECT_EQ(feature_values(*instance, host), (FeatureValues{{"n", {Value(3)}}}));
  EXPECT_EQ(count("lamindb_artifactulabel"), 1);  // the label without a feature stays
  EXPECT_EQ(code_of([&] { remove_feature_values(*instance, host, {{"nope", {}}}); }), Code::not_found);
}

TEST_F(FeatureTest, SomeValuesCanBeRemoved) {
  Record host = artifact();
  feature("n", "int"), feature("quality", "cat[ULabel]"), feature("tags", "list[str]");
  add("ULabel", {{"name", "good"}}), add("ULabel", {{"name", "bad"}});
  const FeatureValues tags{{"tags", {Value("a"), Value("b")}}};
  add_feature_values(*instance, host, {{"n", {Value(3)}}, {"quality", {Value("good"), Value("bad")}}});
  add_feature_values(*instance, host, {{"n", {Value(4)}}});
  add_feature_values(*instance, host, tags);
  remove_feature_values(*instance, host, {{"n", {Value(3)}}, {"quality", {Value("bad")}}});
  EXPECT_EQ(feature_values(*instance, host),
            (FeatureValues{{"n", {Value(4)}}, {"quality", {Value("good")}}, *tags.begin()}));
  remove_feature_values(*instance, host, {{"tags", {Value("a")}}});  // a list is a single value
  EXPECT_TRUE(box.said("no feature 'tags' with value 'a' found on artifact '" + std::string(host.uid()) + "'"));
  remove_feature_values(*instance, host, {{"quality", {Value("nobody")}}});
  EXPECT_TRUE(box.said("no feature 'quality' with value 'nobody' found"));
  remove_feature_values(*instance, host, tags);
  EXPECT_EQ(feature_values(*instance, host), (FeatureValues{{"n", {Value(4)}}, {"quality", {Value("good")}}}));

  Record record = add("Record", {{"name", "r"}});
  set_feature_values(*instance, record, {{"n", {Value(3)}}, {"quality", {Value("good")}}});
  remove_feature_values(*instance, record, {{"n", {Value(4)}}});
  EXPECT_EQ(feature_values(*instance, record), (FeatureValues{{"n", {Value(3)}}, {"quality", {Value("good")}}}));
  remove_feature_values(*instance, record, {{"n", {Value(3)}}, {"quality", {}}});
  EXPECT_TRUE(feature_values(*instance, record).empty());
}

TEST_F(FeatureTest, ValuesAreAskedForByTheNameOfTheirFeature) { testing::FeatureQueryCases(*instance, box).check(); }

TEST_F(FeatureTest, TypesAreTypesAndNeverTheirOwn) {
  Record plain = add("ULabel", {{"name", "plain"}});
  EXPECT_EQ(code_of([&] { add("ULabel", {{"name", "x"}, {"type", Value(plain.id())}}); }), Code::validation);
  EXPECT_EQ(code_of([&] { add("ULabel", {{"name", "x"}, {"type", Value(99)}}); }), Code::validation);
  Record upper = add("ULabel", {{"name", "Upper"}, {"is_type", Value(true)}});
  Record lower = add("ULabel", {{"name", "Lower"}, {"is_type", Value(true)}, {"type", Value(upper.id())}});
  upper.set("type", Value(lower.id()));
  EXPECT_EQ(code_of([&] { registry::Writes(database()).save(upper); }), Code::validation);
  Record self = lower;
  self.set("type", Value(lower.id()));
  EXPECT_EQ(code_of([&] { registry::Writes(database()).save(self); }), Code::validation);
  EXPECT_EQ(count("lamindb_ulabel"), 3);
}

TEST_F(FeatureTest, SheetsHoldNoTypes) {
  const Record s = saved({.members = {feature("n", "int")}}).record;
  const Record sheet = add("Record", {{"name", "Sheet"}, {"is_type", Value(true)}, {"schema", Value(s.id())}});
  EXPECT_EQ(add("Record", {{"name", "row"}, {"type", Value(sheet.id())}}).at("type").integer_or(0), sheet.id());
  EXPECT_EQ(code_of([&] { add("Record", {{"name", "Sub"}, {"is_type", Value(true)}, {"type", Value(sheet.id())}}); }),
            Code::validation);
}

TEST_F(FeatureTest, ARenamedFeatureRemembersItsName) {
  Record n = feature("n", "int");
  n.set("name", "count");
  registry::Writes(database()).save(n);
  const Record stored = *database().find(table("Feature"), n.id());
  EXPECT_EQ(stored.text("synonyms"), "n");
  EXPECT_NE(std::get<Json>(stored.at("_aux")).text.find("\"renamed\": {\""), std::string::npos);
  EXPECT_EQ(code_of([&] { feature("bad", "cat[Nope]"); }), Code::validation);
}

TEST_F(FeatureTest, LabelsAreLinkedOnce) {
  Record host = artifact();
  const std::vector<Record> labels{cell_type("T cell", "CL:1"), add("ULabel", {{"name", "good"}})};
  add_labels(*instance, host, labels);
  add_labels(*instance, host, labels);
  EXPECT_EQ(count("bionty_artifactcelltype"), 1);
  EXPECT_EQ(count("lamindb_artifactulabel"), 1);
  const Record wrong = feature("tissue", "cat[bionty.Tissue]");
  EXPECT_EQ(code_of([&] { add_labels(*instance, host, labels, wrong.id()); }), Code::validation);
  EXPECT_EQ(code_of([&] { add_labels(*instance, host, labels, feature("size", "float").id()); }), Code::validation);
  check_label(instance->catalog(), feature("either", "cat[ULabel|bionty.CellType]"), table("bionty.CellType"));
  EXPECT_EQ(count("lamindb_artifactulabel"), 1);
  const std::vector<Record> unsaved{Record(table("ULabel"))};
  EXPECT_EQ(code_of([&] { add_labels(*instance, host, unsaved); }), Code::validation);
}

TEST(DtypeTable, HasARowPerBaseInOrder) {
  for (std::size_t i = 0; i < dtype_rows().size(); ++i) EXPECT_EQ(static_cast<std::size_t>(dtype_rows()[i].base), i);
  EXPECT_EQ(dtype_rows().back().base, Dtype::Base::category);
}

TEST(DtypeTable, KnowsTheTypesOfPythonNumpyAndPandas) {
  const std::pair<const char*, const char*> cases[] = {
      {"int", "int"},
      {"uint8", "int"},
      {"Int64", "int"},
      {"float32", "float"},
      {"boolean", "bool"},
      {"string", "str"},
      {"object", "str"},
      {"PosixPath", "path"},
      {"category", "cat"},
      {"datetime64[ns]", "datetime"},
      {"datetime64[us, UTC]", "datetime64[ns, UTC]"},
  };
  for (const auto& [name, dtype] : cases) EXPECT_EQ(row(base_called(name).value()).name, dtype) << name;
  EXPECT_FALSE(base_called("complex128"));
}

TEST(DtypeTable, SaysWhatAValueSuggests) {
  const std::pair<Value, const char*> cases[] = {
      {Value(1), "int"},           {Value(1.5), "float"},   {Value(true), "bool"},       {Value("a"), "str"},
      {Value(Time{}), "datetime"}, {Value(Date{}), "date"}, {Value(Json{"{}"}), "dict"}, {Value(), "str"}};
  for (const auto& [value, dtype] : cases) EXPECT_EQ(row(base_of(value)).name, dtype) << to_string(value);
}

}  // namespace
}  // namespace lamin
