// public_terms.cpp -- releases of public ontologies, and their terms.
#include "lamin/public_terms.hpp"
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>
#include "base/log.hpp"
#include "bind.hpp"
#include "label.hpp"
#include "lamin/genes.hpp"
#include "modules/initial_rows.hpp"
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

nb::dict import(const InstanceRef& session, nb::handle of, bool update, bool strict, bool refuse_known) {
  const Record record = to_record(of).record;
  const ImportOptions options{.update = update, .strict = strict, .refuse_known = refuse_known};
  ImportReport report;
  locked(*session, [&] { report = import_release(session->open(), record, options); });
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

nb::object readable(const InstanceRef& session, nb::handle of) {
  const PyRecord& row = to_record(of);
  std::optional<Record> found;
  locked(*session, [&] { found = readable_release(session->open(), row.record); });
  if (found->at("version") == row.record.at("version")) return nb::borrow(of);
  return wrap(std::move(found), session);
}

nb::list bring(const std::string& path, const std::string& name, const std::string& version,
               const std::string& organism) {
  std::vector<ReleaseFile> brought;
  {
    const nb::gil_scoped_release free;
    brought = bring_releases(path, {.organism = organism, .name = name, .version = version},
                             [](Level level, const Words& words) { base::log(level, words.in(Face::python)); });
  }
  nb::list paths;
  for (const auto& one : brought) paths.append(one.path);
  return paths;
}

nb::list files() {
  nb::list rows;
  for (const auto& one : release_files())
    rows.append(nb::make_tuple(one.name, one.version, one.organism, one.registry, one.where, one.path.string()));
  return rows;
}

nb::object texts_or_none(const std::string& text) {
  return text.empty() ? nb::object(nb::none()) : nb::object(nb::str(text.c_str(), text.size()));
}

nb::dict counts(const std::map<std::string, std::int64_t>& of) {
  nb::dict all;
  for (const auto& [name, n] : of) all[nb::str(name.c_str(), name.size())] = n;
  return all;
}

nb::dict genes(const InstanceRef& session, nb::handle values, nb::handle organisms) {
  const auto texts = to_strings(values);
  const auto wanted = to_strings(organisms);
  GeneReport report;
  locked(*session, [&] { report = find_genes(session->open(), texts, wanted); });
  nb::list findings;
  for (const auto& one : report.findings) {
    const auto match = name_of(one.match);
    findings.append(nb::make_tuple(nb::str(match.data(), match.size()), texts_or_none(one.id),
                                   texts_or_none(one.symbol), texts_or_none(one.biotype), texts_or_none(one.organism),
                                   from_strings(one.candidates)));
  }
  nb::dict all;
  all["findings"] = findings;
  all["matches"] = counts(report.matches);
  all["biotypes"] = counts(report.biotypes);
  all["organisms"] = counts(report.organisms);
  all["releases"] = from_strings(report.releases);
  all["text"] = report.text(texts);
  return all;
}

nb::tuple retired(const InstanceRef& session, nb::handle of, nb::handle values) {
  const auto texts = to_strings(values);
  const Record record = to_record(of).record;
  MappedIds found;
  locked(*session, [&] { found = map_retired_ids(session->open(), record, texts); });
  nb::dict mapped, ambiguous;
  for (const auto& [from, to] : found.mapped) mapped[nb::str(from.c_str(), from.size())] = to;
  for (const auto& [from, to] : found.ambiguous) ambiguous[nb::str(from.c_str(), from.size())] = from_strings(to);
  return nb::make_tuple(mapped, ambiguous, from_strings(found.unmapped));
}

/// The releases that this version knows: (entity, name, organism, version, url, description, website, whether it is the
/// default).
nb::list known_sources() {
  const auto text = [](std::string_view one) { return nb::str(one.data(), one.size()); };
  nb::list all;
  for (const auto& one : modules::public_sources())
    all.append(nb::make_tuple(text(one.entity), text(one.name), text(one.organism), text(one.version), text(one.url),
                              text(one.description), text(one.website), one.used));
  return all;
}

}  // namespace

void bind_public_terms(nb::module_& m) {
  m.def("known_sources", &known_sources);
  m.def("readable_release", &readable);
  m.def("bring_releases", &bring);
  m.def("release_files", &files);
  m.def("registry_for_release", [](const std::string& entity) { return registry_for_release(entity); });
  m.def("release_table", [](const InstanceRef& session, nb::handle of) {
    const Record record = to_record(of).record;
    return locked(*session, [&] { return release_table(session->open(), record); });
  });
  m.def("release_path", [](const InstanceRef& session, nb::handle of) {
    const Record record = to_record(of).record;
    std::string path;
    locked(*session, [&] { path = release_file(session->open(), record).string(); });
    return path;
  });
  m.def("find_genes", &genes);
  m.def("map_retired_ids", &retired);
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
