// sheet_rows.cpp -- tables as rows of sheets, and sheets as what is exported.
#include <fmt/format.h>
#include <algorithm>
#include <optional>
#include "base/time.hpp"
#include "lake/feature/links.hpp"
#include "lamin/lineage.hpp"
#include "lamin/save.hpp"
#include "lamin/sheet.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace {

// LaminDB's rows have the same uid in every instance.
constexpr std::string_view imported_records = "W3WdiFRZTvTJajNp", imported_schemas = "DGZkj4yhGWMJE5fu",
                           export_transform = "v6KpQx9mRt2B0000";

void check_is_type(const Record& record) {
  if (record && record.saved() && record.at("is_type").boolean_or(false)) return;
  throw Error(Code::invalid_argument,
              fmt::format("{} is not a type: only the records of a type are rows of a table", named(record)));
}

/// The type "Imports" of a registry.
Record imports(Instance& instance, const char* registry, std::string_view uid) {
  const auto& table = instance.catalog().table(registry);
  if (auto known = instance.database().find(table, uid); known && known->uid() == uid) return std::move(*known);
  Record made(table);
  made.set("uid", Value(uid));
  made.set("name", Value("Imports"));
  made.set("is_type", Value(true));
  registry::Writes(instance.database()).save(made);
  return made;
}

std::vector<Record> features_among(Instance& instance, std::span<const std::string> columns) {
  std::vector<Record> features;
  for (const auto& column : columns) {
    if (auto feature = lake::find_feature(instance, column)) features.push_back(std::move(*feature));
  }
  return features;
}

}  // namespace

namespace {

void tell_left_out(Instance& instance, std::span<const std::string> columns) {
  std::string names;
  for (const std::string& column : columns) {
    if (column == "name" || column.starts_with("__lamindb_")) continue;
    names += (names.empty() ? "'" : ", '") + column + "'";
  }
  if (!names.empty()) instance.say(Level::warning, "left out, since they are no features of the sheet: " + names);
}

}  // namespace

Record make_sheet(Instance& instance, std::string_view name, std::span<const std::string> columns) {
  auto& database = instance.database();
  const auto& table = instance.catalog().table("Record");
  Record sheet;
  database.transaction([&] {
    const auto below = imports(instance, "Record", imported_records);
    const Query same{.registry = "Record",
                     .where = Expr::all_of({Expr::compare("name", Op::exact, Value(name)),
                                            Expr::compare("is_type", Op::exact, Value(true)),
                                            Expr::compare("type", Op::exact, below.id())})};
    if (database.exists(same)) {
      throw Error(Code::invalid_argument,
                  fmt::format("the type '{}' exists under 'Imports' already: pass it as a record to add "
                              "rows to it",
                              name));
    }
    const auto members = features_among(instance, columns);
    if (members.empty()) {
      throw Error(Code::invalid_argument,
                  "no column of the table is a registered feature: register features, or pass a record as the type");
    }
    std::vector<std::string> left_out(columns.begin(), columns.end());
    for (const Record& member : members) std::erase(left_out, member.text("name"));
    tell_left_out(instance, left_out);
    auto schema = prepare_schema(instance, {.name = std::string(name), .members = members});
    schema.record.set("type", imports(instance, "Schema", imported_schemas).id());
    save_schema(instance, schema);
    sheet = Record(table);
    sheet.set("name", Value(name));
    sheet.set("is_type", Value(true));
    sheet.set("type", below.id());
    sheet.set("schema", schema.record.id());
    registry::Writes(database).save(sheet);
  });
  return sheet;
}

std::optional<Record> find_sheet(Instance& instance, std::string_view name) {
  const Query query{.registry = "Record",
                    .where = Expr::all_of({Expr::any_of({Expr::compare("name", Op::exact, Value(name)),
                                                         Expr::compare("uid", Op::exact, Value(name))}),
                                           Expr::compare("is_type", Op::exact, Value(true))}),
                    .order_by = {"id"}};
  auto found = instance.database().all(query);
  if (found.empty()) return std::nullopt;
  if (found.size() == 1) return std::move(found.front());
  std::string uids;
  for (const Record& one : found) uids += fmt::format("{}{}", uids.empty() ? "" : ", ", one.uid());
  throw Error(
      Code::multiple_found,
      fmt::format("{} types of records are called '{}': name one by its uid, which are {}", found.size(), name, uids));
}

