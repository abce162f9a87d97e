// cells.hpp -- Python objects as a column of a table.
#pragma once
#include <nanobind/nanobind.h>
#include <vector>
#include "lamin/frame.hpp"

namespace lamin::python {

namespace nb = nanobind;

/// One column of the kind that all objects have, of objects where they differ. None, NaN, NA and NaT are missing.
/// `loose` leaves numbers and booleans objects: the cells of a column that has no type.
Column column_of(const std::vector<nb::handle>& cells, bool loose = false);

}  // namespace lamin::python
