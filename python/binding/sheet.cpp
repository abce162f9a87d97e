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

nb::list save_sheet_rows(nb::handle type, nb::handle table, const std::string& name_column) {
  PyRecord& r = to_record(type);
  InstanceRef session = session_of(r);
  const Frame frame = to_frame(table);
  std::vector<Record> saved;
  locked(*session,
         [&] { saved = save_rows(session->open(), r.record, rows_of(session->open(), r.record, frame, name_column)); });
  return wrap(std::move(saved), session);
}

}  // namespace

void bind_sheet(nb::module_& m) {
  m.def("make_sheet", [](const InstanceRef& session, const std::string& name, const std::vector<std::string>& columns) {
    std::optional<Record> sheet;
    locked(*session, [&] { sheet = make_sheet(session->open(), name, columns); });
    return wrap(std::move(sheet), session);
  });
  m.def("save_rows", &save_sheet_rows);
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
