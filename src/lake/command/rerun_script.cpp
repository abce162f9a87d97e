// rerun_script.cpp -- a script or notebook that tracks itself, again: it calls ln.track() as before, which finds the
// scratch instance, and what it saves there is compared with what its run has saved.
#include <fmt/format.h>
#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <thread>
#include "base/path.hpp"
#include "base/redact.hpp"
#include "base/text.hpp"
#include "lake/command/glob.hpp"
#include "lake/command/machine.hpp"
#include "lake/command/match.hpp"
#include "lake/command/rerun_parts.hpp"
#include "lake/command/scratch.hpp"
#include "lamin/artifact.hpp"
#include "lamin/lineage.hpp"
#include "process/command.hpp"
#include "process/keeper.hpp"

namespace lamin::lake {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void refuse(const Record& run, const std::string& why) {
  throw Error(Code::unsupported, fmt::format("run {} cannot be done again: {}", run.uid(), why));
}

class ScriptRerunner {
 public:
  ScriptRerunner(Instance& instance, const Record& run, const RerunOptions& options)
      : instance_(instance), run_(run), options_(options) {
    const auto transform = instance.database().related_one(run, *run.table().find_relation("transform"));
    if (!transform) throw Error(Code::corrupt, fmt::format("run {} has no transform", run.uid()));
    transform_ = *transform;
    check();
    answer_.run = run.uid();
    answer_.recorded_exit_status = run.at("_status_code").integer_or(0) == 0 ? 0 : 1;
  }

  Rerun verify() {
    const RerunFolder folder(options_);
    Scratch scratch(instance_, run_, folder.path());
    scratch.bind(folder.work());
    source_ = write_source(transform_, folder.work(), true);
    place_inputs(folder);
    note_packages(recorded_packages(instance_, run_), packages_of_python(python_), answer_.notes);
    execute(folder, scratch);
    if (is_notebook()) wait_for_report(scratch);
    compare(scratch);
    return std::move(answer_);
  }

 private:
  bool is_notebook() const { return fs::path(std::string(transform_.text("key"))).extension() == ".ipynb"; }

  void check() {
    const fs::path key(std::string(transform_.text("key")));
    if (transform_.at("source_code").is_null())
      refuse(run_, fmt::format("no source code is kept of its transform {}", transform_.uid()));
    if (key.extension() != ".py" && key.extension() != ".ipynb")
      refuse(run_, fmt::format("its transform '{}' is not a Python script or notebook", key.string()));
    if (key.string().starts_with("pypackages/"))
      refuse(run_, fmt::format("'{}' is a module of a package, not a program", key.string()));
    check_source_is_whole(transform_);
    if (run_.text("cli_args").find(base::redaction_mark) != std::string_view::npos)
      refuse(run_, "its arguments had a secret, which is not kept");
    const auto status = run_.at("_status_code").integer_or(0);
    if (status < 0) refuse(run_, "it has not ended");
    if (status == static_cast<std::int64_t>(RunStatus::aborted)) refuse(run_, "it was aborted");
    python_ = find_python();
  }

  fs::path find_python() const {
    if (!options_.python.empty()) return process::find_program(options_.python.string());
    for (const auto* name : {"python", "python3"}) {
      try {
        return process::find_program(name);
      } catch (const Error& error) {
        if (error.code() != Code::not_found) throw;
      }
    }
    refuse(run_, "there is no Python on the PATH; name one with --python");
  }

  std::vector<std::string> arguments() const {
    std::vector<std::string> words;
    for (auto& word : base::split(std::string(run_.text("cli_args")), ' '))
      if (!word.empty()) words.push_back(std::move(word));
    return words;
  }

