// import_run.cpp -- a trace becomes transforms, runs and artifacts.
//
// Files are read first; then one commit writes everything:
//   first   transforms, runs, inputs that exist already
//   rows    artifacts, each as the output of its run
//   last    inputs that the commit has made, logs and environments
//
// Invariants
//   1. The uid of a run follows from engine and id, so two imports at once cannot make it twice.
//   2. A run that has ended is not changed any more, except that a task belongs to the workflow run that executed it
//      rather than to one that took it from the cache.
//   3. Programs inside of a task that track themselves name the workflow's run as the one that started them (its uid is
//      in their environment); here they pass to the task's run, and what they have saved stays theirs.
#include <fmt/format.h>
#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <set>
#include <unordered_map>
#include "base/redact.hpp"
#include "lake/artifact/commit.hpp"
#include "lake/artifact/place.hpp"
#include "lake/lineage/attach.hpp"
#include "lake/rows/run_scope.hpp"
#include "lake/trace/files.hpp"
#include "lake/trace/run_rows.hpp"
#include "lake/trace/transforms.hpp"
#include "lamin/lineage.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace lake {
namespace {

class Import {
 public:
  Import(Instance& instance, const Trace& trace, const ImportRunOptions& options)
      : instance_(instance),
        database_(instance.database()),
        trace_(trace),
        of_(trace.workflow),
        options_(options),
        runs_(instance.catalog().table("Run")),
        gone_(is_gone(trace.workflow)),
        transforms_(instance, trace.workflow, options.key) {
    for (std::size_t i = 0; i < trace.tasks.size(); ++i) {
      task_at_.emplace(trace.tasks[i].id, i);
      uids_.push_back(run_uid(of_.engine, "task", trace.tasks[i].id));
    }
    uids_.push_back(run_uid(of_.engine, "workflow", of_.id));
    find_levels();
    find_starter();
    known_ = existing();
    read_files();
  }

  ImportedRun run() {
    prepare_texts();
    std::vector<Draft*> drafts;
    for (auto& kept : files_->kept()) drafts.push_back(&kept.draft);
    for (auto& text : texts_) drafts.push_back(&text.draft);
    commit(instance_, drafts, {.first = [&] { first(); }, .last = [&] { last(); }});
    result_.unknown_inputs.assign(files_->unknown_inputs().begin(), files_->unknown_inputs().end());
    result_.lost = files_->lost();
    for (const auto& kept : files_->kept()) {
      if (!kept.is_input && kept.is_output) result_.outputs.push_back(kept.draft.record);
    }
    result_.tasks = static_cast<std::int64_t>(trace_.tasks.size());
    return std::move(result_);
  }

 private:
  struct Text {
    Draft draft;
    std::vector<std::pair<std::size_t, const char*>> runs;  ///< position, field
  };

  std::size_t workflow() const { return trace_.tasks.size(); }  ///< its position among the runs
  // -- before the transaction --------------------------------------------------------------------------------------

  /// Tasks in the order in which their runs can be made: callers first.
  void find_levels() {
    std::vector<std::size_t> pending(trace_.tasks.size());
    for (std::size_t i = 0; i < pending.size(); ++i) pending[i] = i;
    std::set<std::size_t> placed;
    while (!pending.empty()) {
      std::vector<std::size_t> level, rest;
      for (const auto i : pending) {
        const auto& parent = trace_.tasks[i].parent;
        const auto at = parent.empty() ? task_at_.end() : task_at_.find(parent);
        if (!parent.empty() && at == task_at_.end())
          throw Error(Code::invalid_argument, fmt::format("task '{}' names '{}' as its parent, but the trace has no "
                                                          "such task",
                                                          trace_.tasks[i].id, parent));
        (parent.empty() || placed.contains(at->second) ? level : rest).push_back(i);
      }
      if (level.empty())
        throw Error(Code::invalid_argument,
                    fmt::format("task '{}' is its own parent, through others", trace_.tasks[pending.front()].id));
      placed.insert(level.begin(), level.end());
      levels_.push_back(std::move(level));
      pending = std::move(rest);
    }
  }

