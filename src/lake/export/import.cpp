// import.cpp -- the tables of an export, written into an instance.
//
// LaminDB writes a missing value as the text "None" (SQLite) or as an empty one (PostgreSQL), where its own files are
// made of texts. Both are read as missing where a value may be missing; our exports keep them apart.
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <map>
#include "base/json.hpp"
#include "base/progress.hpp"
#include "base/time.hpp"
#include "db/connection.hpp"
#include "format/table_scan.hpp"
#include "lake/artifact/content.hpp"
#include "lake/export/tables.hpp"
#include "lamin/database.hpp"
#include "lamin/error.hpp"
#include "lamin/export.hpp"
#include "registry/values.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace {

namespace fs = std::filesystem;

bool stands_for_missing(std::string_view text) {
  constexpr std::array words = {"", "None", "nan", "NaT", "<NA>"};
  return std::ranges::find(words, text) != words.end();
}

/// A document that stands in a cell, whatever a writer took it for: {"a": 1} as text, 10 as a number.
Value document(Value value) {
  if (std::holds_alternative<Json>(value) || value.is_null()) return value;
  const auto* text = value.text();
  if (text == nullptr) return Value(Json{base::write_json(base::to_json(value))});
  try {
    base::parse_json(*text);
  } catch (const Error& error) {
    throw Error(Code::invalid_argument, fmt::format("{} is not valid JSON: {}", to_string(value), error.what()));
  }
  return Value(Json{*text});
}

/// Where all uids of a table are digits, LaminDB's export from PostgreSQL has them as numbers, without their zeros.
Value uid_of(std::int64_t number, const schema::Table& table) {
  return Value(fmt::format("{:0{}}", number, table.uid_size));
}

/// A cell as the column holds it.
Value converted(Value value, const schema::Column& column, bool from_lamindb) {
  const bool optional = column.field == nullptr ? column.position != 0 : column.field->optional;
  if (const auto* text = value.text(); text != nullptr && from_lamindb && optional && stands_for_missing(*text))
    return {};
  if (value.is_null()) return value;
  if (column.type == Type::json) return document(std::move(value));
  if (const auto* text = value.text();
      text != nullptr && column.type == Type::boolean && (*text == "t" || *text == "f"))
    return Value(*text == "t");
  if (const auto* number = std::get_if<double>(&value);
      number != nullptr && column.type == Type::boolean && (*number == 0 || *number == 1))
    return Value(*number == 1);
  auto fit = registry::as_looked_up(value, column.type);
  const bool fraction =
      fit && (column.type == Type::integer || column.type == Type::duration) && std::holds_alternative<double>(*fit);
  if (!fit || fraction)
    throw Error(Code::invalid_argument,
                fmt::format("{} is not of type {}", to_string(value), registry::type_name(column.type)));
  if (auto* time = std::get_if<Time>(&*fit)) time->zoned = true;  // LaminDB's files have UTC without saying so
  return std::move(*fit);
}

/// The files of one table, read as records.
class TableFiles {
 public:
  TableFiles(const schema::Table& table, std::vector<fs::path> files, bool from_lamindb, const Session& session)
      : table_(table), files_(std::move(files)), from_lamindb_(from_lamindb), session_(session) {}

  void each(const std::function<void(std::span<Record>)>& use) const {
    for (const auto& file : files_) {
      std::int64_t row = 0;
      format::scan_parquet(file, {.start = [&](const std::string&) { row = 0; },
                                  .add =
                                      [&](const Frame& part) {
                                        auto records = records_of(part, file, row);
                                        row += part.rows();
                                        use(records);
                                      }});
    }
  }

 private:
  /// The column of the table of each of a frame's; null for one that LaminDB's imports leave out, too.
  std::vector<const schema::Column*> columns_of(const Frame& part, const fs::path& file) const {
    std::vector<const schema::Column*> columns;
    for (const auto& name : part.names()) {
      const auto found =
          std::ranges::find_if(table_.columns, [&](const auto& column) { return column.column == name; });
      if (found == table_.columns.end() && !name.ends_with("_old") && name != part.index)
        throw Error(Code::invalid_argument,
                    fmt::format("'{}' has a column '{}', which {} does not have: it may be of another version, or its "
                                "module is missing here.",
                                file.string(), name, table_.table.view()));
      columns.push_back(found == table_.columns.end() ? nullptr : &*found);
    }
    if (std::ranges::find(columns, &table_.columns[0]) == columns.end())
      throw Error(Code::invalid_argument, fmt::format("'{}' has no column 'id', which names its rows.", file.string()));
    return columns;
  }

