// sheet.hpp -- sheets: record types with a schema, whose records are rows of a table.
//
// A row has a name and values of the sheet's features; what the schema requires, each row must have (feature.hpp). Here
// tables become rows and sheets; one record of a sheet is saved like any other.
//
// Example: examples/cpp/sheet.cpp
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include "lamin/feature.hpp"
#include "lamin/frame.hpp"
#include "lamin/instance.hpp"

namespace lamin {

/// One row to save. A feature with an empty list of values counts as given: it is not missing.
struct SheetRow {
  std::string name = {};  ///< "" = none
  FeatureValues values = {};
};

/// A new sheet: a type below the type "Imports", whose schema has those of `columns` that are registered features;
/// others are named in a warning.
/// Throws invalid_argument if "Imports" has a type of this name, or no column is a feature.
Record make_sheet(Instance& instance, std::string_view name, std::span<const std::string> columns);
/// The rows as records of a type, all of them or none. Throws invalid_argument unless it is a type, and what
/// set_feature_values throws.
std::vector<Record> save_rows(Instance& instance, const Record& type, std::span<const SheetRow> rows);
/// The rows of a table: `name_column` holds the names, if there is one; the other columns are features, by name. A
/// column without any value counts as given. Reals that are whole, with gaps, are integers where the feature is.
std::vector<SheetRow> rows_of(Instance& instance, const Record& type, const Frame& table,
                              std::string_view name_column = "name");

struct ImportedRows {
  Record sheet = {};
  std::vector<Record> rows = {};
};
/// The rows of a table into the sheet of this name, which is made if there is none: both or neither. Columns that are
/// no features of the sheet are left out, with a warning.
ImportedRows import_rows(Instance& instance, std::string_view name, const Frame& table);

/// What an export of a sheet is called as an artifact.
struct ExportName {
  std::string key = {}, description = {};
};
ExportName export_name(const Record& sheet, std::string_view suffix = ".csv");
/// A completed run of LaminDB's export transform, started by the tracked run, with the sheet and these rows as inputs.
/// Throws invalid_argument unless it is a type.
Record export_run(Instance& instance, const Record& sheet, std::span<const Record> rows = {});

}  // namespace lamin
