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
  if (record.table().qualified != "Record") return named(record);
  const auto name = record.text("name");
  return name.empty() ? fmt::format("the record {}", record.uid()) : fmt::format("the record '{}'", name);
}

Sheet sheet_with(Instance& instance, Record schema) {
  Sheet sheet{.schema = std::move(schema)};
  sheet.features = schema_members(instance, sheet.schema);
  const SchemaRoles aux = schema_roles(sheet.schema);
  const bool all = sheet.schema.at("minimal_set").boolean_or(true);
  for (const Record& feature : sheet.features) {
    if (all && std::ranges::find(aux.optional, feature.uid()) == aux.optional.end())
      sheet.required.insert(feature.id());
  }
  if (aux.index.empty()) return sheet;
  sheet.index = instance.database().find(instance.catalog().table("Feature"), aux.index);
  if (!sheet.index) return sheet;
  sheet.required.insert(sheet.index->id());
  if (sheet.find(sheet.index->uid()) == nullptr) sheet.features.insert(sheet.features.begin(), *sheet.index);
  return sheet;
}

std::optional<Sheet> read_sheet(Instance& instance, const schema::Table& records, std::int64_t id) {
  auto type = instance.database().find(records, id);
  if (!type || type->at("schema").is_null()) return std::nullopt;
  auto schema = instance.database().find(instance.catalog().table("Schema"), type->at("schema").integer_or(0));
  if (!schema) return std::nullopt;
  Sheet sheet = sheet_with(instance, std::move(*schema));
  sheet.type = std::move(*type);
  return sheet;
}

/// What the schema of an artifact asks of its values: the schema under "__external__", or itself, where the artifact
/// holds no data that it could be about.
std::optional<Sheet> read_external(Instance& instance, std::int64_t id, bool holds_data) {
  auto schema = instance.database().find(instance.catalog().table("Schema"), id);
  if (!schema) return std::nullopt;
  auto slots = schema_slots(instance, *schema);
  for (auto& [slot, component] : slots) {
    if (slot == "__external__") return sheet_with(instance, std::move(component));
  }
  if (holds_data || !slots.empty() || !holds_features(schema->text("itype"))) return std::nullopt;
  Sheet sheet = sheet_with(instance, std::move(*schema));
  return sheet.features.empty() ? std::nullopt : std::optional(std::move(sheet));
}

bool is_given(const FeatureValues* given, const Record& feature) {
  return given != nullptr &&
         (given->contains(std::string(feature.text("name"))) || given->contains(std::string(feature.uid())));
}

/// "missing required features 'a', 'b' of sheet 's' (COLUMN_NOT_IN_DATAFRAME: column 'a' not in dataframe, ...)": the
/// code is what a check of a data frame calls it.
std::string missing_text(const Sheet& sheet, const std::vector<Record>& features) {
  std::string columns;
  for (const Record& feature : features)
    columns += fmt::format("{} column '{}' not in dataframe", columns.empty() ? ":" : ",", feature.text("name"));
  return fmt::format("missing required features {} of {} (COLUMN_NOT_IN_DATAFRAME{})", names_of(features),
                     sheet.called(), columns);
}

/// Which rows of a sheet have a feature.
class Present {
 public:
  Present(const Sheet& sheet, std::span<const Row> rows, const FeatureColumns& columns)
      : sheet_(sheet), rows_(rows), columns_(columns) {}