std::vector<Record> save_rows(Instance& instance, const Record& type, std::span<const SheetRow> rows) {
  check_is_type(type);
  auto& database = instance.database();
  std::vector<Record> records(rows.size());
  std::vector<SaveItem> items(rows.size());
  database.transaction([&] {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto& row = rows[i];
      records[i] = row.uid.empty() ? Record(type.table()) : database.get(type.table(), row.uid);
      if (!row.name.empty()) records[i].set("name", Value(row.name));
      records[i].set("type", type.id());
      items[i] = {.record = &records[i]};
      if (row.uid.empty()) items[i].features = row.values;
      else items[i].also = [&, i] { update_feature_values(instance, records[i], rows[i].values); };
    }
    save_all(instance, items);
  });
  return records;
}

namespace {

ImportedRows import_into(Instance& instance, const Record& type, const SheetTable& table, const SheetOptions& options,
                         bool tells) {
  ImportedRows imported{.sheet = type};
  instance.database().transaction([&] {
    auto checked = check_table(instance, type, table, options);
    const bool columns = !checked.errors.empty() && checked.errors.front().row < 0;
    if (!checked.errors.empty() && (columns || !options.valid_rows))
      throw Error(Code::validation, cell_errors_text(checked, type));
    if (tells) tell_left_out(instance, checked.left_out);
    imported.rows = save_rows(instance, type, checked.rows);
    imported.errors = std::move(checked.errors);
  });
  return imported;
}

}  // namespace

ImportedRows import_rows(Instance& instance, const Record& type, const SheetTable& table, const SheetOptions& options) {
  return import_into(instance, type, table, options, true);
}

ImportedRows import_rows(Instance& instance, std::string_view name, const SheetTable& table,
                         const SheetOptions& options) {
  ImportedRows imported;
  instance.database().transaction([&] {
    const auto known = find_sheet(instance, name);
    const auto sheet = known ? *known : make_sheet(instance, name, table.frame.names());
    imported = import_into(instance, sheet, table, options, known.has_value());
  });
  return imported;
}

ExportName export_name(const Record& sheet, std::string_view suffix) {
  const auto description = sheet.text("description");
  return {.key = fmt::format("lamindb_record_exports/{}{}", sheet.text("name"), suffix),
          .description =
              fmt::format("Export of record type {}{}{}", sheet.uid(), description.empty() ? "" : ": ", description)};
}

namespace {

/// Older programs gave it any uid; it gets that of today.
Record export_row(Instance& instance) {
  auto& database = instance.database();
  const std::string key = "__lamindb_record_export__", kind = "function";
  const auto& table = instance.catalog().table("Transform");
  if (auto known = database.find(table, export_transform); known && known->uid() == export_transform)
    return std::move(*known);
  auto older = database.first({.registry = "Transform",
                               .where = Expr::all_of({Expr::compare("key", Op::exact, Value(key)),
                                                      Expr::compare("kind", Op::exact, Value(kind))}),
                               .order_by = {"id"},
                               .any_branch = true});
  if (!older) return make_transform(instance, {.uid = std::string(export_transform), .key = key, .kind = kind});
  older->set("uid", Value(export_transform));
  registry::Writes(database).save(*older);
  return std::move(*older);
}

}  // namespace

Record export_run(Instance& instance, const Record& sheet, std::span<const Record> rows) {
  check_is_type(sheet);
  auto& database = instance.database();
  Record run;
  database.transaction([&] {
    const auto transform = export_row(instance);
    run = Record(instance.catalog().table("Run"));
    run.set("transform", transform.id());
    run.set("_status_code", Value(static_cast<std::int64_t>(RunStatus::completed)));
    run.set("finished_at", base::now());
    if (const auto by = instance.session().run; by != 0) run.set("initiated_by_run", by);
    registry::Writes(database).save(run);
    std::vector<std::int64_t> inputs{sheet.id()};
    for (const Record& row : rows) inputs.push_back(row.id());
    registry::Writes(database).link(run, *run.table().find_relation("input_records"), inputs);
  });
  return run;
}

}  // namespace lamin
