// lineage.hpp -- what was made from what: transforms, runs, their inputs and outputs.
//
// A transform is a row that stands for one version of a program; a run is one execution of it. While a run is tracked,
// everything saved is its output, and everything noted with track_input is its input; lineage follows these links.
// Nothing is observed automatically: a file that a program opens without noting it is not included. Secrets in source
// code, parameters, arguments, logs and environments are not stored but replaced by "***REDACTED***".
//
// A notebook's source code is its cells as a script with marks ("# %%"), as LaminDB stores it: outputs and the numbers
// of executions are not part of it. What it showed is the report of its run, a page.
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
  std::string uid = {};           ///< 12 = stem (takes its latest version or makes a new one), 16 = exactly this one
  std::string key = {};           ///< "analysis.py"
  std::string kind = "pipeline";  ///< pipeline, notebook, script, function
  std::string description = {}, source_code = {}, version_tag = {};
  std::string reference = {}, reference_type = {};  ///< where it comes from: a URL, "url"
  /// uid of the version of a transform that this one follows, even under another key.
  std::string revises = {};
  bool skip_hash_lookup = false;                        ///< a new version even if the source is already known
  std::optional<std::int64_t> branch = {}, space = {};  ///< ids of where it goes; empty = the current ones
};

/// A transform to be saved: the existing row for this source, with the call's options applied, or a new one.
struct TransformDraft {
  Record record = {};
  bool existing = false;
  TransformOptions options = {};
};
/// Nothing is saved yet. Throws what make_transform throws.
TransformDraft prepare_transform(Instance& instance, const TransformOptions& options);
/// With the current fields of the record.
void save_transform(Instance& instance, TransformDraft& draft);
/// The transform for this source: found by hash, a new version of its key, or new. Saved on return. Throws conflict if
/// a full uid is given and the source has changed, invalid_argument (neither key nor uid), not_found (only a uid
/// given).
Record make_transform(Instance& instance, const TransformOptions& options);

/// A source file, as a transform.
struct SourceCode {
  std::string key = {};    ///< its path below the development folder (the one with `.lamin/`), otherwise its name
  std::string kind = {};   ///< "script" or "notebook", by its suffix
  std::string code = {};   ///< of a notebook (.ipynb) its cells, as a script
  std::string uid = {};    ///< of the transform, where the source itself names it: track("3fR8sJdk2mQa")
  std::string title = {};  ///< of a notebook: its first heading, or what its header says
};
/// Whether a file is the source of a program rather than data, by its suffix.
bool is_source(const std::filesystem::path& file);
/// Throws not_found, no_access, invalid_argument (not a regular file, or larger than 256 MiB), corrupt (a notebook that
/// is none), unsupported (a notebook of nbformat 3).
SourceCode source_of(const std::filesystem::path& file);

/// Writes the source code of a transform to a new file at its key below `folder`, never outside it; returns the path.
/// A notebook becomes one again, with its title, and a full uid that it names becomes that of the next version, unless
/// it is to stay `as_it_was`. Throws not_found (no source code), conflict (the file exists), invalid_argument or
/// no_access (the key leads out of the folder).
std::filesystem::path write_source(const Record& transform, const std::filesystem::path& folder,
                                   bool as_it_was = false);
/// The lines in which two versions of a program differ, as a unified diff; "" if they are the same.
std::string source_diff(const Record& before, const Record& after);

/// Something that runs and is to be tracked: a file, or a source without one.
struct TrackOptions {
  std::filesystem::path path = {};  ///< need not exist: a notebook may be on another machine than its kernel
  std::string source_code = {};     ///< in place of a file's
  std::string uid = {};             ///< 12 characters = a family of versions, 16 = exactly this one
  std::string key = {};             ///< empty = that of the path
  std::string kind = {};            ///< empty = that of the path
  std::string description = {}, version_tag = {};
  std::string reference = {}, reference_type = {};
  /// A person works in it: the source may change until the run is finished, and is stored then.
  bool interactive = false;
};
struct TrackedTransform {
  Record record = {};
  std::string said = {};  ///< what was done, for people: "created Transform('...', key='a.py')"
};
/// The transform of what runs. Without a uid it is found by its source, wherever the file is now: a file that was moved
/// or renamed keeps its transform, which takes the new key, and a copy (the file under the former key is still there)
/// gets one of its own. Otherwise it is found by its key, of which a part of the path may be missing. A source that has
/// changed is a new version. Throws conflict, naming the uid to use (a full uid whose source has changed, or that
/// another user works on; a version tag that is taken), invalid_argument (uid, no key, an untitled notebook).
TrackedTransform track_transform(Instance& instance, const TrackOptions& options);