  std::vector<bool> of(const Record& feature) const {
    const std::string name(feature.text("name"));
    std::vector<bool> has(rows_.size());
    const auto field = values_through(feature).field;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const Record& record = *rows_[i].record;
      if (record.table().qualified != "Record") has[i] = is_given(rows_[i].given, feature);
      else if (sheet_.is_index(feature)) has[i] = !record.text("name").empty();
      else has[i] = is_given(rows_[i].given, feature) || (!field.empty() && !record.at(field).is_null());
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
  const auto columns = feature_columns(instance, rows.front().record->table(), ids);
  if (sheet.schema.at("maximal_set").boolean_or(false)) {
    for (const auto& [name, column] : columns) {
      if (sheet.find(name) != nullptr || column.cells.empty()) continue;
      throw Error(Code::validation, fmt::format("{} has the feature '{}', which {} does not allow",
                                                called(*rows[column.cells[0].first].record), name, sheet.called()));
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
              fmt::format("{}: {}", called(*rows[static_cast<std::size_t>(first - missing.begin())].record),
                          missing_text(sheet, *first)));
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

std::string Sheet::called() const {
  if (type) return fmt::format("sheet '{}'", type.text("name"));
  const auto name = schema.text("name");
  return name.empty() ? fmt::format("schema {}", schema.uid()) : fmt::format("schema '{}'", name);
}

const Sheet* Sheets::of(const Record& host) {
  if (asked_) return &*asked_;
  const auto known = [](auto& sheets, std::int64_t id, const auto& read) -> const Sheet* {
    if (id == 0) return nullptr;
    auto [sheet, is_new] = sheets.try_emplace(id);
    if (is_new) sheet->second = read();
    return sheet->second ? &*sheet->second : nullptr;
  };
  if (host.table().qualified == "Artifact") {
    const auto id = host.at("schema").integer_or(0);
    const bool data = !host.text("otype").empty();
    return known(by_schema_, data ? -id : id, [&] { return read_external(instance_, id, data); });
  }
  if (host.table().qualified != "Record" || host.at("is_type").boolean_or(false)) return nullptr;
  const auto type = host.at("type").integer_or(0);
  return known(by_type_, type, [&] { return read_sheet(instance_, host.table(), type); });
}

void Sheets::ask(const Record& schema, const Record& host) {
  if (const Sheet* own = of(host)) {
    throw Error(Code::invalid_argument,
                fmt::format("Cannot pass schema if record.type has schema: the values of {} are "
                            "checked against {} anyway",
                            called(host), own->called()))
        .known_as("UnmetCondition");
  }
  if (!schema.saved()) throw Error(Code::invalid_argument, "the schema is not saved: save it first");
  asked_ = sheet_with(instance_, schema);
}

void Sheets::check_way(const Record& host, Way way) {
  if (way != Way::add || asked_ || host.table().qualified != "Artifact" || of(host) == nullptr) return;
  throw Error(Code::invalid_argument,
              "Cannot add values if artifact has external schema. Set all values together, so that "
              "they can be checked against " +
                  of(host)->called());
}

void check_names(const Sheet& sheet, const FeatureValues& values, const Record* whole) {
  std::string strange;
  for (const auto& [name, given] : values) {
    if (sheet.find(name) == nullptr) strange += fmt::format("{}'{}'", strange.empty() ? "" : ", ", name);
  }
  std::string why;
  if (!strange.empty())
    why = fmt::format("These feature keys are not in the provided schema: [{}]. The features of {} are {}", strange,
                      sheet.called(), names_of(sheet.features));
  std::vector<Record> missing;
  for (const Record& feature : sheet.features) {
    if (whole == nullptr || !sheet.required.contains(feature.id()) || is_given(&values, feature)) continue;
    const bool named = whole->table().qualified == "Record" && sheet.is_index(feature) && !whole->text("name").empty();
    if (!named) missing.push_back(feature);
  }
  if (!missing.empty()) why += (why.empty() ? "" : "; ") + missing_text(sheet, missing);
  if (!why.empty()) throw Error(Code::validation, why);
}

void check_rows(Instance& instance, Sheets& sheets, std::span<const Row> rows) {
  std::map<const Sheet*, std::vector<Row>> by_sheet;
  std::set<std::pair<const schema::Table*, std::int64_t>> seen;  // of a record that was written twice the last counts
  for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
    const Sheet* sheet = sheets.of(*row->record);
    if (sheet != nullptr && seen.emplace(&row->record->table(), row->record->id()).second)
      by_sheet[sheet].push_back(*row);
  }
  for (auto& [sheet, own] : by_sheet) {
    std::ranges::reverse(own);
    check_rows_of(instance, *sheet, own);
  }
}

namespace {

void check_shared_names(const Sheet& sheet, const Record& record) {
  std::set<std::string> seen;
  std::vector<Record> shared;
  for (const Record& feature : sheet.features)
    if (!seen.emplace(feature.text("name")).second) shared.push_back(feature);
  if (shared.empty()) return;
  throw Error(
      Code::validation,
      fmt::format("Cannot set type to '{}' on {}: features {} share a name, so that values cannot be told apart",
                  sheet.type.text("name"), called(record), names_of(shared)));
}

}  // namespace

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

namespace lamin {

void check_row_of(Instance& instance, const Record& record, const Record& type, const FeatureValues& given) {
  lake::Sheets sheets(instance);
  Record row = record;
  if (!type.saved()) return;
  row.set("type", type.id());
  const lake::Sheet* sheet = sheets.of(row);
  if (sheet == nullptr) return;
  lake::check_shared_names(*sheet, record);
  FeatureValues all = given;
  if (record.saved()) {
    for (const auto& [name, values] : feature_values(instance, record))
      if (!values.empty()) all.emplace(name, values);
  }
  std::vector<Record> missing;
  for (const Record& feature : sheet->features) {
    if (!sheet->required.contains(feature.id()) || lake::is_given(&all, feature)) continue;
    const auto field = values_through(feature).field;
    const bool in_field =
        sheet->is_index(feature) ? !record.text("name").empty() : !field.empty() && !record.at(field).is_null();
    if (!in_field) missing.push_back(feature);
  }
  if (missing.empty()) return;
  throw Error(Code::validation, fmt::format("Cannot set type to '{}' on {}: {}", type.text("name"),
                                            lake::called(record), lake::missing_text(*sheet, missing)));
}

}  // namespace lamin
