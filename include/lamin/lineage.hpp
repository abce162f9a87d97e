// lineage.hpp -- who made what from what: transforms, runs, their inputs and outputs.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>
#include "lamin/instance.hpp"

namespace lamin {

struct TransformOptions {
  std::string uid;                ///< 12 = stem (its latest version is taken or a new one made), 16 = exactly this one
  std::string key;                ///< "analysis.py"
  std::string kind = "pipeline";  ///< pipeline, notebook, script, function
  std::string description, source_code, version_tag, reference, reference_type;
};

/// The transform that this source is: known by hash, a new version of its key, or new. Saved on return.
/// Throws conflict where a full uid is given and the source changed.
Record make_transform(Instance& instance, const TransformOptions& options);

struct RunOptions {
  std::string name, params_json, cli_args, entrypoint, reference, reference_type;
  std::optional<std::int64_t> initiated_by;
};

/// Starts a run and makes it the instance's tracked run: what is saved from now on is its output.
Record start_run(Instance& instance, const Record& transform, const RunOptions& options = {});
enum class RunStatus { scheduled = -3, restarted = -2, started = -1, completed = 0, errored = 1, aborted = 2 };
/// `environment` and `report` are texts kept as artifacts of kind __lamindb_run__, shared by hash; empty = none.
void finish_run(Instance& instance, Record& run, RunStatus status, const std::string& report = {});
void save_environment(Instance& instance, Record& run, const std::string& environment);
/// Notes a dataset as input of the tracked run, unless the run made it. Does nothing without a run.
void track_input(Instance& instance, const Record& dataset);

/// One step of a lineage: a run, what went in and what came out.
struct LineageStep {
  Record run, transform;
  std::vector<Record> inputs, outputs;
};
/// Steps that led to a dataset, nearest first; `downstream` gives those that used it.
std::vector<LineageStep> lineage(Instance& instance, const Record& dataset, bool downstream = false);
/// As a tree that a person reads.
std::string print_lineage(Instance& instance, const Record& dataset);

/// What LaminDB's describe() shows of any record, as text without colours.
std::string describe(Instance& instance, const Record& record);

}  // namespace lamin
