#include "lake/feature/sheet.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>

#include "lake/feature/schema_set.hpp"
#include "lake/rows/hook_chain.hpp"
#include "lamin/error.hpp"

namespace lamin::lake {
namespace {

std::string names_of(const std::vector<Record>& features) {
  std::string names;
  for (const Record& feature : features)
    names += fmt::format("{}'{}'", names.empty() ? "" : ", ", feature.text("name"));
  return names;
}

std::string called(const Record& record) {
  const auto name = record.text("name");
  return name.empty() ? fmt::format("the record {}", record.uid()) : fmt::format("the record '{}'", name);
}

std::optional<Sheet> read_sheet(Instance& instance, const schema::Table& records, std::int64_t type) {
  Database& database = instance.database();
  Sheet sheet;
  if (auto found = database.find(records, type)) sheet.type = std::move(*found);
  if (!sheet.type || sheet.type.at("schema").is_null()) return std::nullopt;
  auto schema = database.find(instance.catalog().table("Schema"), sheet.type.at("schema").integer_or(0));
  if (!schema) return std::nullopt;
  sheet.schema = std::move(*schema);
  sheet.features = schema_members(instance, sheet.schema);
  const SchemaRoles aux = schema_roles(sheet.schema);
  const bool all = sheet.schema.at("minimal_set").boolean_or(true);
  for (const Record& feature : sheet.features) {
    if (all && std::ranges::find(aux.optional, feature.uid()) == aux.optional.end())
      sheet.required.insert(feature.id());
  }
  if (aux.index.empty()) return sheet;
  sheet.index = database.find(instance.catalog().table("Feature"), aux.index);
  if (!sheet.index) return sheet;
  sheet.required.insert(sheet.index->id());
  if (sheet.find(sheet.index->text("name")) == nullptr) sheet.features.insert(sheet.features.begin(), *sheet.index);
  return sheet;
}

/// Which rows of a sheet have a feature.
class Present {
 public:
  Present(const Sheet& sheet, std::span<const Row> rows, const FeatureColumns& columns)
      : sheet_(sheet), rows_(rows), columns_(columns) {}

  std::vector<bool> of(const Record& feature) const {
    const std::string name(feature.text("name"));
    std::vector<bool> has(rows_.size());
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const bool given = rows_[i].given != nullptr && rows_[i].given->contains(name);
      has[i] = sheet_.is_index(feature) ? !rows_[i].record->text("name").empty() : given;
    }
    const auto column = columns_.find(name);
    if (column == columns_.end()) return has;
    for (const auto& [row, value] : column->second.cells) has[row] = true;
    for (const auto row : column->second.empty) has[row] = true;
    return has;
  }

 private:
  const Sheet& sheet_;
  std::span<const Row> rows_;
  const FeatureColumns& columns_;
};

void check_rows_of(Instance& instance, const Sheet& sheet, std::span<const Row> rows) {
  std::vector<std::int64_t> ids;
  for (const Row& row : rows) ids.push_back(row.record->id());
  const auto columns = feature_columns(instance, sheet.type.table(), ids);
  if (sheet.schema.at("maximal_set").boolean_or(false)) {
    for (const auto& [name, column] : columns) {
      if (sheet.find(name) != nullptr || column.cells.empty()) continue;
      throw Error(Code::validation,
                  fmt::format("{} has the feature '{}', which sheet '{}' does not allow",
                              called(*rows[column.cells[0].first].record), name, sheet.type.text("name")));
    }
  }
  const Present present(sheet, rows, columns);
  std::vector<std::vector<Record>> missing(rows.size());
  for (const Record& feature : sheet.features) {
    if (!sheet.required.contains(feature.id())) continue;
    const auto has = present.of(feature);
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (!has[i]) missing[i].push_back(feature);
  }
  const auto first = std::ranges::find_if(missing, [](const auto& features) { return !features.empty(); });
  if (first == missing.end()) return;
  throw Error(Code::validation,
              fmt::format("{} cannot be in sheet '{}': it has no value of {}, which the sheet requires",
                          called(*rows[static_cast<std::size_t>(first - missing.begin())].record),
                          sheet.type.text("name"), names_of(*first)));
}

/// The index is stored as the name of the rows, so it must be a text.
void check_index(Instance& instance, const Record& sheet) {
  const auto id = sheet.at("schema").integer_or(0);
  if (id == 0 || !sheet.at("is_type").boolean_or(false)) return;
  const auto schema = instance.database().find(instance.catalog().table("Schema"), id);
  const auto uid = schema ? schema_roles(*schema).index : std::string();
  const auto index = uid.empty() ? std::nullopt : instance.database().find(instance.catalog().table("Feature"), uid);
  if (index && index->text("_dtype_str") != "str") {
    throw Error(Code::invalid_argument,
                fmt::format("the index '{}' of a sheet must have dtype str, because its values are the names of the "
                            "records, not {}",
                            index->text("name"), index->text("_dtype_str")));
  }
}

}  // namespace

bool is_missing(const Value& value) {
  const auto* real = std::get_if<double>(&value);
  return value.is_null() || (real != nullptr && std::isnan(*real));
}

const Record* Sheet::find(std::string_view feature) const {
  const auto found = std::ranges::find_if(
      features, [&](const Record& one) { return one.text("name") == feature || one.uid() == feature; });
  return found == features.end() ? nullptr : &*found;
}

const Sheet* Sheets::of(const Record& record) {
  if (record.table().qualified != "Record" || record.at("is_type").boolean_or(false)) return nullptr;
  const auto type = record.at("type").integer_or(0);
  if (type == 0) return nullptr;
  auto [known, is_new] = by_type_.try_emplace(type);
  if (is_new) known->second = read_sheet(instance_, record.table(), type);
  return known->second ? &*known->second : nullptr;
}

void check_names(const Sheet& sheet, const FeatureValues& values) {
  std::string strange;
  for (const auto& [name, given] : values) {
    if (sheet.find(name) == nullptr) strange += fmt::format("{}'{}'", strange.empty() ? "" : ", ", name);
  }
  if (strange.empty()) return;
  throw Error(Code::validation, fmt::format("{} is not among the features of sheet '{}', which are {}", strange,
                                            sheet.type.text("name"), names_of(sheet.features)));
}

void check_rows(Instance& instance, Sheets& sheets, std::span<const Row> rows) {
  std::map<const Sheet*, std::vector<Row>> by_sheet;
  for (const Row& row : rows) {
    if (const Sheet* sheet = sheets.of(*row.record)) by_sheet[sheet].push_back(row);
  }
  for (const auto& [sheet, own] : by_sheet) check_rows_of(instance, *sheet, own);
}

void install_sheet_hooks(Instance& instance) {
  Hooks& hooks = instance.database().hooks()["Record"];
  append_hook(hooks.before_insert, [&instance](Database&, Record& record) { check_index(instance, record); });
  append_update_hook(hooks, {"type"}, [&instance](Database&, const Record& old, Record& now) {
    if (old.at("type") == now.at("type")) return;
    Sheets sheets(instance);
    const Row row{&now};
    check_rows(instance, sheets, {&row, 1});
  });
  append_update_hook(hooks, {"schema", "is_type"},
                     [&instance](Database&, const Record&, Record& now) { check_index(instance, now); });
}

}  // namespace lamin::lake
