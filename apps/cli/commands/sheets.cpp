// sheets.cpp -- tables into sheets and out of them: import record, export, rows.
#include <fmt/format.h>
#include <filesystem>
#include <initializer_list>
#include <string>

#include "base/visible.hpp"
#include "commands.hpp"
#include "faces/grid.hpp"
#include "faces/report/report.hpp"
#include "lamin/sheet.hpp"

namespace lamin::cli {

namespace {

std::string nearest(const CellError& error) {
  std::string text;
  for (const auto& candidate : error.candidates) text += (text.empty() ? "" : ", ") + candidate.value;
  return text;
}

void print_lines(const std::vector<CellError>& errors) {
  using Cell = faces::Grid::Cell;
  faces::Grid grid{.header = {"place", "row", "column", "value", "rule", "why", "candidates"}};
  for (const auto& error : errors) {
    Cell candidates{.several = true};
    for (const auto& candidate : error.candidates) candidates.values.emplace_back(candidate.value);
    std::vector<Cell> cells;
    for (const Value& value : {Value(error.place), Value(error.row), Value(error.column), Value(error.value),
                               Value(error.rule), Value(error.why)})
      cells.push_back({.values = {value}});
    cells.push_back(std::move(candidates));
    grid.rows.push_back(std::move(cells));
  }
  print(faces::json_lines(grid));
}

void print_errors(const std::vector<CellError>& errors, const Given& given) {
  if (errors.empty()) return;
  if (given.has("json")) return print_lines(errors);
  auto table = text_table({"where", "column", "value", "nearest", "why"});
  for (const auto& error : errors) table.add({error.place, error.column, error.value, nearest(error), error.why});
  table.finish();
}

void tell_remedies(const CheckedTable& checked) {
  for (const auto& remedy : checked.remedies) tell("  " + remedy.in(Face::shell));
}

Record sheet_called(Instance& instance, const std::string& name) {
  if (auto found = find_sheet(instance, name)) return std::move(*found);
  throw Error(Code::not_found,
              "No type of records is called '" + name + "': `lamin list record --where \"is_type\"` lists them.");
}

SheetOptions options_of(const Given& given) {
  return {.leave_out = !given.has("strict"), .update = given.has("update"), .valid_rows = given.has("valid-rows")};
}

faces::Grid grid_of(const Frame& frame) {
  faces::Grid grid{.header = frame.names()};
  for (std::int64_t row = 0; row < frame.rows(); ++row) {
    std::vector<faces::Grid::Cell> cells;
    for (std::size_t c = 0; c < frame.size(); ++c) cells.push_back({.values = {frame.at(c).value(row)}});
    grid.rows.push_back(std::move(cells));
  }
  return grid;
}

}  // namespace

void check_sheet_options(const Given& given, bool is_sheet) {
  const auto refuse = [&](std::initializer_list<const char*> names, const char* what) {
    for (const char* name : names) {
      if (given.has(name))
        throw Error(Code::invalid_argument, fmt::format("--{} is for {}: leave it out.", name, what));
    }
  };
  if (is_sheet) refuse({"source", "version", "organism"}, "terms of an ontology, not for tables of records");
  else refuse({"type", "worksheet", "valid-rows", "check", "json"}, "tables of records");
}

int import_sheet(Instance& instance, const Given& given) {
  const std::filesystem::path path = given.text("path");
  const auto name = given.text("type", path.stem().string());
  const auto table = read_sheet(path, given.text("worksheet"));
  const auto options = options_of(given);
  const auto known = find_sheet(instance, name);
  if (given.has("check") && !known) (void)sheet_called(instance, name);
  std::vector<CellError> errors;
  if (known) {  // of a new sheet all that is wrong is told by the refusal
    const auto checked = check_table(instance, *known, table, options);
    const bool none =
        given.has("check") || !options.valid_rows || (!checked.errors.empty() && checked.errors[0].row < 0);
    if (given.has("check") || (!checked.errors.empty() && none)) {
      print_errors(checked.errors, given);
      tell_remedies(checked);
      const auto n = static_cast<std::int64_t>(checked.errors.size());
      tell(n == 0 ? "✓ valid" : "! " + faces::counted(n, "error") + (given.has("check") ? "" : ": nothing was saved"));
      return n == 0 ? 0 : row(Code::validation).exit_status;
    }
  }
  const auto imported = import_rows(instance, name, table, options);
  const auto n = static_cast<std::int64_t>(imported.rows.size());
  tell("→ saved: " + faces::counted(n, "record") + " of '" + base::visible(name) + "'");
  print_errors(imported.errors, given);
  if (!imported.errors.empty())
    tell("! left out for " + faces::counted(static_cast<std::int64_t>(imported.errors.size()), "error"));
  else if (!given.has("json")) print_value(std::string(imported.sheet.uid()));
  return imported.errors.empty() ? 0 : row(Code::validation).exit_status;
}

int export_any(const Given& given) {
  if (given.has("to")) return export_registries(given);
  if (!given.has("path"))
    throw Error(Code::invalid_argument, "Pass PATH, a .csv, .parquet or .xlsx file; or --to for all registries.");
  const std::filesystem::path path = given.text("path");
  const auto instance = open();
  const auto sheet = sheet_called(*instance, given.text("sheet"));
  export_rows(*instance, sheet, path, given.has("replace"));
  tell("→ wrote '" + std::string(sheet.text("name")) + "' to " + path.string());
  return 0;
}

int rows(const Given& given) {
  const auto instance = open();
  const auto sheet = sheet_called(*instance, given.text("sheet"));
  if (given.has("json") && given.has("csv"))
    throw Error(Code::invalid_argument, "--json and --csv exclude each other.");
  const bool all = given.text("limit") == "all";
  const auto frame = all ? sheet_frame(*instance, sheet) : sheet_frame(*instance, sheet, number(given, "limit"));
  const auto grid = grid_of(frame);
  if (given.has("json")) {
    print(faces::json_lines(grid));
  } else if (given.has("csv")) {
    print(faces::csv_line(grid.header) + faces::csv_lines(grid));
  } else {
    auto table = text_table(grid.header);
    for (const auto& row : grid.rows) table.add(faces::texts(row));
    table.finish();
  }
  if (const auto n = all ? frame.rows() : sheet_size(*instance, sheet); n > frame.rows())
    tell("! first " + std::to_string(frame.rows()) + " of " + faces::counted(n, "row") + "; --limit shows more");
  return 0;
}

}  // namespace lamin::cli
