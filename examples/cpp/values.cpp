// values.cpp -- values of a record that are checked against a schema, and some that are fields of the record.
#include "lamin/values.hpp"
#include <iostream>
#include "lamin/error.hpp"
#include "lamin/label.hpp"
#include "lamin/save.hpp"

int main() {
  const auto instance = lamin::init({.storage = "visits"});
  const auto& features = instance->catalog().table("Feature");
  const auto make_feature = [&](const char* name, const char* dtype, const lamin::ValuesThrough& through = {}) {
    auto feature = lamin::make_record(*instance, features, {{"name", name}, {"_dtype_str", dtype}});
    lamin::set_values_through(*instance, feature, through);
    lamin::save(*instance, feature);
    return feature;
  };
  const auto age = make_feature("age", "int");
  const auto remark = make_feature("remark", "str", {.field = "description"});
  auto draft = lamin::prepare_schema(*instance, {.name = "visit", .members = {age}});
  lamin::save_schema(*instance, draft);

  auto visit = lamin::make_record(*instance, instance->catalog().table("Record"), {{"name", "visit 1"}});
  lamin::save(*instance, visit);
  try {
    lamin::set_feature_values(*instance, visit, {}, {.schema = draft.record});
  } catch (const lamin::Error& error) { std::cout << error.what() << "\n"; }
  lamin::set_feature_values(*instance, visit, {{"age", {42}}, {"remark", {"on time"}}});
  std::cout << visit.text("description") << "\n";
  for (const auto& [name, values] : lamin::feature_values(*instance, visit))
    std::cout << name << " = " << to_string(values.front()) << "\n";
}
// Prints:
//   missing required features 'age' of schema 'visit' (COLUMN_NOT_IN_DATAFRAME: column 'age' not in dataframe)
//   on time
//   age = 42
//   remark = 'on time'
