// value_class.hpp -- what a conversion could tell apart: values of one class are all converted, or none of them is.
#pragma once
#include <string_view>
#include "lamin/value.hpp"

namespace lamin::format {

/// Everything that a conversion of a text depends on: 0 for a word, otherwise bits.
unsigned class_of(std::string_view text);
/// Of a value of any type.
unsigned class_of(const Value& value);

}  // namespace lamin::format
