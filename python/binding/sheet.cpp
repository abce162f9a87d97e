// sheet.cpp -- tables as rows of sheets.
#include "lamin/sheet.hpp"
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>
#include "bind.hpp"
#include "frame.hpp"
#include "record.hpp"
#include "value.hpp"

namespace lamin::python {
namespace {

/// A data frame, or the path of a file, of which `worksheet` is meant.
SheetTable to_sheet_table(nb::handle table, const std::string& worksheet) {
  if (!nb::isinstance<nb::str>(table)) return {.frame = to_frame(table)};
  const auto path = nb::cast<std::string>(table);
  const nb::gil_scoped_release release;
  return read_sheet(path, worksheet);
}

SheetOptions to_options(const nb::dict& given) {
  SheetOptions options;
  for (auto [key, value] : given) {
    const auto name = nb::cast<std::string>(key);
    if (name == "name_column") options.name_column = nb::cast<std::string>(value);
    else if (name == "leave_out") options.leave_out = nb::cast<bool>(value);
    else if (name == "update") options.update = nb::cast<bool>(value);
    else if (name == "valid_rows") options.valid_rows = nb::cast<bool>(value);
  }
  return options;
}

/// [{"row", "column", "place", "value", "rule", "why", "candidates"}]
nb::list error_dicts(const std::vector<CellError>& errors) {
  nb::list out;
  for (const auto& error : errors) {
    nb::dict one;
    nb::list candidates;
    for (const auto& candidate : error.candidates) candidates.append(candidate.value);
    one["row"] = error.row;
    one["column"] = error.column;
    one["place"] = error.place;
    one["value"] = error.value;
    one["rule"] = error.rule;
    one["why"] = error.why;
    one["candidates"] = candidates;
    out.append(one);
  }
  return out;
}

nb::list check_rows(nb::handle type, nb::handle table, const std::string& worksheet, const nb::dict& given) {
  PyRecord& r = to_record(type);
  InstanceRef session = session_of(r);
  const auto rows = to_sheet_table(table, worksheet);
  const auto options = to_options(given);
  CheckedTable checked;
  locked(*session, [&] { checked = check_table(session->open(), r.record, rows, options); });
  return error_dicts(checked.errors);
}

/// The saved rows, and the errors of those that were left out.
nb::tuple import_sheet_rows(nb::handle type, nb::handle table, const std::string& worksheet, const nb::dict& given) {
  PyRecord& r = to_record(type);
  InstanceRef session = session_of(r);
  const auto rows = to_sheet_table(table, worksheet);
  const auto options = to_options(given);
  ImportedRows imported;
  locked(*session, [&] { imported = import_rows(session->open(), r.record, rows, options); });
  return nb::make_tuple(wrap(std::move(imported.rows), session), error_dicts(imported.errors));
}

}  // namespace

void bind_sheet(nb::module_& m) {
  m.def("make_sheet", [](const InstanceRef& session, const std::string& name, const std::vector<std::string>& columns,
                         const std::string& name_column) {
    std::optional<Record> sheet;
    locked(*session, [&] { sheet = make_sheet(session->open(), name, columns, {.name_column = name_column}); });
    return wrap(std::move(sheet), session);
  });
  m.def("track_sheet_input", [](nb::handle sheet, nb::handle rows, std::int64_t run, std::size_t most_rows) {
    PyRecord& r = to_record(sheet);
    InstanceRef session = session_of(r);
    const auto inputs = unwrap(rows);
    std::optional<Record> found;
    locked(*session,
           [&] { found = track_sheet_input(session->open(), r.record, inputs, {.run = run, .most_rows = most_rows}); });
    return wrap(std::move(found), session);
  });
  m.def("check_rows", &check_rows);
  m.def("import_rows", &import_sheet_rows);
  m.def("export_rows", [](nb::handle type, const std::string& path, bool replace) {
    PyRecord& r = to_record(type);
    InstanceRef session = session_of(r);
    locked(*session, [&] { export_rows(session->open(), r.record, path, replace); });
  });
  m.def("export_name", [](nb::handle sheet, const std::string& suffix) {
    const auto name = export_name(to_record(sheet).record, suffix);
    return nb::make_tuple(name.key, name.description);
  });
  m.def("export_run", [](nb::handle sheet, nb::handle rows) {
    PyRecord& r = to_record(sheet);
    InstanceRef session = session_of(r);
    const auto inputs = unwrap(rows);
    std::optional<Record> run;
    locked(*session, [&] { run = export_run(session->open(), r.record, inputs); });
    return wrap(std::move(run), session);
  });
}

}  // namespace lamin::python
