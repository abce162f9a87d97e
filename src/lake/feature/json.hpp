// json.hpp -- values of features that are no labels: checked against the dtype, as JSON, and back.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "lamin/feature.hpp"

namespace lamin::lake {

struct StoredValue {
  Json json;
  std::string hash;  ///< LaminDB's: md5 of Python's str() of the value, of objects of their JSON with sorted keys
};

/// One for a list dtype, else one a value. Throws validation, naming feature, dtype and value.
std::vector<StoredValue> store_values(std::string_view feature, const Dtype& dtype, const std::vector<Value>& values);
/// A value to compare the stored ones of this dtype with: a time as it is written in the document.
Value to_compare(const Dtype& dtype, const Value& value);
/// Appends what a stored document stands for.
void load_value(const Dtype& dtype, const Json& json, std::vector<Value>& values);

}  // namespace lamin::lake
