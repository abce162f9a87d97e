// sheet_cases_testing.hpp -- what rows of sheets must have, and how they are named; the same on every database.
#pragma once
#include <string>
#include <utility>
#include <vector>
#include "base/testing.hpp"
#include "lake/open/testing.hpp"
#include "lamin/lamin.hpp"
#include "registry/writes.hpp"

namespace lamin::testing {

/// Runs in an instance without features and records.
class SheetCases {
 public:
  explicit SheetCases(Instance& instance)
      : instance_(instance),
        score_(feature("score", "float")),
        lab_(feature("lab", "cat[ULabel]")),
        id_(feature("code", "str")),
        note_(feature("note", "str")) {
    add("ULabel", {{"name", "alpha"}});
    add("ULabel", {{"name", "beta"}});
  }

  void rows_have_what_the_sheet_requires() {
    const Record sheet = sheet_of({.name = "s1", .members = {score_, lab_, note_}, .optional_members = {uid(note_)}});
    EXPECT_THAT(refused([&] { row("a", sheet, {{"score", {1.5}}}); }), ::testing::HasSubstr("'lab'"));
    EXPECT_THAT(refused([&] { row("a", sheet, {}); }), ::testing::HasSubstr("'score', 'lab'"));
    EXPECT_THAT(refused([&] { row("a", sheet, {{"score", {1.5}}, {"lab", {"alpha"}}, {"code", {"x"}}}); }),
                ::testing::HasSubstr("not in the provided schema: ['code']. The features of sheet 's1' are 'score'"));
    EXPECT_EQ(rows(sheet), "");
    Record a = row("a", sheet, {{"score", {1.5}}, {"lab", {"alpha"}}});
    row("without a label", sheet, {{"score", {1.5}}, {"lab", {Value()}}});
    EXPECT_EQ(rows(sheet), "a without a label");
    refused([&] { set_feature_values(instance_, a, {{"score", {2.5}}}); });
    update_feature_values(instance_, a, {{"note", {"new"}}});
    EXPECT_EQ(feature_values(instance_, a), (FeatureValues{{"score", {1.5}}, {"lab", {"alpha"}}, {"note", {"new"}}}));
    // Replaces the old value; an invalid one changes nothing.
    update_feature_values(instance_, a, {{"score", {4.5}}});
    refused([&] { update_feature_values(instance_, a, {{"score", {"much"}}}); });
    EXPECT_EQ(feature_values(instance_, a).at("score"), std::vector<Value>{4.5});
    // One value if the dtype is not a list; a missing value does not count.
    refused([&] { add_feature_values(instance_, a, {{"score", {2.5}}}); });
    refused([&] { add_feature_values(instance_, a, {{"lab", {"beta"}}}); });
    set_feature_values(instance_, a, {{"score", {std::nan("")}}, {"lab", {"beta"}}});
    EXPECT_EQ(feature_values(instance_, a), (FeatureValues{{"lab", {"beta"}}, {"score", {}}}));
    // The sheet's own feature is meant, not its namesake.
    const Record kind = add("Feature", {{"name", "kind"}, {"is_type", true}});
    const Record own = add("Feature", {{"name", "score"}, {"_dtype_str", "float"}, {"type", Value(kind.id())}});
    const Record namesake = sheet_of({.name = "namesake", .members = {own}});
    Record named = row("named", namesake, {{"score", {1.5}}});
    update_feature_values(instance_, named, {{"score", {2.5}}});
    EXPECT_EQ(feature_values(instance_, named), (FeatureValues{{"score", {2.5}}}));
    EXPECT_EQ(
        scalar(instance_, "SELECT count(*) FROM lamindb_recordjson WHERE feature_id = " + std::to_string(own.id())), 1);
    // A record that becomes a row later.
    Record later = row("later", {}, {{"score", {1.5}}});
    later.set("type", Value(sheet.id()));
    refused([&] { registry::Writes(database()).save(later); });
    Record labelled = row("labelled", {}, {{"score", {1.5}}, {"lab", {"alpha"}}, {"code", {"x"}}});
    labelled.set("type", Value(sheet.id()));
    registry::Writes(database()).save(labelled);
    EXPECT_EQ(rows(sheet), "a labelled without a label");
    // Many in one call: all or none.
    refused([&] { save_rows(sheet, {{{"score", {1.5}}, {"lab", {"alpha"}}}, {{"score", {2.5}}}}); });
    EXPECT_EQ(rows(sheet), "a labelled without a label");
    save_rows(sheet, {{{"score", {1.5}}, {"lab", {"alpha"}}}, {{"score", {2.5}}, {"lab", {"beta"}}}});
    EXPECT_EQ(rows(sheet), "a labelled many many without a label");
    // Without `minimal_set` nothing is required; with `maximal_set` nothing else is allowed.
    const Record loose = sheet_of({.name = "s2", .members = {score_}, .minimal_set = false});
    row("loose", loose, {});
    const Record strict = sheet_of({.name = "s3", .members = {score_}, .maximal_set = true});
    labelled.set("type", Value(strict.id()));
    EXPECT_THAT(refused([&] { registry::Writes(database()).save(labelled); }), ::testing::HasSubstr("does not allow"));
  }

