// lineage.hpp -- who made what from what: transforms, runs, their inputs and outputs.
//
// A transform is a row that stands for a program in one version; a run is one execution of it. While a run is the
// tracked one, whatever is saved is its output, and what is noted with track_input its input: lineage is these links
// followed. Nothing is observed by itself: a file that a program opens without saying so is not in it. Secrets (source
// code, parameters, arguments, logs, environments) are not kept: "***REDACTED***" stands in their place.
//
// Example: examples/cpp/lineage.cpp
#pragma once
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>
#include "lamin/instance.hpp"

namespace lamin {

struct TransformOptions {
  std::string uid = {};           ///< 12 = stem (its latest version is taken or a new one made), 16 = exactly this one
  std::string key = {};           ///< "analysis.py"
  std::string kind = "pipeline";  ///< pipeline, notebook, script, function
  std::string description = {}, source_code = {}, version_tag = {};
  std::string reference = {}, reference_type = {};  ///< where it comes from: a URL, "url"
  /// uid of a version of the transform that this is the next version of, under another key too.
  std::string revises = {};
  bool skip_hash_lookup = false;  ///< a new version even if the source is known
};

/// A transform that is to be saved: the known row that this source is, with what the call says, or a new one.
struct TransformDraft {
  Record record = {};
  bool existing = false;
  TransformOptions options = {};
};
/// Nothing is saved yet. Throws what make_transform throws.
TransformDraft prepare_transform(Instance& instance, const TransformOptions& options);
/// With the fields of the record as they are now.
void save_transform(Instance& instance, TransformDraft& draft);
/// The transform that this source is: known by hash, a new version of its key, or new. Saved on return. Throws conflict
/// where a full uid is given and the source changed, invalid_argument (neither key nor uid), not_found (a uid alone).
Record make_transform(Instance& instance, const TransformOptions& options);

/// What a source file is as a transform.
struct Source {
  std::string key = {};   ///< its path below the development folder, the one with `.lamin/`, else its name
  std::string kind = {};  ///< "script" or "notebook", by its suffix
  std::string code = {};
};
/// Whether a file is the source of a program rather than data, by its suffix.
bool is_source(const std::filesystem::path& file);
/// Throws not_found, no_access, invalid_argument (no regular file, or larger than 256 MiB).
Source source_of(const std::filesystem::path& file);

/// Writes the source code of a transform to a new file at its key below `folder`, and nowhere else, whatever the row
/// says; returns where. Throws not_found (no source code), conflict (the file is there), invalid_argument or no_access
/// (the key leads out of the folder).
std::filesystem::path write_source(const Record& transform, const std::filesystem::path& folder);

struct RunOptions {
  std::string name = {};
  std::string params_json = {};             ///< a JSON object; nulls and empty lists in it are not kept
  std::string cli_args = {};                ///< as typed: "--resolution 0.5"
  std::vector<std::string> arguments = {};  ///< the same, one by one; comes before cli_args
  std::string entrypoint = {};              ///< the function that was called
  std::string reference = {}, reference_type = {};
  /// Id of the run that started this one; empty: that of LAMIN_INITIATED_BY_RUN_UID, if it is set.
  std::optional<std::int64_t> initiated_by = {};
};

/// Starts a run and makes it the instance's tracked run (Stamp::run): what is saved from now on is its output. Throws
/// invalid_argument if the transform is not saved or params_json is no object.
Record start_run(Instance& instance, const Record& transform, const RunOptions& options = {});
enum class RunStatus { scheduled = -3, restarted = -2, started = -1, completed = 0, errored = 1, aborted = 2 };
/// Notes status and time; no run is tracked afterwards. `report` (logs) and `environment` (requirements) are texts kept
/// as artifacts of kind __lamindb_run__, shared by hash; empty = none.
void finish_run(Instance& instance, Record& run, RunStatus status, const std::string& report = {});
void save_environment(Instance& instance, Record& run, const std::string& environment);
/// Makes the run that the environment variable LAMIN_RUN names by its uid the tracked run, else the one that `keep_run`
/// noted. None if there is neither. Throws not_found if LAMIN_RUN names no run.
std::optional<Record> resume_run(Instance& instance);
/// Notes for this user and instance that a run goes on in later processes, such as the next lines of a shell script.
void keep_run(Instance& instance, const Record& run);
void forget_run(Instance& instance);
/// Notes a saved artifact, collection or record as input of the tracked run, unless the run made it. Does nothing
/// without a run. Throws invalid_argument for a row of another registry.
void track_input(Instance& instance, const Record& dataset);

/// One step of a lineage: a run, what went in and what came out. What a run both read and wrote is its output.
struct LineageStep {
  Record run = {}, transform = {};
  std::vector<Record> inputs = {}, outputs = {};
};
/// Steps that led to a dataset, nearest first, each run once; `downstream` gives those that used it, and what came of
/// them. Throws invalid_argument if it is no artifact, collection or record.
std::vector<LineageStep> lineage(Instance& instance, const Record& dataset, bool downstream = false);
}  // namespace lamin
