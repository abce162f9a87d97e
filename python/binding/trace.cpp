// trace.cpp -- what a workflow manager ran; two runs compared.
#include "lamin/trace.hpp"
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>
#include "bind.hpp"
#include "lamin/run_diff.hpp"
#include "record.hpp"

namespace lamin::python {
namespace {

/// `kind`: what `from` is: the text of a trace, a file with one, a folder of Nextflow, a database of redun.
Trace trace_of(const std::string& kind, const std::string& from, const std::string& execution) {
  if (kind == "text") return read_trace(from);
  if (kind == "nextflow") return nextflow_trace(from, execution);
  if (kind == "redun") return redun_trace(from, execution);
  return read_trace_file(from);
}

nb::dict import_from(const InstanceRef& session, const std::string& kind, const std::string& from,
                     const std::string& execution, bool save_outputs, bool save_inputs, const std::string& key) {
  ImportedRun imported;
  locked(*session, [&] {
    imported = import_run(session->open(), trace_of(kind, from, execution),
                          {.save_outputs = save_outputs, .save_inputs = save_inputs, .key = key});
  });
  nb::dict d;
  d["run"] = wrap(std::optional(std::move(imported.run)), session);
  d["unknown_inputs"] = imported.unknown_inputs;
  d["lost"] = imported.lost;
  return d;
}

}  // namespace

void bind_trace(nb::module_& m) {
  m.def("import_run", &import_from);
  m.def("diff_runs", [](nb::handle before, nb::handle after) {
    PyRecord& r = to_record(before);
    const Record a = r.record, b = to_record(after).record;
    InstanceRef session = session_of(r);
    RunDiff diff;
    locked(*session, [&] { diff = diff_runs(session->open(), a, b); });
    return nb::make_tuple(to_json(diff), to_text(diff));
  });
}

}  // namespace lamin::python
