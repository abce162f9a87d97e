// collection.cpp -- collections: drafts, saving, members in order.
#include "lamin/collection.hpp"
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>
#include "bind.hpp"
#include "record.hpp"
#include "value.hpp"

namespace lamin::python {
namespace {

/// The draft executed by `Collection.save`; Python stores it with the unsaved record.
struct PyCollectionDraft : OwnDraft {
  CollectionDraft draft;
  void save(Instance& instance, Record& record) const override {
    auto work = draft;
    work.record = std::move(record);
    save_collection(instance, work);
    record = std::move(work.record);
  }
};
using DraftRef = std::unique_ptr<PyCollectionDraft>;

CollectionOptions collection_options(const nb::dict& given) {
  CollectionOptions o{.artifacts = unwrap(given["artifacts"])};
  auto text = [&](const char* key, std::string& into) {
    if (given.contains(key)) into = text_or_empty(given[key]);
  };
  auto id = [&](const char* key, std::optional<std::int64_t>& into) {
    if (given.contains(key) && !given[key].is_none()) into = nb::cast<std::int64_t>(given[key]);
  };
  text("key", o.key);
  text("description", o.description);
  text("reference", o.reference);
  text("reference_type", o.reference_type);
  text("version_tag", o.version_tag);
  text("revises", o.revises);
  id("schema", o.schema);
  id("meta_artifact", o.meta_artifact);
  id("run", o.run);
  id("branch", o.branch);
  id("space", o.space);
  if (given.contains("skip_hash_lookup")) o.skip_hash_lookup = nb::cast<bool>(given["skip_hash_lookup"]);
  return o;
}

/// Fills in the record; returns the draft for saving it.
template <class Make>
DraftRef drafted(nb::handle object, const InstanceRef& session, Make&& make) {
  PyRecord& r = to_record(object);
  auto out = std::make_unique<PyCollectionDraft>();
  locked(*session, [&] { out->draft = make(session->open()); });
  r.record = out->draft.record;
  r.batch = std::make_shared<Batch>(session);
  return out;
}

DraftRef prepare(nb::handle object, const InstanceRef& session, const nb::dict& given) {
  const CollectionOptions options = collection_options(given);
  const bool tracks = !given.contains("tracks_inputs") || nb::cast<bool>(given["tracks_inputs"]);
  return drafted(object, session, [&](Instance& i) {
    auto draft = prepare_collection(i, options);
    draft.tracks_inputs = tracks;
    return draft;
  });
}

DraftRef appended(nb::handle object, nb::handle collection, nb::handle artifact, nb::handle run, bool tracks) {
  PyRecord& r = to_record(collection);
  const Record more = to_record(artifact).record;
  std::optional<std::int64_t> by;
  if (!run.is_none()) by = nb::cast<std::int64_t>(run);
  return drafted(object, session_of(r), [&](Instance& i) {
    auto draft = append(i, r.record, more, by);
    draft.tracks_inputs = tracks;
    return draft;
  });
}

}  // namespace

void bind_collection(nb::module_& m) {
  nb::class_<PyCollectionDraft>(m, "CollectionDraft")
      .def_prop_ro("existing", [](const PyCollectionDraft& d) { return d.draft.existing; })
      .def("artifacts",
           [](const PyCollectionDraft& d, const InstanceRef& session) {
             auto members = d.draft.artifacts;
             return wrap(std::move(members), session);
           })
      .def("_pointer", [](const PyCollectionDraft& d) { return pointer_to(d); });
  m.def("prepare_collection", &prepare);
  m.def("append_to_collection", &appended, nb::arg("made"), nb::arg("collection"), nb::arg("artifact"),
        nb::arg("run").none(), nb::arg("tracks_inputs") = true);
  m.def("verify_schema", [](nb::handle object) {
    PyRecord& r = to_record(object);
    InstanceRef session = session_of(r);
    locked(*session, [&] { verify_schema(session->open(), r.record); });
  });
  m.def("ordered_artifacts", [](nb::handle object) {
    PyRecord& r = to_record(object);
    InstanceRef session = session_of(r);
    std::vector<Record> rows;
    locked(*session, [&] { rows = ordered_artifacts(session->open(), r.record); });
    return wrap(std::move(rows), session);
  });
}

}  // namespace lamin::python
