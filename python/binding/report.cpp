// report.cpp -- what was checked and what is wrong, for people and programs.
#include "report.hpp"
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>
#include "bind.hpp"
#include "faces/report/report.hpp"
#include "frame.hpp"
#include "lamin/report.hpp"
#include "record.hpp"

namespace lamin::python {
namespace {

using Paths = std::vector<std::filesystem::path>;

CurationReport curate(const InstanceRef& session, nb::handle schema, const Paths& paths, bool fix,
                      const std::filesystem::path& write) {
  const Record record = to_record(schema).record;
  CurationReport report;
  locked(*session, [&] {
    report = curate_files(session->open(), record, paths, {.mend = fix || !write.empty(), .write = write});
  });
  return report;
}

/// Of a curator of a dataset in memory, which it checks.
CurationReport report_on(const InstanceRef& session, nb::handle curator, const std::string& name) {
  auto& checked = *static_cast<Curator*>(nb::cast<nb::capsule>(curator.attr("_pointer")()).data());
  CurationReport report;
  locked(*session, [&] { report = report_of(session->open(), checked, name); });
  return report;
}

}  // namespace

void bind_report(nb::module_& m) {
  nb::class_<CurationReport>(m, "Report")
      .def_prop_ro("valid", &CurationReport::valid)
      .def_prop_ro("n_problems", &CurationReport::n_problems)
      .def("text", [](const CurationReport& r) { return faces::report_text(r, false, Face::python); })
      .def("json", [](const CurationReport& r) { return faces::report_json(r, Face::python); })
      .def("html", [](const CurationReport& r, bool page) { return faces::report_html(r, Face::python, page); });
  m.def("curate_files", &curate);
  m.def("report_on", &report_on);
}

}  // namespace lamin::python
