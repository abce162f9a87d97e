// public_terms.cpp -- releases of public ontologies, and their terms.
#include "lamin/public_terms.hpp"
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>
#include "bind.hpp"
#include "label.hpp"
#include "record.hpp"
#include "value.hpp"

namespace lamin::python {
namespace {

nb::object release(const InstanceRef& session, const std::string& registry, const std::string& organism,
                   const std::string& name, const std::string& version, bool known) {
  const ReleaseChoice choice{.organism = organism, .name = name, .version = version};
  std::optional<Record> row;
  locked(*session, [&] {
    row = known ? release_in_use(session->open(), registry, choice) : release_called(session->open(), registry, choice);
  });
  return wrap(std::move(row), session);
}

InstanceRef opened(const InstanceRef& session, nb::handle of) {
  PyRecord& row = to_record(of);
  settle(row);
  const Record record = row.record;
  auto reference = std::make_shared<OpenInstance>();
  reference->class_of = session->class_of;
  locked(*session, [&] { reference->instance = open_release(session->open(), record); });
  return reference;
}

nb::dict import(const InstanceRef& session, nb::handle of, bool update, bool strict) {
  const Record record = to_record(of).record;
  ImportReport report;
  locked(*session, [&] { report = import_release(session->open(), record, {.update = update, .strict = strict}); });
  return import_dict(std::move(report), session);
}

nb::tuple from(const InstanceRef& session, const std::string& registry, nb::handle values, const nb::dict& given,
               nb::handle of, bool create) {
  const auto texts = to_strings(values);
  const auto options = label_options<LabelOptions>(given);
  const std::optional<Record> record = of.is_none() ? std::nullopt : std::optional(to_record(of).record);
  FromValues result;
  locked(*session, [&] { result = from_release(session->open(), registry, texts, options, record, create); });
  return nb::make_tuple(wrap(std::move(result.records), session), from_strings(result.missing));
}

nb::object add(const InstanceRef& session, const std::string& registry, nb::handle of, const std::string& file) {
  PyRecord& row = to_record(of);
  settle(row);
  std::optional<Record> record = row.record;
  locked(*session, [&] { record = add_source(session->open(), registry, *record, file); });
  return wrap(std::move(record), session);
}

}  // namespace

void bind_public_terms(nb::module_& m) {
  m.def("release", &release);
  m.def("open_release", &opened);
  m.def("release_at_hand", [](const InstanceRef& session, nb::handle of) {
    const Record record = to_record(of).record;
    return locked(*session, [&] { return is_release_here(session->open(), record); });
  });
  m.def("import_release", &import);
  m.def("from_release", &from, nb::arg(), nb::arg(), nb::arg(), nb::arg(), nb::arg().none(), nb::arg());
  m.def("add_source", &add);
  m.def("sync_sources", [](const InstanceRef& session, bool use) {
    std::vector<Record> added;
    locked(*session, [&] { added = sync_sources(session->open(), use); });
    return wrap(std::move(added), session);
  });
  m.def("organism_of_id", [](const std::string& id) { return organism_of_id(id); });
}

}  // namespace lamin::python
