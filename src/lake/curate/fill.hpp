// fill.hpp -- columns that a schema wants and a table lacks, and values that are missing in one.
#pragma once
#include "lamin/dtype.hpp"
#include "lamin/frame.hpp"
#include "lamin/record.hpp"

namespace lamin::lake {

/// What a feature says stands for a missing value; null if it says nothing.
Value default_value(const Record& feature, const Dtype& dtype);
bool has_nulls(const Column& column);
/// A column of the dtype with the same value in all rows; null: without values.
Column column_of(const Dtype& dtype, const Value& value, std::int64_t rows);
/// The same column with `value` where it has none. Throws validation if the value is not of its kind.
Column without_nulls(const Column& column, const Value& value);

}  // namespace lamin::lake
