// artifact.cpp -- files and folders: drafts, saving, caching, trash, versions.
#include "lamin/artifact.hpp"
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>
#include "bind.hpp"
#include "lamin/lamin_uri.hpp"
#include "record.hpp"
#include "value.hpp"

namespace lamin::python {
namespace {

/// The draft executed by `Artifact.save`; Python stores it with the unsaved record.
struct PyDraft {
  Draft draft;
};

template <class T>
void optional_into(const nb::dict& given, const char* key, std::optional<T>& into) {
  if (given.contains(key) && !given[key].is_none()) into = nb::cast<T>(given[key]);
}

ArtifactOptions artifact_options(const nb::dict& given) {
  ArtifactOptions o;
  auto text = [&](const char* key, std::string& into) {
    if (given.contains(key)) into = text_or_empty(given[key]);
  };
  if (given.contains("path")) o.source = text_or_empty(given["path"]);
  text("key", o.key);
  text("description", o.description);
  text("kind", o.kind);
  text("otype", o.otype);
  text("revises", o.revises);
  text("version_tag", o.version_tag);
  if (given.contains("links")) o.links = links_called(text_or_empty(given["links"]));
  optional_into(given, "n_observations", o.n_observations);
  optional_into(given, "schema", o.schema);
  optional_into(given, "run", o.run);
  optional_into(given, "storage", o.storage);
  optional_into(given, "branch", o.branch);
  optional_into(given, "space", o.space);
  optional_into(given, "overwrite_versions", o.overwrite_versions);
  optional_into(given, "key_is_virtual", o.key_is_virtual);
  optional_into(given, "skip_hash_lookup", o.skip_hash_lookup);
  if (given.contains("virtual_keys")) o.virtual_keys = nb::cast<bool>(given["virtual_keys"]);
  if (given.contains("temporary_source")) o.temporary_source = nb::cast<bool>(given["temporary_source"]);
  return o;
}

/// Fills in the record; returns the draft for saving it.
std::unique_ptr<PyDraft> prepare(nb::handle object, const InstanceRef& session, const nb::dict& given) {
  PyRecord& r = to_record(object);
  const ArtifactOptions options = artifact_options(given);
  auto out = std::make_unique<PyDraft>();
  locked(*session, [&] { out->draft = prepare_artifact(session->open(), options); });
  r.record = out->draft.record;
  r.batch = std::make_shared<Batch>(session);
  return out;
}

/// Fills in the record, which is saved; returns the draft for saving it.
std::unique_ptr<PyDraft> prepare_other_content(nb::handle object, const nb::dict& given) {
  PyRecord& r = to_record(object);
  settle(r);
  InstanceRef session = session_of(r);
  const ArtifactOptions options = artifact_options(given);
  auto out = std::make_unique<PyDraft>();
  locked(*session, [&] { out->draft = prepare_replacement(session->open(), r.record, options); });
  r.record = out->draft.record;
  return out;
}

/// Runs a change of one record and copies the changed values.
template <class Change>
void changed(nb::handle object, Change&& change) {
  PyRecord& r = to_record(object);
  settle(r);
  InstanceRef session = session_of(r);
  Record record = r.record;
  locked(*session, [&] { change(session->open(), record); });
  r.record = std::move(record);
}

nb::tuple location_of(nb::handle object) {
  PyRecord& r = to_record(object);
  InstanceRef session = session_of(r);
  std::pair<std::string, std::string> at;
  locked(*session, [&] { at = location(session->open(), r.record); });
  return nb::make_tuple(at.first, at.second);
}

std::string cached_path(nb::handle object) {
  PyRecord& r = to_record(object);
  InstanceRef session = session_of(r);
  std::filesystem::path path;
  locked(*session, [&] { path = cache_artifact(session->open(), r.record); });
  return path.string();
}

std::string copied_to(nb::handle object, const std::string& to, bool replace) {
  PyRecord& r = to_record(object);
  InstanceRef session = session_of(r);
  std::string place;
  locked(*session, [&] { place = copy_artifact(session->open(), r.record, to, replace); });
  return place;
}

bool still_at(nb::handle object, const std::string& path) {
  PyRecord& r = to_record(object);
  InstanceRef session = session_of(r);
  bool still = false;
  locked(*session, [&] { still = is_still_at(session->open(), r.record, path); });
  return still;
}

}  // namespace

void bind_artifact(nb::module_& m) {
  nb::class_<PyDraft>(m, "Draft")
      .def_prop_ro("existing", [](const PyDraft& d) { return d.draft.existing; })
      .def_prop_ro("source", [](const PyDraft& d) { return d.draft.source.string(); })
      .def("_pointer", [](PyDraft& d) { return nb::capsule(&d.draft, "draft"); });
  m.def("prepare_artifact", &prepare);
  m.def("prepare_replacement", &prepare_other_content);
  m.def("prepare_files", [](const InstanceRef& session, const nb::dict& given) {
    const auto options = artifact_options(given);
    std::vector<Draft> drafts;
    locked(*session, [&] { drafts = prepare_files(session->open(), options); });
    nb::list out;
    for (auto& draft : drafts) {
      auto object = wrap(std::optional(draft.record), session);
      auto held = std::make_unique<PyDraft>();
      held->draft = std::move(draft);
      state_of(object)["_draft"] = nb::cast(std::move(held));
      out.append(object);
    }
    return out;
  });
  m.def(
      "files_below",
      [](const std::string& folder, nb::handle links) {
        return from_strings(files_below(folder, links_called(text_or_empty(links))));
      },
      nb::arg("folder"), nb::arg("links").none());
  m.def("artifact_location", &location_of);
  m.def("cache_artifact", &cached_path);
  m.def("cache_artifacts", [](const InstanceRef& session, const nb::list& objects) {
    const auto artifacts = unwrap(objects);
    std::vector<std::filesystem::path> paths;
    locked(*session, [&] { paths = cache_artifacts(session->open(), artifacts); });
    return paths;
  });
  m.def("is_still_at", &still_at);
  m.def("find_artifact", [](const InstanceRef& session, const std::string& key) {
    std::optional<Record> row;
    locked(*session, [&] { row = find_artifact(session->open(), key); });
    return wrap(std::move(row), session);
  });
  m.def("artifact_at_uri", [](const InstanceRef& session, const std::string& uri) {
    std::optional<Record> row;
    locked(*session, [&] { row = artifact_at_uri(session->open(), uri).artifact; });
    return wrap(std::move(row), session);
  });
  m.def("copy_artifact", &copied_to);
  m.def("remove_scrap", [](const InstanceRef& session, const std::string& path) {
    bool removed = false;
    locked(*session, [&] { removed = remove_scrap(session->open(), path); });
    return removed;
  });
  m.def("artifact_at", [](const InstanceRef& session, const std::string& path) {
    std::optional<Record> row;
    locked(*session, [&] { row = artifact_at(session->open(), path); });
    return wrap(std::move(row), session);
  });
  m.def("recover", [](const InstanceRef& session) {
    Recovery done;
    locked(*session, [&] { done = recover(session->open()); });
    return nb::make_tuple(done.intents, done.files);
  });
}

}  // namespace lamin::python
