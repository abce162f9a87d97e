// sheet_cells.hpp -- one cell of a table as values of a feature, and back.
#pragma once
#include <optional>
#include <string>
#include <vector>
#include "lamin/dtype.hpp"
#include "lamin/report.hpp"

namespace lamin::lake {

/// What a cell holds: one value, several for a list. nullopt if it cannot be of the dtype. `typed`: it has a type, and
/// stays what it is.
std::optional<std::vector<Value>> values_of_cell(const Dtype& dtype, const Value& cell, bool typed);
/// What may be meant by a text that is not of the dtype: "2024-03-01" by "1.3.2024", "0.5" by "0,5".
std::vector<Candidate> meant(const Dtype& dtype, const Value& cell);
/// A value as people write it, without quotes.
std::string written(const Value& value);

}  // namespace lamin::lake
