// lineage.cpp -- transforms, runs, inputs; upstream and downstream.
#include "lamin/lineage.hpp"
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>
#include "bind.hpp"
#include "record.hpp"
#include "value.hpp"

namespace lamin::python {
namespace {

/// The draft executed by `Transform.save`; Python stores it with the unsaved record.
struct PyTransformDraft : OwnDraft {
  TransformDraft draft;
  void save(Instance& instance, Record& record) const override {
    auto work = draft;
    work.record = std::move(record);
    save_transform(instance, work);
    record = std::move(work.record);
  }
};

TransformOptions transform_options(const nb::dict& given) {
  TransformOptions o;
  auto text = [&](const char* key, std::string& into) {
    if (given.contains(key)) into = text_or_empty(given[key]);
  };
  text("uid", o.uid);
  text("key", o.key);
  text("kind", o.kind);
  text("description", o.description);
  text("source_code", o.source_code);
  text("version_tag", o.version_tag);
  text("reference", o.reference);
  text("reference_type", o.reference_type);
  text("revises", o.revises);
  for (const auto& [key, into] : {std::pair{"branch", &o.branch}, {"space", &o.space}})
    if (given.contains(key) && !given[key].is_none()) *into = nb::cast<std::int64_t>(given[key]);
  if (given.contains("skip_hash_lookup")) o.skip_hash_lookup = nb::cast<bool>(given["skip_hash_lookup"]);
  return o;
}

nb::object transform(const InstanceRef& session, const nb::dict& given) {
  const auto options = transform_options(given);
  std::optional<Record> row;
  locked(*session, [&] { row = make_transform(session->open(), options); });
  return wrap(std::move(row), session);
}

/// (transform, what was done)
nb::tuple tracked(const InstanceRef& session, const nb::dict& given) {
  TrackOptions o;
  auto text = [&](const char* key, std::string& into) {
    if (given.contains(key)) into = text_or_empty(given[key]);
  };
  std::string path;
  text("path", path);
  o.path = path;
  text("source_code", o.source_code);
  text("uid", o.uid);
  text("key", o.key);
  text("kind", o.kind);
  text("description", o.description);
  text("version_tag", o.version_tag);
  text("reference", o.reference);
  text("reference_type", o.reference_type);
  if (given.contains("interactive")) o.interactive = nb::cast<bool>(given["interactive"]);
  TrackedTransform made;
  locked(*session, [&] { made = track_transform(session->open(), o); });
  return nb::make_tuple(wrap(std::optional(std::move(made.record)), session), made.said);
}

/// Fills in the record; returns the draft for saving it.
std::unique_ptr<PyTransformDraft> prepare(nb::handle object, const InstanceRef& session, const nb::dict& given) {
  PyRecord& r = to_record(object);
  const auto options = transform_options(given);
  auto out = std::make_unique<PyTransformDraft>();
  locked(*session, [&] { out->draft = prepare_transform(session->open(), options); });
  r.record = out->draft.record;
  r.batch = std::make_shared<Batch>(session);
  return out;
}

nb::object run(const InstanceRef& session, nb::handle transform, const nb::dict& given) {
  RunOptions o;
  auto text = [&](const char* key, std::string& into) {
    if (given.contains(key)) into = text_or_empty(given[key]);
  };
  text("name", o.name);
  text("params", o.params_json);
  text("cli_args", o.cli_args);
  if (given.contains("arguments")) o.arguments = nb::cast<std::vector<std::string>>(given["arguments"]);
  text("entrypoint", o.entrypoint);
  text("reference", o.reference);
  text("reference_type", o.reference_type);
  if (given.contains("tracked")) o.tracked = nb::cast<bool>(given["tracked"]);
  if (given.contains("resume")) o.resume = nb::cast<bool>(given["resume"]);
  if (given.contains("initiated_by") && !given["initiated_by"].is_none()) {
    o.initiated_by = nb::cast<std::int64_t>(given["initiated_by"]);
  }
  const Record of = to_record(transform).record;
  std::optional<Record> row;
  locked(*session, [&] { row = start_run(session->open(), of, o); });
  return wrap(std::move(row), session);
}

template <class Change>
void changed(nb::handle object, Change&& change) {
  PyRecord& r = to_record(object);
  settle(r);
  InstanceRef session = session_of(r);
  Record record = r.record;
  locked(*session, [&] { change(session->open(), record); });
  r.record = std::move(record);
}

nb::list steps(nb::handle object, bool downstream) {
  PyRecord& r = to_record(object);
  InstanceRef session = session_of(r);
  std::vector<LineageStep> found;
  locked(*session,
         [&] { found = lineage(session->open(), r.record, downstream ? Direction::downstream : Direction::upstream); });
  auto batch = std::make_shared<Batch>(session);
  nb::list out;
  for (auto& step : found) {
    nb::dict d;
    d["run"] = wrap(std::move(step.run), batch);
    d["transform"] = wrap(std::move(step.transform), batch);
    d["inputs"] = wrap(std::move(step.inputs), session);
    d["outputs"] = wrap(std::move(step.outputs), session);
    out.append(d);
  }
  return out;
}

}  // namespace

void bind_lineage(nb::module_& m) {
  nb::class_<PyTransformDraft>(m, "TransformDraft")
      .def_prop_ro("existing", [](const PyTransformDraft& d) { return d.draft.existing; })
      .def("_pointer", [](const PyTransformDraft& d) { return pointer_to(d); });
  m.def("prepare_transform", &prepare);
  m.def("make_transform", &transform);
  m.def("start_run", &run);
  m.def("finish_run", [](nb::handle object, int status, const std::string& report) {
    changed(object, [&](Instance& i, Record& r) { finish_run(i, r, static_cast<RunStatus>(status), report); });
  });
  m.def("finish_run_with_log", [](nb::handle object, int status, const std::string& log) {
    changed(object, [&](Instance& i, Record& r) { finish_run_with_log(i, r, static_cast<RunStatus>(status), log); });
  });
  m.def("save_environment", [](nb::handle object, const std::string& environment, const std::string& name) {
    changed(object, [&](Instance& i, Record& r) { save_environment(i, r, environment, name); });
  });
  m.def("save_run_source", [](nb::handle object, const std::string& file) {
    changed(object, [&](Instance& i, Record& r) { save_run_source(i, r, file); });
  });
  m.def("save_run_report", [](nb::handle object, const std::string& file) {
    bool saved = false;
    changed(object, [&](Instance& i, Record& r) { saved = save_run_report(i, r, file); });
    return saved;
  });
  m.def("execution_gaps", [](const std::string& path) { return execution_gaps(path); });
  m.def("track_transform", &tracked);
  m.def("source_diff", [](nb::handle before, nb::handle after) {
    return source_diff(to_record(before).record, to_record(after).record);
  });
  m.def("track_input", [](nb::handle object) {
    PyRecord& r = to_record(object);
    InstanceRef session = session_of(r);
    locked(*session, [&] { track_input(session->open(), r.record); });
  });
  m.def("source_of", [](const std::string& path) {
    const auto source = source_of(path);
    return nb::make_tuple(source.key, source.kind, source.code, source.title);
  });
  m.def("lineage", &steps);
}

}  // namespace lamin::python