  /// The run in which the engine was started.
  void find_starter() {
    starter_ = database_.session().run;
    if (starter_ != 0) return;
    const char* uid = std::getenv("LAMIN_INITIATED_BY_RUN_UID");
    if (uid == nullptr || *uid == '\0' || uid == uids_.back()) return;
    if (const auto run = database_.find(runs_, std::string_view(uid))) starter_ = run->id();
  }

  void read_files() {
    std::set<std::int64_t> runs;
    for (const auto& [uid, run] : known_) runs.insert(run.id());
    for (const auto& run : nested_runs()) runs.insert(run.id());
    std::vector<Record> saved;
    if (!runs.empty())
      saved = database_.all({.registry = "Artifact",
                             .where = Expr::in("run", std::vector<Value>(runs.begin(), runs.end())),
                             .order_by = {"id"}});
    files_ = std::make_unique<TraceFiles>(instance_, trace_, options_, saved, std::move(runs));
  }

  /// Runs of programs inside of the tasks.
  std::vector<Record> nested_runs() {
    std::vector<Record> nested;
    std::vector<Value> callers;
    for (const auto& [uid, run] : known_) callers.emplace_back(run.id());
    if (callers.empty()) return nested;
    const std::set<std::string> ours(uids_.begin(), uids_.end());
    nested = database_.all({.registry = "Run",
                            .where = Expr::in("initiated_by_run", std::move(callers)),
                            .order_by = {"id"},
                            .any_branch = true});
    // Tasks of an earlier trace of this workflow run are none.
    std::erase_if(nested, [&](const Record& run) {
      return ours.contains(std::string(run.uid())) || run.text("reference_type") == of_.engine;
    });
    return nested;
  }

  void prepare_texts() {
    const auto add = [&](std::size_t run, const char* field, const std::optional<TraceText>& text,
                         const std::string& otherwise) {
      const auto row = known_.find(uids_[run]);
      if (!text || text->text.empty() || (row != known_.end() && !row->second.at(field).is_null())) return;
      const auto name = text->name.empty() ? otherwise : text->name;
      const auto [at, is_new] = text_at_.try_emplace(name + "\n" + text->text, texts_.size());
      if (is_new) {
        ArtifactOptions options{.source = Source::of_bytes(base::redact_text(text->text), file_name(name)),
                                .description = name,
                                .kind = "__lamindb_run__",
                                .run = 0};
        texts_.push_back({.draft = prepare(instance_, options, Telling::nothing), .runs = {}});
      }
      texts_[at->second].runs.emplace_back(run, field);
    };
    add(workflow(), "environment", of_.environment, "environment.txt");
    add(workflow(), "report", of_.log, "log.txt");
    for (std::size_t i = 0; i < trace_.tasks.size(); ++i) {
      add(i, "environment", trace_.tasks[i].environment, "environment.txt");
      add(i, "report", trace_.tasks[i].log, "log.txt");
    }
  }

  std::map<std::string, Record> existing() {
    std::map<std::string, Record> rows;
    constexpr std::size_t batch = 500;
    for (std::size_t at = 0; at < uids_.size(); at += batch) {
      std::vector<Value> some;
      for (std::size_t i = at; i < std::min(uids_.size(), at + batch); ++i) some.emplace_back(uids_[i]);
      for (auto& row :
           database_.all({.registry = "Run", .where = Expr::in("uid", std::move(some)), .any_branch = true})) {
        const std::string uid(row.uid());
        rows.emplace(uid, std::move(row));
      }
    }
    return rows;
  }

  // -- in the transaction ------------------------------------------------------------------------------------------

  void first() {
    const RunScope untracked(database_, 0);
    result_ = {};
    transforms_.begin();
    known_ = existing();
    ids_.assign(uids_.size(), 0);
    result_.transform = transforms_.workflow();
    result_.run = workflow_run();
    for (const auto& level : levels_) task_runs(level);
    set_runs_of_drafts();
    adopt_nested_runs();
    link(true);
  }

