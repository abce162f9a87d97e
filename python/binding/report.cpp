// report.cpp -- what was checked and what is wrong, for people and programs.
#include "report.hpp"
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>
#include "bind.hpp"
#include "faces/report/report.hpp"
#include "format/sketch.hpp"
#include "frame.hpp"
#include "lake/curate/conventions.hpp"
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

/// What a SpatialData object in memory violates of its schema's conventions. `facts`: {"path": str, "zarr_format": int
/// (0: not stored), "images": [(name, axes, [(scale, shape, chunks)])], "layers": {table: {layer: encoding}}}.
nb::list zarr_violations(nb::handle schema, const nb::dict& facts) {
  format::FileSketch sketch;
  sketch.zarr_format = nb::cast<int>(facts["zarr_format"]);
  for (nb::handle one : nb::cast<nb::list>(facts["images"])) {
    format::ImageSketch image{.name = nb::cast<std::string>(one[0]),
                              .axes = nb::cast<std::vector<std::string>>(one[1])};
    for (nb::handle scale : nb::cast<nb::list>(one[2])) {
      image.scales.push_back({.name = nb::cast<std::string>(scale[0]),
                              .shape = nb::cast<std::vector<std::int64_t>>(scale[1]),
                              .chunks = nb::cast<std::vector<std::int64_t>>(scale[2])});
    }
    sketch.images.push_back(std::move(image));
  }
  for (auto [table, layers] : nb::cast<nb::dict>(facts["layers"])) {
    const auto name = nb::cast<std::string>(table);
    sketch.tables.push_back({.slot = "tables:" + name + ":obs"});
    for (auto [layer, encoding] : nb::cast<nb::dict>(layers))
      sketch.layers.emplace_back(name + "/" + nb::cast<std::string>(layer), nb::cast<std::string>(encoding));
  }
  FileReport report;
  lake::check_conventions(to_record(schema).record, nb::cast<std::string>(facts["path"]), sketch, report);
  nb::list violations;
  for (const auto& problem : report.problems) violations.append(problem.message.in(Face::python));
  return violations;
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
  m.def("zarr_violations", &zarr_violations);
}

}  // namespace lamin::python
