// fsck.cpp -- how reads are verified, and checks of a whole instance.
#include "lamin/fsck.hpp"
#include <nanobind/stl/function.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include "bind.hpp"
#include "lake/fsck/leftovers.hpp"
#include "lamin/artifact.hpp"
#include "record.hpp"

namespace lamin::python {
namespace {

nb::object or_none(const std::string& text) { return text.empty() ? nb::none() : nb::object(nb::str(text.c_str())); }

nb::dict finding_dict(const Finding& f) {
  nb::dict d;
  d["kind"] = std::string(name_of(f.kind));
  d["uid"] = or_none(f.uid);
  d["key"] = or_none(f.key);
  d["place"] = f.place;
  d["what"] = f.what;
  d["done"] = or_none(f.done);
  d["size"] = f.size < 0 ? nb::none() : nb::object(nb::int_(f.size));
  d["remains"] = f.remains();
  return d;
}

/// Calls Python, taking the GIL, while the instance works without it.
FsckWatch watch_of(nb::object finding, nb::object progress) {
  FsckWatch watch;
  watch.finding = [finding](const Finding& f) {
    nb::gil_scoped_acquire gil;
    finding(finding_dict(f));
  };
  watch.progress = [progress](const FsckProgress& now) {
    nb::gil_scoped_acquire gil;
    if (PyErr_CheckSignals() != 0) throw nb::python_error();
    return progress.is_none() || progress(now.artifacts, now.of, now.bytes, now.found).ptr() != Py_False;
  };
  return watch;
}

nb::dict check(const InstanceRef& session, bool full, bool repair, bool resume, const std::string& storage,
               std::int64_t grace, nb::object finding, nb::object progress) {
  const FsckOptions options{
      .full = full, .repair = repair, .resume = resume, .storage = storage, .grace = std::chrono::seconds(grace)};
  FsckReport report;
  {
    const auto watch = watch_of(std::move(finding), std::move(progress));
    locked(*session, [&] { report = fsck(session->open(), options, watch); });
  }
  nb::dict d;
  d["artifacts"] = report.artifacts;
  d["bytes"] = report.bytes;
  d["found"] = report.found;
  d["repaired"] = report.repaired;
  d["information"] = report.information;
  return d;
}

}  // namespace

void bind_fsck(nb::module_& m) {
  m.def("fsck", &check, nb::arg("session"), nb::arg("full"), nb::arg("repair"), nb::arg("resume"), nb::arg("storage"),
        nb::arg("grace"), nb::arg("finding"), nb::arg("progress").none());
  m.def("lazy_source",
        [](const std::string& suffix, const std::string& key) { return lazy_source(suffix, key).string(); });
  m.def("new_draft", [](const std::string& suffix) { return lake::new_draft(suffix).string(); });
  m.def("check_verify", [](const std::string& name) { static_cast<void>(verify_called(name)); });
  m.def("verify", [](const InstanceRef& session) { return std::string(name_of(session->open().verify())); });
  m.def("set_verify", [](const InstanceRef& session, const std::string& name) {
    const auto verify = verify_called(name);
    locked(*session, [&] { session->open().verify() = verify; });
  });
}

}  // namespace lamin::python
