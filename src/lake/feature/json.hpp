// json.hpp -- feature values that are not labels: checked against the dtype, converted to JSON and back.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "lamin/feature.hpp"

namespace lamin::lake {

struct StoredValue {
  Json json;
  std::string hash;  ///< LaminDB's: md5 of Python's str() of the value; for objects, of their JSON with sorted keys
};

/// One for a list dtype, otherwise one per value. With `coerce`, a time may have a time zone or none, whatever the
/// dtype says: it keeps the one that it has, and without one it is in UTC where the dtype asks for one. Throws
/// validation, naming feature, dtype and value.
std::vector<StoredValue> store_values(std::string_view feature, const Dtype& dtype, const std::vector<Value>& values,
                                      bool coerce = false);
/// A value to compare with stored values of this dtype: a time as written in the document.
Value to_compare(const Dtype& dtype, const Value& value);
/// Appends the values of a stored document.
void load_value(const Dtype& dtype, const Json& json, std::vector<Value>& values);

}  // namespace lamin::lake
