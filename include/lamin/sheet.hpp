// sheet.hpp -- sheets: record types with a schema, whose records are rows of a table.
//
// A row has a name and values of the sheet's features; what the schema requires, each row must have (feature.hpp). Here
// tables and spreadsheets become rows and sheets, with one error for each cell that does not fit, and sheets become
// tables and spreadsheets; one record of a sheet is saved like any other.
//
// Example: examples/cpp/sheet.cpp
#pragma once
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include "lamin/feature.hpp"
#include "lamin/frame.hpp"
#include "lamin/instance.hpp"
#include "lamin/report.hpp"

namespace lamin {

/// One row to save. A feature with an empty list of values counts as given: it is not missing.
struct SheetRow {
  std::string name = {};  ///< "" = none
  FeatureValues values = {};
  std::string uid = {};  ///< of the row that gets these values, while it keeps those of other features; "" = a new row
};

/// How a table becomes rows.
struct SheetOptions {
  std::string name_column = {};  ///< of the names of rows; "" = "__lamindb_record_name__", otherwise "name"
  bool leave_out = true;         ///< leave out columns that are not features of the sheet; false: they are errors
  bool update = false;           ///< rows that the sheet already has get the values of the table
  bool valid_rows = false;       ///< save the rows without an error, although others have some
};

/// A new sheet: a type below the type "Imports", whose schema has those of `columns` that are registered features;
/// others are named in a warning. A schema that asks for the same is taken as it is.
/// Throws invalid_argument if "Imports" has a type of this name, or no column is a feature.
Record make_sheet(Instance& instance, std::string_view name, std::span<const std::string> columns,
                  const SheetOptions& options = {});
/// The type with this name or uid. Throws multiple_found, with their uids.
std::optional<Record> find_sheet(Instance& instance, std::string_view name);
/// The rows as records of a type, all of them or none. Throws invalid_argument unless it is a type, and what
/// set_feature_values throws.
std::vector<Record> save_rows(Instance& instance, const Record& type, std::span<const SheetRow> rows);

/// A table for a sheet.
struct SheetTable {
  Frame frame = {};
  /// Cells are what their columns say. False: as a file has them, converted to what the features are.
  bool typed = true;
  std::vector<std::int64_t> rows = {};  ///< of each row its number in the file, where the header has 1; empty: no file
  std::vector<std::string> letters = {};  ///< of each column its letters in a spreadsheet; empty: no spreadsheet
};
/// Of .csv, .tsv, .parquet and .xlsx, there one worksheet ("" = the first). Throws unsupported for other files,
/// invalid_argument for a worksheet of a file that has none, not_found, corrupt.
SheetTable read_sheet(const std::filesystem::path& path, std::string_view worksheet = {});

/// What is wrong in one cell, or in a column as a whole.
struct CellError {
  std::int64_t row = -1;  ///< of the table, from 0; -1: the column
  std::string column = {};
  std::string place = {};  ///< in the file: "B3", "row 3", "column B"; "" = not of a file
  std::string value = {};  ///< as it is written; "" = missing
  /// Those of Problem (curate.hpp), and: bad_cell, repeated_name, existing_row, ambiguous.
  std::string rule = {};
  std::string why = {};                    ///< without the value and its place: "not validated in feature 'cell_type'"
  std::vector<Candidate> candidates = {};  ///< what may be meant, best first
};
struct CheckedTable {
  std::vector<SheetRow> rows = {};         ///< those without an error
  std::vector<std::int64_t> numbers = {};  ///< which rows of the table they are
  std::vector<CellError> errors = {};      ///< all of them, row by row, those of columns first
  std::vector<std::string> left_out = {};  ///< columns that are not features of the sheet
  std::vector<Remedy> remedies = {};       ///< how to register what is not
};

/// Compares a table with a sheet, cell by cell; saves nothing. Which row of the sheet a row of the table is, its column
/// "__lamindb_record_uid__" or, if the sheet has an index, its name says. Throws invalid_argument unless it is a type,
/// and for an update with a table that has neither.
CheckedTable check_table(Instance& instance, const Record& type, const SheetTable& table,
                         const SheetOptions& options = {});
/// All errors as a text for people; "" if there are none.
Words cell_errors_text(const CheckedTable& checked, const Record& type);

struct ImportedRows {
  Record sheet = {};
  std::vector<Record> rows = {};
  std::vector<CellError> errors = {};  ///< of the rows that were left out, with `valid_rows`
};
/// The rows of a table into a sheet: all or none, or with `valid_rows` those without an error. Throws validation with
/// all errors, and what check_table throws.
ImportedRows import_rows(Instance& instance, const Record& type, const SheetTable& table,
                         const SheetOptions& options = {});
/// The same into the sheet of this name, which is made if there is none: both or neither.
ImportedRows import_rows(Instance& instance, std::string_view name, const SheetTable& table,
                         const SheetOptions& options = {});

/// The rows of a type as a table, oldest first: its index, the features of its schema in order, or all that rows have
/// values of, and without an index uid and name of each. Throws invalid_argument unless it is a type.
Frame sheet_frame(Instance& instance, const Record& type);
/// The first rows only: at most `limit`.
Frame sheet_frame(Instance& instance, const Record& type, std::int64_t limit);
/// How many rows a type has.
std::int64_t sheet_size(Instance& instance, const Record& type);
/// All rows as a file: .csv, .parquet or .xlsx. Durable on return; an existing file, with `replace`, is there in its
/// old form until the new one is whole. Throws conflict (the file exists), unsupported, no_access, unavailable.
void export_rows(Instance& instance, const Record& type, const std::filesystem::path& path, bool replace = false);

/// What an export of a sheet is called as an artifact.
struct ExportName {
  std::string key = {}, description = {};
};
ExportName export_name(const Record& sheet, std::string_view suffix = ".csv");
/// How rows become inputs of a run.
struct SheetInput {
  std::int64_t run = 0;          ///< id; 0 = the tracked run
  std::size_t most_rows = 1000;  ///< more rows are not linked, with a warning
};
/// Notes a sheet and these rows as inputs of a run, except those that the run made. Returns the run; nullopt if none is
/// tracked. Throws invalid_argument unless it is a type, not_found (the run).
std::optional<Record> track_sheet_input(Instance& instance, const Record& sheet, std::span<const Record> rows,
                                        const SheetInput& options = {});
/// A completed run of LaminDB's export transform, started by the tracked run, with the sheet and these rows as inputs.
/// Throws invalid_argument unless it is a type.
Record export_run(Instance& instance, const Record& sheet, std::span<const Record> rows = {});

}  // namespace lamin
