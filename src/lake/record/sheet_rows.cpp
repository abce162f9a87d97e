// sheet_rows.cpp -- tables as rows of sheets, and sheets as what is exported.
#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include "lake/feature/links.hpp"
#include "lake/feature/sheet.hpp"
#include "lamin/dtype.hpp"
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

/// Of a table with other columns, those of the sheet are taken.
void tell_left_out(Instance& instance, std::span<const std::string> columns, std::span<const std::string> taken) {
  std::string names;
  for (const std::string& column : columns) {
    if (column == "name" || column.starts_with("__lamindb_") || std::ranges::find(taken, column) != taken.end())
      continue;
    names += (names.empty() ? "'" : ", '") + column + "'";
  }
  if (!names.empty()) instance.say(Level::warning, "left out, since they are no features of the sheet: " + names);
}

/// The columns of a table that a sheet made for it has.
Frame known_columns(Instance& instance, const Record& sheet, const Frame& table) {
  Record one(sheet.table());
  one.set("type", sheet.id());
  lake::Sheets sheets(instance);
  const lake::Sheet* found = sheets.of(one);
  Frame known;
  for (std::size_t i = 0; i < table.size(); ++i) {
    const auto& name = table.names()[i];
    if (name == "name" || (found != nullptr && found->find(name) != nullptr)) known.add(name, table.at(i));
  }
  return known;
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
    std::vector<std::string> taken;
    for (const Record& member : members) taken.emplace_back(member.text("name"));
    tell_left_out(instance, columns, taken);
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

std::vector<Record> save_rows(Instance& instance, const Record& type, std::span<const SheetRow> rows) {
  check_is_type(type);
  std::vector<Record> records(rows.size());
  std::vector<SaveItem> items(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    records[i] = Record(type.table());
    if (!rows[i].name.empty()) records[i].set("name", Value(rows[i].name));
    records[i].set("type", type.id());
    items[i].record = &records[i];
    items[i].features = rows[i].values;
  }
  save_all(instance, items);
  return records;
}

namespace {

/// The cells of a column by row: several for a list, none where one is missing. A table of numbers marks gaps among
/// integers by turning all into reals.
std::vector<std::vector<Value>> cells_of(const Column& column, std::string_view dtype) {
  std::vector<std::vector<Value>> cells(static_cast<std::size_t>(column.size()));
  if (column.kind() == Column::Kind::list && dtype.starts_with("list[")) {
    const Column items = column.items();
    std::int64_t at = 0;
    const auto lengths = column.lengths();
    for (std::size_t r = 0; r < cells.size(); ++r) {
      for (std::int64_t i = 0; i < lengths[r]; ++i) cells[r].push_back(items.value(at++));
    }
    return cells;
  }
  bool gaps = false, whole = dtype == row(Dtype::Base::integer).name && column.kind() == Column::Kind::float64;
  for (std::int64_t r = 0; r < column.size(); ++r) {
    if (column.is_null(r)) {
      gaps = true;
      continue;
    }
    cells[static_cast<std::size_t>(r)].push_back(column.value(r));
    const auto* real = std::get_if<double>(&cells[static_cast<std::size_t>(r)].front());
    whole = whole && real != nullptr && std::trunc(*real) == *real && std::abs(*real) < 9e15;
  }
  if (!gaps || !whole) return cells;
  for (auto& cell : cells) {
    if (!cell.empty()) cell.front() = Value(static_cast<std::int64_t>(std::get<double>(cell.front())));
  }
  return cells;
}

}  // namespace

std::vector<SheetRow> rows_of(Instance& instance, const Record& type, const Frame& table,
                              std::string_view name_column) {
  check_is_type(type);
  Record one(type.table());
  one.set("type", type.id());
  lake::Sheets sheets(instance);
  const lake::Sheet* sheet = sheets.of(one);
  std::vector<SheetRow> rows(static_cast<std::size_t>(table.rows()));
  for (std::size_t c = 0; c < table.size(); ++c) {
    const auto& column = table.at(c);
    const auto& name = table.names()[c];
    const bool names = name == name_column;
    std::optional<Record> feature;
    if (!names && sheet == nullptr) feature = lake::find_feature(instance, name);
    if (const Record* own = sheet == nullptr ? nullptr : sheet->find(name)) feature = *own;
    auto cells = cells_of(column, feature ? feature->text("_dtype_str") : "");
    const bool empty = std::ranges::all_of(cells, [](const auto& cell) { return cell.empty(); });
    for (std::size_t r = 0; r < rows.size(); ++r) {
      auto& into = rows[r];
      if (cells[r].empty()) {
        if (empty && !names) into.values[name];
      } else if (names) {
        into.name = cells[r].front().text() != nullptr ? *cells[r].front().text() : to_string(cells[r].front());
      } else {
        into.values[name] = std::move(cells[r]);
      }
    }
  }
  return rows;
}

ImportedRows import_rows(Instance& instance, std::string_view name, const Frame& table) {
  ImportedRows imported;
  instance.database().transaction([&] {
    const auto known =
        instance.database().first({.registry = "Record",
                                   .where = Expr::all_of({Expr::compare("name", Op::exact, Value(name)),
                                                          Expr::compare("is_type", Op::exact, Value(true))})});
    imported.sheet = known ? *known : make_sheet(instance, name, table.names());
    const Frame rows = known_columns(instance, imported.sheet, table);
    if (known) tell_left_out(instance, table.names(), rows.names());
    imported.rows = save_rows(instance, imported.sheet, rows_of(instance, imported.sheet, rows));
  });
  return imported;
}

ExportName export_name(const Record& sheet, std::string_view suffix) {
  const auto description = sheet.text("description");
  return {.key = fmt::format("lamindb_record_exports/{}{}", sheet.text("name"), suffix),
          .description =
              fmt::format("Export of record type {}{}{}", sheet.uid(), description.empty() ? "" : ": ", description)};
}

Record export_run(Instance& instance, const Record& sheet, std::span<const Record> rows) {
  check_is_type(sheet);
  auto& database = instance.database();
  Record run;
  database.transaction([&] {
    const auto transform = make_transform(
        instance, {.uid = std::string(export_transform), .key = "__lamindb_record_export__", .kind = "function"});
    run = Record(instance.catalog().table("Run"));
    run.set("transform", transform.id());
    run.set("_status_code", Value(static_cast<std::int64_t>(RunStatus::completed)));
    if (const auto by = instance.session().run; by != 0) run.set("initiated_by_run", by);
    registry::Writes(database).save(run);
    std::vector<std::int64_t> inputs{sheet.id()};
    for (const Record& row : rows) inputs.push_back(row.id());
    registry::Writes(database).link(run, *run.table().find_relation("input_records"), inputs);
  });
  return run;
}

}  // namespace lamin
