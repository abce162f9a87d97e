// value.hpp -- Value to Python and back. Times are aware datetimes in UTC; a naive one is taken as UTC.
#pragma once
#include <nanobind/nanobind.h>
#include <nanobind/stl/string_view.h>
#include <string>
#include <unordered_map>
#include <vector>
#include "lamin/query.hpp"
#include "lamin/value.hpp"

namespace lamin::python {

namespace nb = nanobind;

nb::object from_value(const Value& value);
/// A duration column holds microseconds and shows a timedelta.
nb::object from_value(const Value& value, Type type);
/// Values of many rows with many repeated texts: each distinct text is one Python object.
class Texts {
 public:
  nb::object from(const Value& value);

 private:
  std::unordered_map<std::string, nb::object> known_;
};
/// By the Python type alone. Records become their id. Throws TypeError for values that no field can hold.
Value to_value(nb::handle object);
/// For a column of this type: a JSON column takes any document, a duration a timedelta.
Value to_value(nb::handle object, Type type);

std::vector<std::string> to_strings(nb::handle iterable);
nb::list from_strings(const std::vector<std::string>& strings);
/// None becomes the empty text.
std::string text_or_empty(nb::handle object);

/// The condition for look-ups: Q objects first, then keywords.
Expr to_expr(nb::handle queries, nb::handle keywords);

}  // namespace lamin::python
