// run_rows.hpp -- the fields of a run, from what a trace says of a workflow or a task.
#pragma once
#include <cstdint>
#include <string>
#include "lamin/trace.hpp"

namespace lamin::lake {

/// The uid of the run of a workflow ("workflow") or task ("task") follows from engine and id.
std::string run_uid(const std::string& engine, std::string_view what, const std::string& id);
/// Whether the engine was a process of this machine that is gone: it cannot say any more how the workflow ended.
bool is_gone(const TraceWorkflow& workflow);
bool has_ended(const Record& run);

/// Everything but uid, transform and who started it. `gone`: what was running has been aborted.
void fill_run(Record& run, const TraceWorkflow& workflow, bool gone);
void fill_run(Record& run, const TraceTask& task, const std::string& engine, bool gone);

}  // namespace lamin::lake