  /// Files that no artifact stands for: those that the caller names, and arguments that are files.
  void place_inputs(const RerunFolder& folder) {
    const auto here = base::resolve(fs::current_path());
    std::vector<std::string> paths;
    for (const auto& pattern : options_.inputs) {
      const auto found = files_matching(pattern, here);
      if (found.empty()) throw Error(Code::not_found, fmt::format("no file matches '{}'", pattern));
      paths.insert(paths.end(), found.begin(), found.end());
    }
    for (const auto& word : arguments()) {
      const auto path = base::resolve(here / word);
      if (fs::path(word).is_relative() && fs::is_regular_file(path)) paths.push_back(path.string());
    }
    std::ranges::sort(paths);
    paths.erase(std::ranges::unique(paths).begin(), paths.end());
    for (const auto& path : paths) {
      const auto inside = base::relative_key(here, path);
      if (inside.empty() || base::resolve(folder.work() / inside) == source_) continue;
      place_copy(path, folder.work() / inside);
      answer_.notes.push_back(fmt::format("'{}' is taken as it is now", inside));
    }
  }

  void execute(const RerunFolder& folder, const Scratch& scratch) {
    process::Command command{.words = {python_.string()},
                             .folder = folder.work(),
                             .variables = scratch.variables(),
                             .method = process::Method::seccomp,
                             .data = data_folders(instance_),
                             .pass_signals = options_.pass_signals,
                             .default_pipe_signal = !options_.pass_signals,
                             .writable = {folder.path().string() + "/"},
                             .printed = options_.printed};
    for (const auto* name : {"LAMIN_RUN", "LAMIN_INITIATED_BY_RUN_UID", "LAMIN_CURRENT_PROJECT"})
      command.variables.emplace_back(name, "");
    command.variables.emplace_back("TMPDIR", (folder.path() / "tmp").string());
    auto& words = command.words;
    if (is_notebook()) {
      words.insert(words.end(), {"-m", "nbconvert", "--to", "notebook", "--execute", "--inplace", source_.string()});
    } else {
      words.push_back(source_.string());
      for (auto& word : arguments()) words.push_back(std::move(word));
    }
    auto result = process::run(command);
    result.keeper->done();
    answer_.exit_status = result.exit_status == 0 ? 0 : 1;
    for (const auto& path : result.refused)
      answer_.notes.push_back(fmt::format("it wanted to change '{}', outside of its folder: refused", path));
  }

  /// The run of the program; nullopt if it has started none.
  std::optional<Record> new_run(Scratch& scratch) const {
    auto& instance = scratch.opened();
    const auto runs = instance.database().all(
        {.registry = "Run",
         .where = Expr::all_of({Expr::compare("id", Op::gt, Value(scratch.last_run())),
                                Expr::compare("transform.key", Op::exact, transform_.at("key"))}),
         .order_by = {"id"},
         .any_branch = true});
    const auto same = std::ranges::find_if(
        runs, [&](const Record& run) { return run.text("entrypoint") == run_.text("entrypoint"); });
    return same == runs.end() ? std::nullopt : std::optional(*same);
  }

  /// Another process keeps the page of an executed notebook, in this folder.
  void wait_for_report(Scratch& scratch) const {
    using namespace std::chrono_literals;
    for (int i = 0; i < 100; ++i) {
      const auto run = new_run(scratch);
      if (!run || run->at("finished_at").is_null() || !run->at("report").is_null()) return;
      std::this_thread::sleep_for(100ms);
    }
  }

  void compare(Scratch& scratch) {
    const auto now = new_run(scratch);
    if (!now) answer_.notes.emplace_back("it has not called ln.track() this time");
    const auto made = now ? outputs_of(scratch.opened(), *now) : std::vector<Record>();
    std::vector<Record> expected = outputs_of(instance_, run_);
    for (const auto& artifact : expected)
      answer_.outputs.push_back(compare_saved_output(instance_, artifact, scratch.opened(), made, options_));
    for (const auto& artifact : made) {
      const auto same = [&](const Record& one) { return are_the_same_output(one, artifact); };
      if (!std::ranges::any_of(expected, same))
        answer_.notes.push_back(fmt::format("it has also saved {}, which the run did not", named(artifact)));
    }
  }

  Instance& instance_;
  const Record& run_;
  const RerunOptions& options_;
  Record transform_;
  fs::path python_, source_;
  Rerun answer_;
};

}  // namespace

Rerun rerun_script(Instance& instance, const Record& run, const RerunOptions& options) {
  return ScriptRerunner(instance, run, options).verify();
}

}  // namespace lamin::lake