  std::vector<Record> records_of(const Frame& part, const fs::path& file, std::int64_t first) const {
    const auto columns = columns_of(part, file);
    const auto blank = blank_row(columns);
    std::vector<Record> records(static_cast<std::size_t>(part.rows()), blank);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (columns[i] == nullptr) continue;
      const auto& cells = part.at(i);
      for (std::int64_t row = 0; row < part.rows(); ++row) {
        try {
          auto cell = cells.value(row);
          const auto* number = std::get_if<std::int64_t>(&cell);
          if (from_lamindb_ && number != nullptr && columns[i]->name == "uid") cell = uid_of(*number, table_);
          records[static_cast<std::size_t>(row)].set(columns[i]->position,
                                                     converted(std::move(cell), *columns[i], from_lamindb_));
        } catch (Error& error) {
          error.add_context(
              fmt::format("in row {} of column '{}' of '{}'", first + row + 1, part.names()[i], file.string()));
          throw;
        }
      }
    }
    return records;
  }

  /// What a row has in columns that the files do not have.
  Record blank_row(std::span<const schema::Column* const> given) const {
    Record row(table_);
    const auto now = base::now();
    for (const auto& column : table_.columns) {
      if (std::ranges::find(given, &column) != given.end()) continue;
      Value value = column.initial;
      if (value.is_null() && (column.name == "branch" || column.name == "created_on")) value = Value(session_.branch);
      if (value.is_null() && column.field != nullptr && column.field->fill == schema::Fill::now) value = Value(now);
      if (value.is_null() && column.name == "space" && session_.space != 0) value = Value(session_.space);
      if (value.is_null() && column.name == "created_by" && session_.user != 0) value = Value(session_.user);
      row.set(column.position, std::move(value));
    }
    return row;
  }

  const schema::Table& table_;
  std::vector<fs::path> files_;
  bool from_lamindb_;
  const Session& session_;
};

/// FOLDER/table.parquet, or FOLDER/table/0.parquet, 1.parquet, ...
std::vector<fs::path> files_of(const fs::path& folder, const std::string& table) {
  if (auto file = folder / (table + ".parquet"); fs::exists(file)) return {std::move(file)};
  std::vector<fs::path> files;
  for (int i = 0;; ++i) {
    auto file = folder / table / fmt::format("{}.parquet", i);
    if (!fs::exists(file)) return files;
    files.push_back(std::move(file));
  }
}

/// Which content is known of which artifact: what we keep of bytes goes with the artifact that has them.
std::map<std::int64_t, std::pair<Value, Value>> known_contents(Instance& instance) {
  std::map<std::int64_t, std::pair<Value, Value>> known;
  auto rows = instance.database().connection().query("SELECT artifact_id FROM lamin_content");
  while (rows->next()) known.emplace(rows->integer(0), std::pair<Value, Value>());
  rows.reset();
  const std::string paths[] = {"id", "uid", "hash"};
  const auto found = instance.database().columns({.registry = "Artifact", .any_branch = true}, paths);
  for (std::size_t i = 0; i < found[0].size(); ++i) {
    const auto at = known.find(found[0][i].integer_or(0));
    if (at != known.end()) at->second = {found[1][i], found[2][i]};
  }
  return known;
}

void forget_other_contents(Instance& instance, const std::map<std::int64_t, std::pair<Value, Value>>& before) {
  const auto now = known_contents(instance);
  for (const auto& [id, what] : before)
    if (const auto at = now.find(id); at == now.end() || at->second != what) lake::forget_content(instance, id);
}

}  // namespace

IfExists if_exists_called(std::string_view name) {
  if (name == "fail") return IfExists::fail;
  if (name == "replace" || name.empty()) return IfExists::replace;
  if (name == "append") return IfExists::append;
  throw Error(Code::invalid_argument,
              fmt::format("'{}' is not what an import does with rows that exist: pass fail, replace or append.", name));
}

std::vector<ImportedTable> import_registries(Instance& instance, const RegistryImport& options) {
  std::error_code failure;
  if (!fs::is_directory(options.folder, failure))
    throw Error(Code::not_found, fmt::format("Directory does not exist: {}", options.folder.string()));
  const bool from_lamindb = !fs::exists(options.folder / lake::export_manifest, failure);
  auto& database = instance.database();
  struct Given {
    const schema::Table* table;
    TableFiles files;
  };
  std::vector<Given> given;
  for (const auto* table : lake::tables_of(instance, options.modules)) {
    auto files = files_of(options.folder, table->table.str());
    if (!files.empty()) given.push_back({table, {*table, std::move(files), from_lamindb, database.session()}});
  }
  if (given.empty())
    throw Error(
        Code::not_found,
        fmt::format("'{}' holds no table of this instance: its files have to be called like its tables, such as "
                    "lamindb_artifact.parquet.",
                    options.folder.string()));
  std::vector<ImportedTable> told;
  base::Progress progress([&](Level level, const Words& words) { instance.say(level, words); }, "importing tables",
                          static_cast<std::int64_t>(given.size()));
  database.transaction([&] {
    told.clear();
    const auto known = known_contents(instance);
    registry::Writes writes(database);
    for (const auto& [table, files] : given) {
      if (options.if_exists == IfExists::fail && database.exists({.registry = table->table.str(), .any_branch = true}))
        throw Error(Code::conflict, fmt::format("Table {} already contains data", table->table.view()));
      ImportedTable one{.name = table->table.str()};
      const auto rows = [&](const std::function<void(std::span<Record>)>& use) {
        one.rows = 0;
        files.each([&](std::span<Record> part) {
          one.rows += static_cast<std::int64_t>(part.size());
          use(part);
        });
      };
      const auto taken = writes.take(*table, rows, options.if_exists == IfExists::append);
      one.written = taken.written;
      one.deleted = taken.deleted;
      told.push_back(std::move(one));
      progress.at(static_cast<std::int64_t>(told.size()));
    }
    forget_other_contents(instance, known);
  });
  return told;
}

}  // namespace lamin
