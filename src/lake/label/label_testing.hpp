// label_testing.hpp -- an instance with bionty, some cell types and genes.
#pragma once
#include <string>
#include <vector>
#include "base/testing.hpp"
#include "lake/open/testing.hpp"
#include "lamin/lamin.hpp"
#include "registry/writes.hpp"

namespace lamin::testing {

class LabelTest : public ::testing::Test {
 protected:
  /// `db`: the URL of an empty PostgreSQL database; "" = SQLite.
  explicit LabelTest(const std::string& db = {})
      : instance(init({.storage = "store", .name = "labels", .db = db, .modules = {"bionty"}})) {}

  Sandbox box;
  std::unique_ptr<Instance> instance;

  Database& database() { return instance->database(); }
  const schema::Table& table(std::string_view name) { return instance->catalog().table(name); }

  Record add(std::string_view registry, const std::map<std::string, Value>& fields) {
    Record record(table(registry));
    for (const auto& [name, value] : fields) record.set(name, value);
    registry::Writes(database()).save(record);
    return record;
  }
  Record cell_type(std::string_view name, std::string_view id, const char* synonyms = nullptr) {
    std::map<std::string, Value> fields{{"name", Value(name)}, {"ontology_id", Value(id)}};
    if (synonyms) fields.emplace("synonyms", Value(synonyms));
    return add("bionty.CellType", fields);
  }
  Record feature(std::string_view name, std::string_view dtype) {
    return add("Feature", {{"name", Value(name)}, {"_dtype_str", Value(dtype)}});
  }
  std::vector<std::string> names(const std::vector<Record>& records) {
    std::vector<std::string> all;
    for (const Record& record : records) all.emplace_back(record.text(record.table().name_field));
    return all;
  }
  std::vector<std::string> names(const std::vector<Found>& found) {
    std::vector<std::string> all;
    for (const auto& [record, score] : found) all.emplace_back(record.text(record.table().name_field));
    return all;
  }
  std::int64_t count(const std::string& sql) {
    auto rows = database().connection().query("SELECT COUNT(*) FROM " + sql);
    return rows->next() ? rows->integer(0) : -1;
  }
};

using Texts = std::vector<std::string>;

}  // namespace lamin::testing