  void last() {
    link(false);
    for (const auto& text : texts_) {
      for (const auto& [run, field] : text.runs) {
        auto row = *database_.find(runs_, ids_[run]);
        if (!row.at(field).is_null()) continue;
        row.set(field, text.draft.record.id());
        registry::Writes(database_).save(row);
        if (run == workflow()) result_.run = std::move(row);
      }
    }
  }

  Record workflow_run() {
    const auto known = known_.find(uids_.back());
    Record run = known == known_.end() ? Record(runs_) : known->second;
    if (known == known_.end() || !has_ended(run)) {
      const auto before = run.values();
      run.set("transform", result_.transform.id()).set("uid", Value(uids_.back()));
      fill_run(run, of_, gone_);
      if (starter_ != 0 && run.at("initiated_by_run").is_null()) run.set("initiated_by_run", starter_);
      if (known == known_.end()) ++result_.new_runs;
      if (run.values() != before) registry::Writes(database_).save(run);
    }
    ids_.back() = run.id();
    return run;
  }

  /// Those of one level, the new ones in bulk.
  void task_runs(const std::vector<std::size_t>& level) {
    std::vector<Record> fresh;
    std::vector<std::size_t> positions;
    for (const auto i : level) {
      const auto& task = trace_.tasks[i];
      const auto known = known_.find(uids_[i]);
      if (known == known_.end()) {
        fresh.push_back(filled(Record(runs_), i));
        positions.push_back(i);
        continue;
      }
      auto run = known->second;
      const auto before = run.values();
      ids_[i] = run.id();
      if (task.cached) ++result_.cached;
      if (!has_ended(run)) run = filled(std::move(run), i);
      else if (!task.cached) run.set("initiated_by_run", caller_of(i));
      if (run.values() != before) registry::Writes(database_).save(run);
    }
    if (fresh.empty()) return;
    registry::Writes(database_).insert(fresh, {.ignore_conflicts = false, .undoes = false});
    for (std::size_t i = 0; i < fresh.size(); ++i) ids_[positions[i]] = fresh[i].id();
    result_.new_runs += static_cast<std::int64_t>(fresh.size());
  }

  std::int64_t caller_of(std::size_t i) const {
    const auto& parent = trace_.tasks[i].parent;
    return parent.empty() ? ids_.back() : ids_[task_at_.at(parent)];
  }

  Record filled(Record run, std::size_t i) {
    const auto& task = trace_.tasks[i];
    run.set("transform", transforms_.process(task).id()).set("uid", Value(uids_[i]));
    fill_run(run, task, of_.engine, gone_);
    run.set("initiated_by_run", caller_of(i));
    return run;
  }

  void set_runs_of_drafts() {
    for (auto& kept : files_->kept()) {
      if (kept.is_input) continue;
      kept.draft.run = ids_[kept.task == no_task ? workflow() : kept.task];
      if (!kept.draft.existing) kept.draft.record.set("run", kept.draft.run);
    }
  }

  /// See invariant 3. A run is matched by what it has saved, otherwise by its time, if only one task can have had it.
  /// What its task read, it read.
  void adopt_nested_runs() {
    nested_.clear();
    for (auto& run : nested_runs()) {
      for (auto& kept : files_->kept()) {
        if (kept.draft.existing && kept.draft.record.at("run").integer_or(0) == run.id()) kept.draft.run = 0;
      }
      const auto caller = run.at("initiated_by_run").integer_or(0);
      const auto known = std::find(ids_.begin(), ids_.end() - 1, caller);
      const auto task = known != ids_.end() - 1 ? static_cast<std::size_t>(known - ids_.begin()) : task_with(run);
      if (task == no_task) continue;
      nested_.emplace_back(run.id(), task);
      if (caller == ids_[task]) continue;
      run.set("initiated_by_run", ids_[task]);
      registry::Writes(database_).save(run);
    }
  }