  void the_index_is_the_name() {
    const Record sheet = sheet_of({.name = "indexed", .members = {score_}, .index = id_});
    EXPECT_THAT(refused([&] { row("", sheet, {{"score", {1.5}}}); }), ::testing::HasSubstr("'code'"));
    Record a = row("", sheet, {{"score", {1.5}}, {"code", {"first"}}});
    EXPECT_EQ(a.text("name"), "first");
    row("second", sheet, {{"score", {2.5}}});
    EXPECT_EQ(rows(sheet), "first second");
    EXPECT_EQ(scalar(instance_, "SELECT count(*) FROM lamindb_recordjson"), 2);
    EXPECT_EQ(feature_values(instance_, a), (FeatureValues{{"score", {1.5}}, {"code", {"first"}}}));
    set_feature_values(instance_, a, {{"score", {1.5}}, {"code", {"1st"}}});
    EXPECT_EQ(a.text("name"), "1st");
    refused([&] { add_feature_values(instance_, a, {{"code", {Value(7)}}}); });
    EXPECT_EQ(found("code = \"1st\""), "1st");
    EXPECT_EQ(found("code is not null"), "1st second");
    EXPECT_EQ(found("code is null"), "indexed");
    EXPECT_EQ(code_of([&] { sheet_of({.name = "numbered", .members = {lab_}, .index = score_}); }),
              Code::invalid_argument);
  }

  /// More than are written at once.
  void many_rows_are_saved_and_updated() {
    const Record sheet = sheet_of({.name = "many", .members = {score_, lab_, note_}, .optional_members = {uid(note_)}});
    constexpr std::size_t n = 2'500;
    std::vector<SheetRow> rows(n);
    for (std::size_t i = 0; i < n; ++i) {
      const char* lab = i % 2 == 0 ? "alpha" : "beta";
      rows[i] = {.name = "m" + std::to_string(i), .values = {{"score", {i + 0.5}}, {"lab", {lab}}, {"note", {"old"}}}};
    }
    auto bad = rows;
    bad.back().values = {{"score", {0.5}}, {"lab", {"gamma"}}};
    EXPECT_THAT(refused([&] { lamin::save_rows(instance_, sheet, bad); }), ::testing::HasSubstr("'gamma'"));
    EXPECT_EQ(count_of("lamindb_recordjson"), 0);
    const auto saved = lamin::save_rows(instance_, sheet, rows);
    EXPECT_EQ(count_of("lamindb_recordjson"), 2 * n);
    EXPECT_EQ(count_of("lamindb_recordulabel"), n);
    std::vector<SheetRow> changed;
    for (std::size_t i = 0; i < n; i += 2)
      changed.push_back({.values = {{"lab", {"beta"}}, {"note", {}}}, .uid = uid(saved[i])});
    changed.push_back({.values = {{"note", {"first"}}}, .uid = uid(saved[1])});
    changed.push_back({.values = {{"note", {"second"}}}, .uid = uid(saved[1])});  // of the same row: the last counts
    changed.push_back({.name = "new", .values = {{"score", {1.0}}, {"lab", {"alpha"}}}});
    lamin::save_rows(instance_, sheet, changed);
    EXPECT_EQ(count_of("lamindb_recordulabel"), n + 1);
    EXPECT_EQ(feature_values(instance_, saved[0]), (FeatureValues{{"score", {0.5}}, {"lab", {"beta"}}}));
    EXPECT_EQ(feature_values(instance_, saved[1]),
              (FeatureValues{{"score", {1.5}}, {"lab", {"beta"}}, {"note", {"second"}}}));
    EXPECT_EQ(feature_values(instance_, saved[3]),
              (FeatureValues{{"score", {3.5}}, {"lab", {"beta"}}, {"note", {"old"}}}));
    EXPECT_EQ(sheet_size(instance_, sheet), static_cast<std::int64_t>(n + 1));
    EXPECT_EQ(sheet_frame(instance_, sheet, 3).rows(), 3);
    EXPECT_EQ(sheet_frame(instance_, sheet, 0).rows(), 0);
    changed = {{.values = {{"score", {1.0}}}, .uid = "nobody"}};
    EXPECT_EQ(test::failure_of(Code::not_found, [&] { lamin::save_rows(instance_, sheet, changed); }).empty(), false);
  }