struct RunOptions {
  std::string name = {};
  std::string params_json = {};             ///< a JSON object; nulls and empty lists in it are dropped
  std::string cli_args = {};                ///< as typed: "--resolution 0.5"
  std::vector<std::string> arguments = {};  ///< the same, one by one; takes precedence over cli_args
  std::string entrypoint = {};              ///< the called function
  std::string reference = {}, reference_type = {};
  /// Id of the run that started this one; empty: that of LAMIN_INITIATED_BY_RUN_UID, if set.
  std::optional<std::int64_t> initiated_by = {};
  /// Goes on with the user's latest run of the transform, if there is one, instead of starting another.
  bool resume = false;
  bool tracked = true;  ///< makes it the instance's tracked run; false: the caller says which calls belong to it
};

/// Starts a run and makes it the instance's tracked run (Session::run), unless told otherwise: everything saved after
/// this is its output.
/// Throws invalid_argument if the transform is not saved or params_json is not an object.
Record start_run(Instance& instance, const Record& transform, const RunOptions& options = {});
enum class RunStatus { scheduled = -3, restarted = -2, started = -1, completed = 0, errored = 1, aborted = 2 };
/// Records status and time; no run is tracked after this. `report` (logs) and `environment` (requirements, or a lock
/// file of this name) are texts, stored as artifacts of kind __lamindb_run__ and shared by hash; empty = none.
void finish_run(Instance& instance, Record& run, RunStatus status, const std::string& report = {});
/// The same with what is in a file, of any size.
void finish_run_with_log(Instance& instance, Record& run, RunStatus status, const std::filesystem::path& log);
void save_environment(Instance& instance, Record& run, const std::string& environment,
                      const std::string& name = "requirements.txt");

/// Where the cells of a notebook (.ipynb) did not run one after the other: "[(1, 3)]"; "" if nowhere. The cell that
/// ends the run does not count. Throws what source_of throws.
std::string execution_gaps(const std::filesystem::path& notebook);
/// Stores what the source file of a run says now, and of a notebook its title; returns the run's transform. Source that
/// is that of an earlier version makes the run one of that version. Saves the run; its status stays.
Record save_run_source(Instance& instance, Record& run, const std::filesystem::path& file);
/// Stores a page as the report of a notebook's run, and whether its cells ran one after the other: of .ipynb the
/// executed notebook, otherwise the HTML or the executed notebook beside the file. False: there is none.
bool save_run_report(Instance& instance, Record& run, const std::filesystem::path& file);
/// Makes the run whose uid is in the environment variable LAMIN_RUN the tracked run, otherwise the one noted by
/// `keep_run`. nullopt if there is neither, or LAMIN_RUN is empty or "none". Throws not_found if it is no run's uid.
std::optional<Record> resume_run(Instance& instance);
/// Notes for this user and instance that a run continues in later processes, such as the next lines of a shell script.
void keep_run(Instance& instance, const Record& run);
void forget_run(Instance& instance);
/// Notes a saved artifact, collection or record as an input of the tracked run, unless the run made it. Does nothing
/// without a run. Throws invalid_argument for rows of other registries.
void track_input(Instance& instance, const Record& dataset);

/// One step of a lineage: a run, its inputs and outputs. What a run both read and wrote counts as its output.
struct LineageStep {
  Record run = {}, transform = {};
  std::vector<Record> inputs = {}, outputs = {};
};
enum class Direction { upstream, downstream };
/// Steps that led to a dataset, nearest first, each run once; downstream, those that used it or its results.
/// Throws invalid_argument if it is not an artifact, collection or record.
std::vector<LineageStep> lineage(Instance& instance, const Record& dataset, Direction direction = Direction::upstream);
}  // namespace lamin