  std::size_t task_with(const Record& run) {
    for (const auto& kept : files_->kept()) {
      if (kept.draft.existing && kept.task != no_task && kept.draft.record.at("run").integer_or(0) == run.id())
        return kept.task;
    }
    const auto* started = std::get_if<Time>(&run.at("started_at"));
    std::size_t found = no_task;
    for (std::size_t i = 0; started != nullptr && i < trace_.tasks.size(); ++i) {
      const auto& task = trace_.tasks[i];
      if (task.cached || !task.started || *started < *task.started) continue;
      if (task.finished && *started > *task.finished) continue;
      if (found != no_task) return no_task;
      found = i;
    }
    return found;
  }

  /// Inputs that exist already before the outputs are written, so that what is both counts as input; others after.
  void link(bool existing) {
    std::vector<std::pair<std::int64_t, std::int64_t>> pairs;
    const auto add = [&](const Sources& sources, std::int64_t run) {
      if (existing) {
        for (const auto artifact : sources.artifacts) pairs.emplace_back(artifact, run);
      }
      for (const auto position : sources.kept) {
        const auto& kept = files_->kept()[position];
        if (kept.draft.existing != existing && existing) continue;
        if (kept.draft.record.at("run").integer_or(0) == run || (!kept.is_input && kept.draft.run == run)) continue;
        if (kept.draft.record.saved()) pairs.emplace_back(kept.draft.record.id(), run);
      }
    };
    for (std::size_t i = 0; i < trace_.tasks.size(); ++i) add(files_->inputs_of(i), ids_[i]);
    for (const auto& [run, task] : nested_) add(files_->inputs_of(task), run);
    add(files_->inputs(), ids_.back());
    std::sort(pairs.begin(), pairs.end());
    pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
    const auto& table = instance_.catalog().table("Artifact");
    if (!pairs.empty()) registry::Writes(database_).add_pairs(*table.find_relation("input_of_runs"), pairs);
  }

  Instance& instance_;
  Database& database_;
  const Trace& trace_;
  const TraceWorkflow& of_;
  const ImportRunOptions& options_;
  const schema::Table& runs_;
  bool gone_;
  TraceTransforms transforms_;
  std::unique_ptr<TraceFiles> files_;
  std::unordered_map<std::string, std::size_t> task_at_;  ///< id → position
  std::vector<std::string> uids_;                         ///< of the tasks' runs, and of the workflow's
  std::vector<std::int64_t> ids_;                         ///< the same rows
  std::vector<std::vector<std::size_t>> levels_;
  std::map<std::string, Record> known_;                       ///< existing runs by uid
  std::vector<std::pair<std::int64_t, std::size_t>> nested_;  ///< runs of programs inside of tasks, and which
  std::vector<Text> texts_;
  std::map<std::string, std::size_t> text_at_;
  std::int64_t starter_ = 0;
  ImportedRun result_;
};

void check(const Trace& trace) {
  if (trace.workflow.engine.empty() || trace.workflow.id.empty())
    throw Error(Code::invalid_argument, "a trace needs the name of its engine and the id of the workflow's run");
  std::set<std::string> ids;
  for (const auto& task : trace.tasks) {
    if (task.id.empty() || task.process.empty())
      throw Error(Code::invalid_argument, "a task of a trace needs an id and the name of its process");
    if (!ids.insert(task.id).second)
      throw Error(Code::invalid_argument, fmt::format("two tasks of the trace have the id '{}'", task.id));
  }
}

}  // namespace
}  // namespace lake

ImportedRun import_run(Instance& instance, const Trace& trace, const ImportRunOptions& options) {
  lake::check(trace);
  // Somebody else may import the same workflow right now: then its rows are there the next time.
  for (int attempt = 1;; ++attempt) {
    try {
      return lake::Import(instance, trace, options).run();
    } catch (Error& error) {
      if (error.code() == Code::conflict && attempt < 3) continue;
      error.add_context(fmt::format("while importing run '{}' of {}", trace.workflow.id, trace.workflow.engine));
      throw;
    }
  }
}

}  // namespace lamin
