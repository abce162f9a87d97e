// trace.hpp -- runs of workflow managers: what Nextflow, Snakemake, redun or any other engine did.
//
// A Trace says which workflow ran, and which tasks: scripts, parameters, files read and written, when and how each
// ended. `import_run` writes it to the instance in one transaction: a transform and a run for the workflow, a transform
// for each process (key "workflow/process"), a run for each task, and their inputs and outputs. Nothing is executed.
//
// A run is identified by engine and id, from which its uid follows. So importing a trace again changes nothing; a task
// that the engine took from its cache is the run that did the work; and the trace of a workflow that was still running
// is completed by a later one.
//
// Files become artifacts if the workflow published them. A file that only went from task to task is not kept: then the
// artifacts that it was made from are the inputs of the task that read it, so that lineage has no gap.
//
// The format is JSON, described in docs/workflows.md.
//
// Example: examples/cpp/trace.cpp
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include "lamin/instance.hpp"

namespace lamin {

struct TraceFile {
  std::string path = {};    ///< file, folder or address; relative ones are below the workflow's folder
  std::string source = {};  ///< of a published file: the task's file that it is a copy of, or links to
  std::string key = {};     ///< under which it is saved; empty: from its path
  /// As it was read or written. A file that is another one by now is not taken for it.
  std::optional<std::int64_t> size = {};
  std::optional<Time> modified = {};
  std::string md5 = {}, blake3 = {};  ///< hex digits
};

/// A text that is kept beside a run: what was installed, or what was said.
struct TraceText {
  std::string name = {};  ///< "environment.yml"
  std::string text = {};
};

struct TraceTask {
  std::string id = {};      ///< of this execution, whatever workflow run it was for; unique in the engine
  std::string parent = {};  ///< id of the task that called it; empty: the workflow did
  std::string process = {};
  std::string name = {};         ///< "ALIGN (sample 3)"
  std::string kind = {};         ///< of the transform: function or script; empty: function
  std::string source = {};       ///< of the process: the script before values are filled in
  std::string command = {};      ///< what was executed
  std::string params_json = {};  ///< values, wildcards: a JSON object
  std::vector<TraceFile> inputs = {}, outputs = {};
  std::string status = {};  ///< completed, failed, aborted, running
  bool cached = false;      ///< the engine did not execute it: `id` is that of the execution whose results it took
  std::optional<std::int64_t> exit = {};
  std::int64_t attempt = 1;
  std::optional<Time> started = {}, finished = {};
  std::string folder = {};  ///< it was executed in
  std::string container = {};
  std::optional<TraceText> environment = {}, log = {};
  std::string details_json = {};  ///< whatever else is to be kept: a JSON object
};

struct TraceWorkflow {
  std::string engine = {}, engine_version = {};
  std::string id = {};    ///< of this execution
  std::string name = {};  ///< "nf-core/rnaseq": the key of its transform; empty: from its script
  std::string run_name = {};
  std::string script = {};                     ///< its path
  std::string source = {};                     ///< in place of what is in the script
  std::string repository = {}, revision = {};  ///< where the script comes from: a URL, a commit
  std::string version = {};
  std::string command = {};      ///< as typed
  std::string params_json = {};  ///< a JSON object
  std::string folder = {};       ///< where it was started
  std::string status = {};       ///< completed, failed, aborted, running
  std::optional<Time> started = {}, finished = {};
  std::optional<TraceText> environment = {}, log = {};
  std::vector<TraceFile> outputs = {};  ///< published files, targets
  std::string host = {};                ///< where the engine runs, and its process there: to tell when it was killed
  std::int64_t process = 0;
  std::string details_json = {};
};

struct Trace {
  TraceWorkflow workflow = {};
  std::vector<TraceTask> tasks = {};
};

/// A trace from its text: one JSON object, or an object a line as an engine writes them while it runs. A last line that
/// was cut is left out. Throws invalid_argument naming the line and what is wrong there, and unsupported (a newer
/// version of the format).
Trace read_trace(std::string_view text);
/// The same of a file. Throws not_found, no_access.
Trace read_trace_file(const std::filesystem::path& file);
/// The trace of a workflow that redun ran, from its database (.redun/redun.db). `execution`: id or the beginning of it;
/// empty: the latest. Throws not_found, corrupt.
Trace redun_trace(const std::filesystem::path& database, std::string_view execution = {});
/// The trace of a workflow that Nextflow ran without our plug-in, from the folder where it was started: its history,
/// the table that -with-trace wrote, and the work folders. `run`: its name or session; empty: the latest. Throws
/// not_found, naming what is missing.
Trace nextflow_trace(const std::filesystem::path& folder, std::string_view run = {});

struct ImportRunOptions {
  bool save_outputs = false;  ///< all files that tasks have made, not only what the workflow published
  bool save_inputs = false;   ///< files from outside that are not artifacts yet
  std::string key = {};       ///< of the workflow's transform
};
struct ImportedRun {
  Record transform = {}, run = {};               ///< of the workflow
  std::int64_t tasks = 0;                        ///< in the trace
  std::int64_t new_runs = 0;                     ///< with that of the workflow
  std::int64_t cached = 0;                       ///< tasks whose run existed, and which the engine did not execute
  std::vector<Record> outputs = {};              ///< artifacts, existing ones included
  std::vector<std::string> unknown_inputs = {};  ///< files from outside that are no artifact
  std::vector<std::string> lost = {};            ///< outputs that are gone, or have changed since
};
/// All or nothing; see above. Throws invalid_argument (a trace without engine or id, a parent that is no task), and
/// what make_transform and save_artifact throw.
ImportedRun import_run(Instance& instance, const Trace& trace, const ImportRunOptions& options = {});

}  // namespace lamin
