// sheet_cells.hpp -- what the verbs of sheets share: one cell of a table as values of a feature, and back.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>
#include "lamin/dtype.hpp"
#include "lamin/report.hpp"
#include "lamin/sheet.hpp"

namespace lamin::lake {

constexpr const char *uid_column = "__lamindb_record_uid__", *own_name_column = "__lamindb_record_name__";

/// Throws invalid_argument unless it is a saved type.
void check_is_sheet(const Record& record);
/// Which column has the names of rows, where no index of the sheet says: "name" if none of the others is there.
std::string name_column(const SheetOptions& options, std::span<const std::string> columns);

/// What a cell holds: one value, several for a list. nullopt if it cannot be of the dtype. `typed`: it has a type, and
/// stays what it is.
std::optional<std::vector<Value>> values_of_cell(const Dtype& dtype, const Value& cell, bool typed);
/// What may be meant by a text that is not of the dtype: "2024-03-01" by "1.3.2024", "0.5" by "0,5".
std::vector<Candidate> meant(const Dtype& dtype, const Value& cell);
/// A value as people write it, without quotes.
std::string written(const Value& value);

}  // namespace lamin::lake
