// sheet_rows.cpp -- tables as rows of sheets, and new sheets for tables.
#include <fmt/format.h>
#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <utility>
#include "lake/feature/links.hpp"
#include "lake/record/sheet_cells.hpp"
#include "lamin/save.hpp"
#include "lamin/sheet.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace {

// LaminDB's rows have the same uid in every instance.
constexpr std::string_view imported_records = "W3WdiFRZTvTJajNp", imported_schemas = "DGZkj4yhGWMJE5fu";

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

void tell_left_out(Instance& instance, std::span<const std::string> columns) {
  std::string names;
  for (const std::string& column : columns) names += (names.empty() ? "'" : ", '") + column + "'";
  if (!names.empty()) instance.say(Level::warning, "left out, because they are not features of the sheet: " + names);
}

/// The schema with these members, as it is, or a new one below "Imports". That another schema has the name of the
/// sheet means nothing.
Record schema_with(Instance& instance, std::string_view name, const std::vector<Record>& members) {
  auto draft = prepare_schema(instance, {.members = members});
  if (draft.existing) return *instance.database().find(draft.record.table(), draft.record.id());
  draft.record.set("name", Value(name));
  draft.record.set("type", imports(instance, "Schema", imported_schemas).id());
  save_schema(instance, draft);
  return std::move(draft.record);
}

/// Inside a transaction; says nothing.
Record new_sheet(Instance& instance, std::string_view name, std::span<const std::string> columns) {
  const auto below = imports(instance, "Record", imported_records);
  const Query same{.registry = "Record",
                   .where = Expr::all_of({Expr::compare("name", Op::exact, Value(name)),
                                          Expr::compare("is_type", Op::exact, Value(true)),
                                          Expr::compare("type", Op::exact, below.id())})};
  if (instance.database().exists(same)) {
    throw Error(
        Code::invalid_argument,
        fmt::format("the type '{}' already exists under 'Imports': pass it as a record to add rows to it", name));
  }
  const auto members = features_among(instance, columns);
  if (members.empty()) {
    throw Error(Code::invalid_argument,
                "no column of the table is a registered feature: register features, or pass a record as the type");
  }
  Record sheet(instance.catalog().table("Record"));
  sheet.set("name", Value(name));
  sheet.set("is_type", Value(true));
  sheet.set("type", below.id());
  sheet.set("schema", schema_with(instance, name, members).id());
  registry::Writes(instance.database()).save(sheet);
  return sheet;
}

}  // namespace

Record make_sheet(Instance& instance, std::string_view name, std::span<const std::string> columns,
                  const SheetOptions& options) {
  Record sheet;
  std::vector<std::string> left_out;
  instance.database().transaction([&] {
    sheet = new_sheet(instance, name, columns);
    left_out.clear();
    const auto names = lake::name_column(options, columns);
    std::ranges::copy_if(columns, std::back_inserter(left_out), [&](const std::string& column) {
      return column != names && !column.starts_with("__lamindb_") && !lake::find_feature(instance, column);
    });
  });
  tell_left_out(instance, left_out);
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

namespace {

/// The rows that are there already, by uid.
std::map<std::string, Record, std::less<>> existing_rows(Instance& instance, const Record& type,
                                                         std::span<const SheetRow> rows) {
  constexpr std::size_t at_once = 10'000;
  std::map<std::string, Record, std::less<>> found;
  std::vector<Value> uids;
  const auto read = [&] {
    const Query query{.registry = "Record",
                      .where = Expr::in("uid", std::exchange(uids, {})),
                      .order_by = {"id"},
                      .any_branch = true};
    for (Record& row : instance.database().all(query)) found.emplace(row.uid(), std::move(row));
  };
  for (const auto& row : rows) {
    if (row.uid.empty()) continue;
    uids.emplace_back(row.uid);
    if (uids.size() == at_once) read();
  }
  if (!uids.empty()) read();
  for (const auto& row : rows) {  // a prefix of a uid, or a uid that nothing has
    if (!row.uid.empty() && !found.contains(row.uid))
      found.emplace(row.uid, instance.database().get(type.table(), row.uid));
  }
  return found;
}

}  // namespace

std::vector<Record> save_rows(Instance& instance, const Record& type, std::span<const SheetRow> rows) {
  lake::check_is_sheet(type);
  std::vector<Record> records(rows.size());
  std::vector<SaveItem> items(rows.size());
  instance.database().transaction([&] {
    const auto existing = existing_rows(instance, type, rows);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto& row = rows[i];
      const bool is_new = row.uid.empty();
      records[i] = is_new ? Record(type.table()) : existing.at(row.uid);
      if (!row.name.empty()) records[i].set("name", Value(row.name));
      records[i].set("type", type.id());
      items[i] = {.record = &records[i], .features = row.values, .keeps_other_features = !is_new};
    }
    save_all(instance, items);
  });
  return records;
}

namespace {

struct Import {
  ImportedRows imported = {};
  std::vector<std::string> left_out = {};
};

/// Inside a transaction; says nothing.
Import import_into(Instance& instance, const Record& type, const SheetTable& table, const SheetOptions& options) {
  auto checked = check_table(instance, type, table, options);
  const bool columns = !checked.errors.empty() && checked.errors.front().row < 0;
  if (!checked.errors.empty() && (columns || !options.valid_rows))
    throw Error(Code::validation, cell_errors_text(checked, type));
  return {
      .imported = {.sheet = type, .rows = save_rows(instance, type, checked.rows), .errors = std::move(checked.errors)},
      .left_out = std::move(checked.left_out)};
}

}  // namespace

ImportedRows import_rows(Instance& instance, const Record& type, const SheetTable& table, const SheetOptions& options) {
  Import import;
  instance.database().transaction([&] { import = import_into(instance, type, table, options); });
  tell_left_out(instance, import.left_out);
  return std::move(import.imported);
}

ImportedRows import_rows(Instance& instance, std::string_view name, const SheetTable& table,
                         const SheetOptions& options) {
  Import import;
  instance.database().transaction([&] {
    const auto known = find_sheet(instance, name);
    const auto sheet = known ? *known : new_sheet(instance, name, table.frame.names());
    import = import_into(instance, sheet, table, options);
  });
  tell_left_out(instance, import.left_out);
  return std::move(import.imported);
}

}  // namespace lamin