  void names_move_with_the_index() {
    const Record sheet = sheet_of({.name = "moving", .members = {score_, id_}});
    row("", sheet, {{"score", {1.5}}, {"code", {"k0"}}});
    row("n1", sheet, {{"score", {2.5}}, {"code", {"k1"}}});
    Record schema = *database().find(instance_.catalog().table("Schema"), sheet.at("schema").integer_or(0));
    const auto with_index = [&](const std::string& json, const std::string& names) {
      SchemaDraft draft{.record = *database().find(schema.table(), schema.id())};
      draft.record.set("_aux", json.empty() ? Value() : Value(Json{json}));
      save_schema(instance_, draft, {.index_names = names});
    };
    const std::string index = "{\"af\": {\"3\": \"" + uid(id_) + "\"}}";
    EXPECT_THAT(refused([&] { with_index(index, ""); }), ::testing::HasSubstr("the record 'n1'"));
    EXPECT_EQ(rows(sheet), " n1");
    with_index(index, "keep_feature");
    EXPECT_EQ(rows(sheet), "k0 k1");
    EXPECT_EQ(scalar(instance_, "SELECT count(*) FROM lamindb_recordjson"), 2);
    with_index("", "");
    EXPECT_EQ(rows(sheet), " ");
    EXPECT_EQ(found("code = \"k1\" and score = 2.5"), "");  // it no longer has a name, and is found
    EXPECT_EQ(database().count({.registry = "Record", .where = Expr::parse("code = \"k1\" and score = 2.5")}), 1);
  }

 private:
  Database& database() { return instance_.database(); }
  std::size_t count_of(const std::string& table) {
    return static_cast<std::size_t>(scalar(instance_, "SELECT count(*) FROM " + table));
  }
  static std::string uid(const Record& record) { return std::string(record.uid()); }
  Record add(std::string_view registry, const std::map<std::string, Value>& fields) {
    Record record(instance_.catalog().table(registry));
    for (const auto& [name, value] : fields) record.set(name, value);
    registry::Writes(database()).save(record);
    return record;
  }
  Record feature(const char* name, const char* dtype) {
    return add("Feature", {{"name", name}, {"_dtype_str", dtype}});
  }
  Record sheet_of(const SchemaOptions& options) {
    SchemaDraft draft = prepare_schema(instance_, options);
    save_schema(instance_, draft);
    return add("Record", {{"name", options.name}, {"is_type", true}, {"schema", Value(draft.record.id())}});
  }
  Record blank(const std::string& name, const Record& sheet) {
    Record record(instance_.catalog().table("Record"));
    if (!name.empty()) record.set("name", Value(name));
    if (sheet) record.set("type", Value(sheet.id()));
    return record;
  }
  Record row(const std::string& name, const Record& sheet, const FeatureValues& values) {
    Record record = blank(name, sheet);
    SaveItem item{.record = &record, .features = values};
    save_all(instance_, {&item, 1});
    return record;
  }
  void save_rows(const Record& sheet, const std::vector<FeatureValues>& all) {
    std::vector<Record> records(all.size(), blank("many", sheet));
    std::vector<SaveItem> items;
    for (std::size_t i = 0; i < all.size(); ++i) items.push_back({.record = &records[i], .features = all[i]});
    save_all(instance_, items);
  }
  template <class Work>
  std::string refused(Work&& work) {
    return test::failure_of(Code::validation, std::forward<Work>(work));
  }
  std::string names(const Query& query) {
    std::string out;
    int n = 0;
    for (const Record& record : database().all(query)) out += (n++ > 0 ? " " : "") + std::string(record.text("name"));
    return out;
  }
  std::string rows(const Record& sheet) {
    return names({.registry = "Record",
                  .where = Expr::compare("type", Op::exact, Value(sheet.id())),
                  .order_by = {"name", "id"}});
  }
  std::string found(const char* where) {
    return names({.registry = "Record", .where = Expr::parse(where), .order_by = {"name", "id"}});
  }

  Instance& instance_;
  Record score_, lab_, id_, note_;
};

}  // namespace lamin::testing
