// exchange.cpp -- the registries for other programs and instances: export --to, io exportdb, io importdb.
#include <fmt/format.h>
#include "base/json.hpp"
#include "base/text.hpp"
#include "commands.hpp"
#include "lamin/export.hpp"

namespace lamin::cli {
namespace {

std::vector<std::string> modules_of(const Given& given) {
  std::vector<std::string> modules;
  for (const auto& name : base::split(given.text("modules"), ','))
    if (const auto trimmed = base::trim(name); !trimmed.empty()) modules.emplace_back(trimmed);
  return modules;
}

void print_rows(const std::string& table, std::int64_t rows, bool json) {
  const std::pair<std::string, Value> members[] = {{"table", Value(table)}, {"rows", Value(rows)}};
  if (json) print(base::json_object(members) + "\n");
  else if (rows > 0) print(fmt::format("{}  {}\n", table, rows));
}

int export_to(Instance& instance, const Given& given, const ExportOptions& options) {
  std::int64_t rows = 0;
  const auto told = lamin::export_registries(instance, options);
  for (const auto& table : told) {
    rows += table.rows;
    print_rows(table.name, table.rows, given.has("json"));
  }
  tell(fmt::format("→ exported {} rows of {} tables to {}", rows, told.size(), options.folder.string()));
  return 0;
}

}  // namespace

int export_registries(const Given& given) {
  const auto instance = open();
  if (given.has("path") || given.has("replace"))
    throw Error(Code::invalid_argument, "--to takes a folder, and neither PATH nor --replace.");
  return export_to(
      *instance, given,
      {.folder = given.text("sheet"), .to = export_called(given.text("to")), .modules = modules_of(given)});
}

int export_database(const Given& given) {
  const auto instance = open();
  auto modules = modules_of(given);
  if (modules.empty()) modules.emplace_back("lamindb");
  const auto folder = given.text("output-dir", "./" + instance->settings().name + "_export/");
  return export_to(*instance, given, {.folder = folder, .to = ExportTo::lamindb, .modules = std::move(modules)});
}

int import_database(const Given& given) {
  const auto instance = open();
  const auto told = lamin::import_registries(*instance, {.folder = given.text("input-dir"),
                                                         .if_exists = if_exists_called(given.text("if-exists")),
                                                         .modules = modules_of(given)});
  std::int64_t written = 0, deleted = 0;
  for (const auto& table : told) {
    written += table.written;
    deleted += table.deleted;
    print_rows(table.name, table.rows, given.has("json"));
  }
  tell(fmt::format("→ imported {} tables: {} rows were written, {} were deleted or had been different", told.size(),
                   written, deleted));
  return 0;
}

}  // namespace lamin::cli
