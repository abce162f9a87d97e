// report.cpp -- what was checked and what is wrong, for people and programs.
#include "report.hpp"
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>
#include <span>
#include "bind.hpp"
#include "faces/report/report.hpp"
#include "format/sketch.hpp"
#include "frame.hpp"
#include "lake/curate/conventions.hpp"
#include "lake/curate/layout.hpp"
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

/// What an AnnData in memory has besides what its schema's slots check. `facts`: {"tables": {slot: frame}, "repeated":
/// {slot: count}, "obsm": {array: shape}, "n_obs": int}.
format::FileSketch to_layout(const nb::dict& facts) {
  format::FileSketch sketch{.otype = "AnnData", .n_obs = nb::cast<std::int64_t>(facts["n_obs"])};
  for (auto [slot, frame] : nb::cast<nb::dict>(facts["tables"]))
    sketch.tables.push_back(format::sketch_frame(nb::cast<std::string>(slot), to_frame(frame)));
  for (auto [slot, count] : nb::cast<nb::dict>(facts["repeated"])) {
    for (auto& table : sketch.tables) {
      if (table.slot != nb::cast<std::string>(slot)) continue;
      table.repeated_names = nb::cast<std::int64_t>(count);
    }
  }
  for (auto [array, shape] : nb::cast<nb::dict>(facts["obsm"]))
    sketch.obsm.emplace_back(nb::cast<std::string>(array), nb::cast<std::vector<std::int64_t>>(shape));
  return sketch;
}

/// Of a curator of a dataset in memory, which it checks. `facts` as in to_layout, or None.
CurationReport report_on(const InstanceRef& session, nb::handle curator, const std::string& name, nb::handle facts) {
  auto& checked = *static_cast<Curator*>(nb::cast<nb::capsule>(curator.attr("_pointer")()).data());
  const auto sketch = facts.is_none() ? format::FileSketch() : to_layout(nb::cast<nb::dict>(facts));
  CurationReport report;
  locked(*session, [&] {
    report = report_of(session->open(), checked, name);
    if (!facts.is_none()) lake::check_layout(checked.schema(), sketch, report.files.front());
  });
  return report;
}

/// [{"slot", "column", "rule", "message"}] and the notes, besides `problems`, [(slot, column, values)].
nb::tuple layout_violations(nb::handle schema, const nb::dict& facts, const nb::list& problems) {
  FileReport report;
  for (nb::handle known : problems) {
    ReportProblem problem{.slot = nb::cast<std::string>(known[0]), .column = nb::cast<std::string>(known[1])};
    for (auto& value : nb::cast<std::vector<std::string>>(known[2]))
      problem.values.push_back({.value = std::move(value)});
    report.problems.push_back(std::move(problem));
  }
  lake::check_layout(to_record(schema).record, to_layout(facts), report);
  nb::list violations, notes;
  for (const auto& problem : std::span(report.problems).subspan(problems.size())) {
    nb::dict one;
    one["slot"] = problem.slot;
    one["column"] = problem.column;
    one["rule"] = problem.rule;
    one["message"] = problem.message.in(Face::python);
    one["non_validated"] = nb::list();
    one["synonyms_mapper"] = nb::dict();
    one["suggestions"] = nb::dict();
    violations.append(one);
  }
  for (const auto& note : report.notes) notes.append(note.in(Face::python));
  return nb::make_tuple(violations, notes);
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
  m.def("report_on", &report_on, nb::arg("session"), nb::arg("curator"), nb::arg("name"), nb::arg("facts").none());
  m.def("layout_violations", &layout_violations);
  m.def("zarr_violations", &zarr_violations);
}

}  // namespace lamin::python
