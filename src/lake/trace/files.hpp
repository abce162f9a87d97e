// files.hpp -- the files of a trace: who made each, which are kept, and which artifacts a task was made from.
//
// Invariants
//   1. A file is known by its place with links resolved. What a task hands on without making it (a link to its input)
//      is not its output. Of several tasks with the same output, the innermost and first made it.
//   2. A file that is not kept stands for what it was made from, through any number of tasks.
//   3. A file is not taken for what the trace says if it has changed since: by digest, size and time if the trace has
//      them, otherwise by its time.
#pragma once
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>
#include "lamin/artifact.hpp"
#include "lamin/trace.hpp"

namespace lamin::lake {

/// Stands for the workflow where a task is meant.
inline constexpr std::size_t no_task = static_cast<std::size_t>(-1);

/// A file that becomes an artifact.
struct Kept {
  Draft draft;
  std::size_t task = no_task;  ///< that made it
  bool is_input = false;       ///< from outside: no run made it
  bool is_output =
      true;  ///< of the workflow, or to be kept; false: known because it was saved before, perhaps by a program
};

/// Where data comes from: artifacts that exist, and files that will be artifacts (positions in `kept`).
struct Sources {
  std::set<std::int64_t> artifacts;
  std::set<std::size_t> kept;
  void add(const Sources& more) {
    artifacts.insert(more.artifacts.begin(), more.artifacts.end());
    kept.insert(more.kept.begin(), more.kept.end());
  }
};

class TraceFiles {
 public:
  /// Reads all files that matter, once each. `runs`: existing ones of the trace, and of programs inside of
  /// its tasks; `saved`: the artifacts that these have made, which did not come from outside.
  TraceFiles(Instance& instance, const Trace& trace, const ImportRunOptions& options, const std::vector<Record>& saved,
             std::set<std::int64_t> runs);

  std::vector<Kept>& kept() { return kept_; }
  /// What a task read, and what that was made from.
  const Sources& inputs_of(std::size_t task) const { return inputs_[task]; }
  /// What came from outside.
  const Sources& inputs() const { return outside_; }
  const std::set<std::string>& unknown_inputs() const { return unknown_; }
  const std::vector<std::string>& lost() const { return lost_; }

 private:
  using Place = std::filesystem::path;
  Place given(const std::string& path) const;
  Place place(const std::string& path) const;
  bool unchanged(const TraceFile& file, const Place& at, const std::optional<Time>& before) const;
  std::string key_of(const TraceFile& file) const;
  void find_makers();
  void find_common_folder();
  std::size_t maker_of(const Place& at) const;
  std::optional<std::size_t> kept_at(const Place& at) const;
  void keep_published();
  void keep_task_outputs();
  void keep_saved(const std::vector<Record>& saved);
  void keep_if_saved(const TraceFile& file, const Place& at, std::size_t task, const std::set<std::int64_t>& ids);
  void keep(const TraceFile& file, const Place& source, std::size_t task, const std::optional<Time>& before);
  void link_inputs();
  Sources sources_of(std::size_t task, std::set<std::size_t>& open);
  Sources from_outside(const TraceFile& file, const Place& at, const std::optional<Time>& started);
  std::optional<std::int64_t> artifact_of(const TraceFile& file, const Place& at, const std::optional<Time>& started);

  Instance& instance_;
  const Trace& trace_;
  const ImportRunOptions& options_;
  std::set<std::int64_t> runs_;
  Place folder_, dev_folder_, common_;
  std::unordered_map<std::string, std::size_t> made_;      ///< place → task
  std::unordered_map<std::string, std::size_t> kept_by_;   ///< place, of the copy and of its source → position
  std::unordered_map<std::string, Sources> from_outside_;  ///< place → what it is
  std::vector<Kept> kept_;
  std::vector<Sources> inputs_;
  std::vector<char> done_;
  Sources outside_;
  std::set<std::string> unknown_;
  std::vector<std::string> lost_;
};

}  // namespace lamin::lake
