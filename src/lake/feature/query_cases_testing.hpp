// query_cases_testing.hpp -- artifacts and records with feature values, and which of them a condition finds; the same
// on every database.
#pragma once
#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>
#include "base/testing.hpp"
#include "lake/open/testing.hpp"
#include "lamin/lamin.hpp"
#include "registry/writes.hpp"

namespace lamin::testing {

/// Runs in an instance with bionty and without features.
class FeatureQueryCases {
 public:
  FeatureQueryCases(Instance& instance, const Sandbox& box) : instance_(instance) {
    const std::pair<const char*, const char*> features[] = {{"score", "float"},
                                                            {"note", "str"},
                                                            {"ok", "bool"},
                                                            {"day", "date"},
                                                            {"doc", "dict"},
                                                            {"lab", "cat[ULabel]"},
                                                            {"cell type", "cat[bionty.CellType.ontology_id]"},
                                                            {"any", "cat[ULabel|bionty.CellType]"}};
    for (const auto& [name, dtype] : features) add("Feature", {{"name", name}, {"_dtype_str", dtype}});
    for (const char* name : {"alpha", "beta", "unused"}) add("ULabel", {{"name", name}});
    add("bionty.CellType", {{"name", "T cell"}, {"ontology_id", "CL:1"}});
    const FeatureValues values[] = {
        {{"score", {1.5}},
         {"note", {"hello"}},
         {"ok", {true}},
         {"lab", {"alpha"}},
         {"doc", {Json{R"({"a":{"b":3}})"}}}},
        {{"score", {2.5}}, {"note", {"Help"}}, {"ok", {false}}, {"lab", {"beta", "alpha"}}, {"any", {"beta"}}},
        {{"day", {Date{20151}}}, {"cell type", {"CL:1"}}, {"any", {"T cell"}}},
        {}};
    for (std::size_t i = 0; i < std::size(values); ++i) {
      const std::string name = std::to_string(i) + ".txt";
      Draft draft = prepare_artifact(instance, {.source = box.write(name, name), .key = name});
      save_artifact(instance, draft);
      add_feature_values(instance, draft.record, values[i]);
      if (i == 1) add_feature_values(instance, draft.record, {{"score", {1.5}}});  // a second one, which is kept, too
    }
    for (int i = 0; i < 2; ++i) {
      Record record = add("Record", {{"name", "r" + std::to_string(i)}});
      set_feature_values(instance, record, values[i == 0 ? 0 : 2]);
    }
    // A pair of the same label with another feature, or with none, is not a value of this one.
    const Record last = *find_artifact(instance, "3.txt");
    add_labels(instance, last, std::vector<Record>{database().one(named("ULabel", "alpha"))});
  }

  void check() {
    const std::pair<const char*, const char*> artifacts[] = {
        {"score > 2", "1"},
        {"score = 1.5", "0 1"},
        {"score != 1.5", "2 3"},
        {"not score = 2.5", "0 2 3"},
        {"score in (2.5, 7)", "1"},
        {"score is null", "2 3"},
        {"score is not null", "0 1"},
        {"note = \"hello\"", "0"},
        {"note istartswith \"HEL\"", "0 1"},
        {"note endswith \"p\"", "1"},
        {"note regex \"^h\"", "0"},
        {"ok = true", "0"},
        {"day > \"2025-01-01\"", "2"},
        {"doc.a.b = 3", "0"},
        {"doc.a.c is null and doc is not null", "0"},
        {"lab = \"alpha\"", "0 1"},
        {"lab != \"alpha\"", "2 3"},
        {"lab = \"unused\"", ""},
        {"lab in (\"beta\", \"nobody\")", "1"},
        {"lab contains \"et\"", "1"},
        {"lab is null", "2 3"},
        {"lab.name = \"beta\"", "1"},
        {"lab.artifacts.key = \"3.txt\"", "0 1"},
        {"\"cell type\" = \"CL:1\"", "2"},
        {"\"cell type\".name = \"T cell\"", "2"},
        {"any = \"T cell\"", "2"},
        {"any = \"beta\"", "1"},
        {"any is not null", "1 2"},
        {"lab = \"alpha\" and lab = \"beta\"", "1"},
        {"lab = \"alpha\" and score > 2", "1"},
        {"score is not null and note is not null", "0 1"},
        {"lab is not null and any is not null", "1"},
        {"any = \"beta\" and lab = \"alpha\" and lab is not null", "1"},
        {"lab = \"beta\" or day is not null", "1 2"},
        {"lab = \"alpha\" and suffix = \".txt\" and key != \"0.txt\"", "1"},
    };
    for (const auto& [where, expected] : artifacts) EXPECT_EQ(found("Artifact", "key", where), expected) << where;
    const std::pair<const char*, const char*> records[] = {
        {"score = 1.5", "r0"},      {"score is null", "r1"},    {"lab = \"alpha\"", "r0"},
        {"any = \"T cell\"", "r1"}, {"lab != \"alpha\"", "r1"}, {"\"cell type\".name = \"T cell\"", "r1"}};
    for (const auto& [where, expected] : records) EXPECT_EQ(found("Record", "name", where), expected) << where;

    // By uid, by the id of a label; counted and changed like any others.
    const Record score = database().one(named("Feature", "score"));
    const Query query{.registry = "Artifact", .where = Expr::compare(std::string(score.uid()), Op::gt, Value(2))};
    EXPECT_EQ(database().count(query), 1);
    EXPECT_TRUE(database().exists(query));
    EXPECT_EQ(registry::Writes(database()).update(query, {{"description", Value("high")}}), 1);
    EXPECT_EQ(found("Artifact", "key", "description = \"high\""), "1");
    const Record beta = database().one(named("ULabel", "beta"));
    EXPECT_EQ(database().count({.registry = "Artifact", .where = Expr::compare("lab", Op::exact, beta.id())}), 1);

    check_order();

    const std::pair<const char*, Code> wrong[] = {{"lab = \"nobody\"", Code::not_found},
                                                  {"lab.colour = \"red\"", Code::unknown_field},
                                                  {"scor = 1", Code::unknown_field},
                                                  {"lab = 1.5", Code::invalid_argument}};
    for (const auto& [where, code] : wrong) EXPECT_EQ(code_of([&] { found("Artifact", "key", where); }), code) << where;
    EXPECT_EQ(code_of([&] { found("ULabel", "name", "score = 1"); }), Code::unknown_field);
    EXPECT_THAT(test::failure_of(Code::unknown_field, [&] { found("Artifact", "key", "scoree = 1"); }),
                ::testing::HasSubstr("Did you mean the feature 'score'?"));
  }

