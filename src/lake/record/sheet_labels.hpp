// sheet_labels.hpp -- a column of a table whose cells name labels.
#pragma once
#include <vector>
#include "lake/record/sheet_errors.hpp"
#include "lamin/feature.hpp"

namespace lamin::lake {

/// A column that is a feature.
struct SheetColumn {
  std::size_t at = 0;  ///< which column of the table
  Record feature = {};
  Dtype dtype = {};
  std::vector<std::vector<Value>> cells = {};  ///< the values of each row
};

/// Reports each cell whose label is not registered, with what may be meant, or is ambiguous, and how to register what
/// is not.
void check_labels(Instance& instance, const SheetColumn& column, CellErrors& errors, std::vector<Remedy>& remedies);

}  // namespace lamin::lake
