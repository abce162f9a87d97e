// nested.hpp -- cells that are lists or values of any type.
#pragma once
#include <cstdint>
#include "frame/column_data.hpp"

namespace lamin {

/// The items of a row as a JSON array.
Value list_value(const ColumnData& data, std::int64_t row);
/// Throws validation for what a Value cannot hold.
Value object_value(const ColumnData& data, std::int64_t row);

}  // namespace lamin