 private:
  Database& database() { return instance_.database(); }
  Record add(std::string_view registry, const std::map<std::string, Value>& fields) {
    Record record(instance_.catalog().table(registry));
    for (const auto& [name, value] : fields) record.set(name, value);
    registry::Writes(database()).save(record);
    return record;
  }
  /// Ordered by typed values, without hosts that have none; of several values by the smallest or the largest.
  void check_order() {
    Record more = add("Record", {{"name", "r2"}});
    set_feature_values(instance_, more, {{"score", {10}}, {"note", {"a"}}, {"ok", {false}}});
    Record third = *find_artifact(instance_, "3.txt");
    add_feature_values(instance_, third, {{"score", {11}}});
    const std::tuple<const char*, const char*, const char*> orders[] = {
        {"Artifact", "score", "0 1 3"}, {"Artifact", "-score", "3 1 0"}, {"Artifact", "note", "1 0"},
        {"Artifact", "-note", "0 1"},   {"Artifact", "day", "2"},        {"Record", "score", "r0 r2"},
        {"Record", "-score", "r2 r0"},  {"Record", "note", "r2 r0"},     {"Record", "ok", "r2 r0"},
    };
    for (const auto& [registry, order, expected] : orders) {
      Query query{.registry = registry, .order_by = {order, "id"}};
      EXPECT_EQ(names(query), expected) << registry << " by " << order;
      EXPECT_EQ(database().count(query), std::ranges::count(std::string(expected), ' ') + 1);
      const std::string field[] = {registry == std::string("Record") ? "name" : "key"};
      EXPECT_EQ(database().columns(query, field).at(0).size(), static_cast<std::size_t>(database().count(query)));
    }
    Query both{.registry = "Artifact", .where = Expr::parse("score > 2"), .order_by = {"-score", "note"}, .limit = 2};
    EXPECT_EQ(names(both), "1");  // 3 has no note
    EXPECT_EQ(code_of([&] { names({.registry = "Artifact", .order_by = {"lab"}}); }), Code::unknown_field);
    EXPECT_EQ(code_of([&] { names({.registry = "Artifact", .order_by = {"nothing"}}); }), Code::unknown_field);
    EXPECT_EQ(code_of([&] { names({.registry = "ULabel", .order_by = {"score"}}); }), Code::unknown_field);
    // Rows of another registry may have the same ids.
    Expr label = Expr::compare("lab", Op::exact, Value(1));
    label.of = "Artifact";
    EXPECT_EQ(code_of([&] { names({.registry = "Artifact", .where = label}); }), Code::invalid_argument);
    label.path = "ulabels";
    EXPECT_EQ(code_of([&] { names({.registry = "Artifact", .where = label}); }), Code::invalid_argument);
    label.of = "ULabel";
    EXPECT_EQ(names({.registry = "Artifact", .where = label, .order_by = {"key"}}), "0 1 3");
  }

  static Query named(const char* registry, const char* name) {
    return {.registry = registry, .where = Expr::compare("name", Op::exact, Value(name))};
  }
  std::string found(const char* registry, const char* field, const char* where) {
    return names({.registry = registry, .where = Expr::parse(where), .order_by = {field}});
  }
  std::string names(const Query& query) {
    std::string out;
    for (const Record& row : database().all(query)) {
      const std::string name(row.text(row.table().name_field));
      out += (out.empty() ? "" : " ") + name.substr(0, name.find('.'));
    }
    return out;
  }

  Instance& instance_;
};

}  // namespace lamin::testing
