// export.hpp -- registries as tables: for SQL engines, data frames, files that other programs read, and other
// instances.
//
// A table has the columns of the registry under their names in SQL ("created_by_id"), in the order of its declaration,
// with their types: numbers, texts, booleans, times in UTC, dates; JSON is text, a duration is a number of
// microseconds. A path that leads to several rows ("ulabels.name") is a column of lists, each without repetition and
// sorted.
//
// `export_registries` writes every table of the instance, links included, with all rows of all branches and of the
// trash. What it writes is a copy, which a later export replaces as a whole. `import_registries` takes such a folder,
// or one that LaminDB's export_db wrote, into an instance: rows keep their ids, so that what refers to them still does.
//
// Example: examples/cpp/export.cpp
#pragma once
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>
#include "lamin/frame.hpp"
#include "lamin/instance.hpp"

namespace lamin {

/// The values of these paths for the rows of a query, in its order. Throws not_found (registry), unknown_field,
/// invalid_argument (value).
Frame registry_frame(Instance& instance, const Query& query, std::span<const std::string> paths);
/// The values of features that these rows of one registry (artifacts, runs, records) have: a column per feature, in the
/// order of their names, with its texts, numbers, booleans, times or dates; of lists if a row has several values;
/// whatever else as JSON. A row per host.
Frame feature_frame(Instance& instance, const schema::Table& registry, std::span<const std::int64_t> hosts);

enum class ExportTo {
  parquet,   ///< FOLDER/lamindb_artifact/0.parquet, ...
  ducklake,  ///< the same files with a DuckLake catalog, FOLDER/catalog.sqlite, which names them
  lamindb,   ///< FOLDER/lamindb_artifact.parquet, ...: what LaminDB's import_db reads
};
/// From the name that users pass. Throws invalid_argument.
ExportTo export_called(std::string_view name);

struct ExportOptions {
  std::filesystem::path folder = {};  ///< made if there is none; may hold an earlier export, and nothing else
  ExportTo to = ExportTo::parquet;
  std::int64_t rows_a_file = 1 << 20;     ///< of a table with more, several files; lamindb: always one
  std::vector<std::string> modules = {};  ///< "lamindb", "bionty"; empty = all
};
struct ExportedTable {
  std::string name = {};  ///< as in the database: "lamindb_artifact"
  std::int64_t rows = 0;
  std::vector<std::string> files = {};  ///< below the folder, with "/"; empty for a table without rows
};
/// Durable on return; until then an earlier export in the folder stays as it is. All tables are of one moment on
/// PostgreSQL and SQLite. Throws invalid_argument (a folder with other things in it), no_access, unavailable.
std::vector<ExportedTable> export_registries(Instance& instance, const ExportOptions& options);

/// What becomes of a table that has rows already.
enum class IfExists {
  fail,     ///< nothing is imported
  replace,  ///< it holds the rows of the file afterwards, and no other
  append,   ///< its other rows stay; a row of the file takes the place of the one with its id
};
/// From the name that users pass. Throws invalid_argument.
IfExists if_exists_called(std::string_view name);

struct RegistryImport {
  std::filesystem::path folder = {};  ///< of an export in any of the forms, or of LaminDB's
  IfExists if_exists = IfExists::replace;
  std::vector<std::string> modules = {};  ///< empty = all of the instance
};
struct ImportedTable {
  std::string name = {};                  ///< "lamindb_artifact"
  std::int64_t rows = 0;                  ///< of its files
  std::int64_t written = 0, deleted = 0;  ///< rows that are new or differ now; rows that are gone
};
/// All tables that have a file, in one transaction: all of it or nothing. A column that a file lacks gets its initial
/// values. Rules between rows that are no constraints of the database are not checked, since the rows were an instance
/// before. Throws not_found (folder, module), invalid_argument (a column that the table does not have, a value of
/// another type, naming file, row and column), conflict (`fail`; a row that is unique and there twice), protected_row
/// (a row that another one refers to is missing), corrupt.
std::vector<ImportedTable> import_registries(Instance& instance, const RegistryImport& options);

}  // namespace lamin
