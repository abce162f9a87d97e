// run.cpp -- a command as a run: recorded before it starts, observed, and recorded again when it has ended.
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>
#include <algorithm>
#include <boost/json/object.hpp>
#include <cstring>
#include <map>
#include <set>
#include "base/json.hpp"
#include "base/module.hpp"
#include "base/path.hpp"
#include "base/redact.hpp"
#include "base/time.hpp"
#include "lake/artifact/commit.hpp"
#include "lake/artifact/place.hpp"
#include "lake/command/arguments.hpp"
#include "lake/command/facts.hpp"
#include "lake/command/files.hpp"
#include "lake/command/glob.hpp"
#include "lake/command/machine.hpp"
#include "lake/command/match.hpp"
#include "lake/command/outputs.hpp"
#include "lake/command/run_log.hpp"
#include "lake/command/script.hpp"
#include "lake/lineage/attach.hpp"
#include "lake/rows/run_scope.hpp"
#include "lamin/command.hpp"
#include "lamin/lineage.hpp"
#include "lamin/save.hpp"
#include "process/command.hpp"
#include "process/keeper.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace fs = std::filesystem;
namespace lake {
namespace {

std::optional<process::Method> method_called(const std::string& name) {
  using process::Method;
  if (name.empty()) return std::nullopt;
  for (const auto method : {Method::seccomp, Method::ptrace, Method::preload, Method::declared})
    if (process::name_of(method) == name) return method;
  throw Error(Code::invalid_argument,
              fmt::format("observer is 'seccomp', 'ptrace', 'preload' or 'declared', not '{}'", name));
}

/// `lamin`, for the case that this process is killed; "" if it is not found.
std::string shell_program(const fs::path& given) {
  std::error_code failed;
  if (!given.empty()) return given.string();
  const auto self = fs::read_symlink("/proc/self/exe", failed);
  if (self.filename() == "lamin") return self.string();
  const auto beside = base::library_folder().parent_path() / "bin" / "lamin";
  if (fs::exists(beside, failed)) return beside.string();
  try {
    return process::find_program("lamin");
  } catch (const Error&) { return ""; }
}

class CommandRunner {
 public:
  CommandRunner(Instance& instance, const CommandOptions& options)
      : instance_(instance),
        options_(options),
        folder_(base::resolve(options.folder.empty() ? fs::current_path() : options.folder)) {
    if (options.words.empty())
      throw Error(Code::invalid_argument, "there is no command: pass a program and its arguments");
    method_ = method_called(options.observer);
    auto local = with_paths(instance, options.words, options.access);
    addressed_ = std::move(local.inputs);
    words_ = with_interpreter(std::move(local.words), folder_);
    given_words_ = options.words;  // addresses are the same on every machine
    given_words_.insert(given_words_.begin(), words_.begin(),
                        words_.begin() + static_cast<std::ptrdiff_t>(words_.size() - options.words.size()));
    program_ = process::find_program(words_[0], folder_);
    script_ = script_of(words_, program_, folder_);
    outputs_.emplace(instance, options, words_, folder_);
    if (!script_ || script_->word > 0) tool_version_ = version_of(program_);
  }

  CommandPlan plan() {
    CommandPlan plan{.words = words_, .inputs = addressed_, .tool_version = tool_version_};
    const auto draft = prepare_transform(instance_, script_ ? of_script() : of_program());
    plan.transform_key = draft.record.text("key");
    if (draft.existing) plan.transform = draft.record.uid();
    plan.outputs = outputs_->planned();
    return plan;
  }

  CommandRun run() {
    instance_.database().transaction([&] { begin(); });  // transform and run in one commit
    Log log(std::string(answer_.run.uid()));
    const auto declared = inputs_declared();
    auto result = process::run(command(log));
    if (result.not_started != 0) say_not_started(result.not_started, log);
    finish(result, declared, log);
    result.keeper->done();
    log.finished = true;
    return std::move(answer_);
  }

 private:
  void begin() {
    auto& transform = answer_.transform;
    const auto before = script_ ? static_cast<std::ptrdiff_t>(script_->word) + 1 : 1;
    std::vector<std::string> arguments(given_words_.begin() + before, given_words_.end());
    if (script_) {
      TrackOptions track{.path = script_->file, .key = key_of_script(), .kind = "script"};
      transform = track_transform(instance_, track).record;
    } else {
      transform = make_transform(instance_, of_program());
    }
    for (auto& argument : arguments) argument = as_text(argument);
    RunOptions run{.name = options_.name, .params_json = params(), .arguments = arguments, .tracked = false};
    if (const auto outer = instance_.session().run; outer != 0) run.initiated_by = outer;
    answer_.run = start_run(instance_, transform, run);
    if (!options_.description.empty()) answer_.run.set("description", Value(options_.description));
  }

  TransformOptions of_program() const {
    const auto name = fs::path(words_[0]).filename().string();
    return {.key = options_.key.empty() ? name : options_.key,
            .kind = "script",
            .source_code = shell_line(given_words_) + "\n"};
  }

  TransformOptions of_script() const {
    auto source = source_of(script_->file);
    auto key = key_of_script();
    return {.key = key.empty() ? source.key : std::move(key), .kind = "script", .source_code = std::move(source.code)};
  }

  /// A script that is an artifact is not called by its place in the storage.
  std::string key_of_script() const {
    if (!options_.key.empty()) return options_.key;
    const auto at = std::ranges::find(addressed_, given_words_[script_->word], &LocalArtifact::uri);
    if (at == addressed_.end()) return "";
    const auto name = at->artifact.at("n_files").is_null() ? fs::path(std::string(at->artifact.text("key"))) : at->path;
    return name.filename().string();
  }

  std::string params() const {
    if (tool_version_.empty()) return options_.params_json;
    auto all =
        options_.params_json.empty() ? boost::json::object() : base::parse_json(options_.params_json).as_object();
    if (!all.contains("tool_version")) all["tool_version"] = tool_version_;
    return base::write_json(all);
  }

  std::vector<std::pair<std::string, std::string>> variables() const {
    const std::string uid(answer_.run.uid());
    std::vector<std::pair<std::string, std::string>> all{{"LAMIN_RUN", uid},
                                                         {"LAMIN_INITIATED_BY_RUN_UID", uid},
                                                         {"LAMIN_INPUT_PATHS", input_paths_json(addressed_)},
                                                         {"LAMIN_MOUNTS", "{}"}};
    if (!options_.projects.empty()) all.emplace_back("LAMIN_CURRENT_PROJECT", options_.projects[0].text("name"));
    return all;
  }

  process::Command command(const Log& log) const {
    const std::string uid(answer_.run.uid());
    process::Command command{.words = words_,
                             .folder = options_.folder.empty() ? fs::path() : folder_,
                             .variables = variables(),
                             .method = method_,
                             .data = data_folders(instance_),
                             .log = log.path(),
                             .pass_signals = options_.pass_signals,
                             .default_pipe_signal = !options_.pass_signals,
                             .printed = options_.printed};
    if (const auto lamin = shell_program(options_.lamin); !lamin.empty())
      command.if_killed = {lamin,   "abort-run",        uid, "--instance", instance_.settings().slug(),
                           "--log", log.path().string()};
    return command;
  }

  void say_not_started(int error, const Log& log) const {
    const auto text = fmt::format("'{}' cannot be executed: {}\n", words_[0], std::strerror(error));
    const process::Descriptor file(::open(log.path().c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
    process::write_all(file.number(), text);
    instance_.say(Level::warning, text.substr(0, text.size() - 1));
  }

  /// Before the command changes them.
  std::set<std::string> inputs_declared() const {
    std::set<std::string> all;
    for (const auto& pattern : options_.inputs)
      for (auto& path : files_matching(pattern, folder_)) all.insert(std::move(path));
    std::error_code failed;
    for (const auto& input : addressed_)
      if (fs::is_regular_file(input.path, failed)) all.insert(base::resolve(input.path).string());
    return all;
  }

  void finish(process::Result& result, const std::set<std::string>& declared, const Log& log) {
    answer_.exit_status = result.exit_status;
    answer_.observer = process::name_of(result.method);
    answer_.not_better = result.not_better;
    answer_.seconds = result.seconds;
    answer_.cpu_seconds = result.user_seconds + result.system_seconds;
    answer_.peak_memory = result.peak_memory;
    answer_.environment_files = result.environment_files;
    files_ = outputs_->collect(result, declared);
    match_inputs(instance_, files_);
    std::map<std::string, const Record*> by_path;
    for (const auto& input : addressed_) by_path.emplace(base::resolve(input.path).string(), &input.artifact);
    for (auto& file : files_)
      if (const auto at = by_path.find(file.use.path); at != by_path.end()) file.artifact = *at->second;
    auto drafts = outputs(result.exit_status == 0);
    write(result, drafts, log);
    for (auto& file : files_) list(file);
  }

  std::vector<Draft> outputs(bool succeeded) {
    std::vector<Draft> drafts;
    if (!succeeded && !options_.save_failed) return drafts;
    for (auto& file : files_) {
      if (!outputs_->has(file)) continue;
      try {
        drafts.push_back(output(file.use.path));
        output_files_.push_back(&file);
      } catch (const Error& error) {  // a name that is no key, a file that may not be read: the others are registered
        if (error.code() == Code::unavailable || error.code() == Code::internal) throw;
        instance_.say(Level::warning, fmt::format("'{}' is not registered: {}", as_text(file.use.path), error.what()));
      }
    }
    return drafts;
  }

  Draft output(const std::string& path) {
    auto draft = prepare(instance_, {.source = Source(path), .key = outputs_->key_of(path), .run = answer_.run.id()},
                         Telling::nothing);
    if (draft.existing && made_inside(draft.record)) draft.run = 0;  // it is the output of a run that this one started
    return draft;
  }

  bool made_inside(const Record& artifact) const {
    const auto made_by = artifact.at("run").integer_or(0);
    if (made_by == 0) return false;
    const auto run = instance_.database().find(answer_.run.table(), made_by);
    return run && (run->id() == answer_.run.id() || run->at("initiated_by_run").integer_or(0) == answer_.run.id());
  }

  RunStatus status_of(const process::Result& result) const {
    if (result.exit_status == 0) return RunStatus::completed;
    const bool stopped = result.signal == SIGINT || result.signal == SIGTERM || result.signal == SIGHUP;
    return stopped || result.exit_status == 128 + SIGINT ? RunStatus::aborted : RunStatus::errored;
  }

  /// One commit: outputs, log, links, and what is known of the command.
  void write(const process::Result& result, std::vector<Draft>& drafts, const Log& log) {
    auto& run = answer_.run;
    std::optional<RedactedCopy> copy;
    std::optional<Draft> report, environment;
    std::vector<Draft*> all;
    for (auto& draft : drafts) all.push_back(&draft);
    const auto keep = [&](std::optional<Draft>& draft, Source source, std::string description) {
      draft = prepare(
          instance_,
          {.source = std::move(source), .description = std::move(description), .kind = "__lamindb_run__", .run = 0},
          Telling::nothing);
      all.push_back(&*draft);
    };
    std::error_code failed;
    if (fs::file_size(log.path(), failed) > 0 && !failed) {
      try {
        copy.emplace(log.path());
        keep(report, copy->path(), fmt::format("log streams of run {}", run.uid()));
      } catch (const Error& error) {
        if (error.code() != Code::unavailable) throw;
        instance_.say(Level::warning, fmt::format("the log of run {} is not kept: {}", run.uid(), error.what()));
      }
    }
    if (const auto packages = environment_of(program_, script_ ? script_->file : fs::path()); !packages.empty())
      keep(environment, Source::of_bytes(base::redact_text(packages), "requirements.txt"), "requirements.txt");
    run.set("finished_at", base::now()).set("_status_code", static_cast<std::int64_t>(status_of(result)));
    run.set("_is_consecutive", Value(true));
    run.set("extra_data", Value(Json{facts_of(result, told())}));
    const auto before = run;
    const RunScope none(instance_.database(), 0);
    commit(instance_, all,
           {.first = [&] { link_inputs(); },
            .last =
                [&] {
                  run = before;
                  if (report) run.set("report", report->record.id());
                  if (environment) run.set("environment", environment->record.id());
                  registry::Writes(instance_.database()).save(run);
                  note_outputs(drafts);
                  label(drafts);
                  write_files(instance_, run, files_);
                }});
    for (auto& draft : drafts) answer_.outputs.push_back(std::move(draft.record));
  }

  void link_inputs() {
    answer_.inputs.clear();
    std::set<std::int64_t> seen;
    const auto made = [&](const Record& artifact) { return artifact.at("run").integer_or(0) == answer_.run.id(); };
    const auto link = [&](const Record& artifact) {
      if (made(artifact) || !seen.insert(artifact.id()).second) return;
      const auto& relation = *artifact.table().find_relation("input_of_runs");
      const std::int64_t ids[] = {answer_.run.id()};
      registry::Writes(instance_.database()).link(artifact, relation, ids);
      answer_.inputs.push_back(artifact);
    };
    for (const auto& input : addressed_) link(input.artifact);
    for (const auto& file : files_)
      if (file.artifact) link(*file.artifact);
  }

  void note_outputs(const std::vector<Draft>& drafts) {
    for (std::size_t i = 0; i < drafts.size(); ++i) {
      output_files_[i]->output = drafts[i].record;
      if (!output_files_[i]->artifact) output_files_[i]->hash = drafts[i].hash;
    }
  }

  void label(const std::vector<Draft>& drafts) {
    if (options_.projects.empty()) return;
    std::vector<std::int64_t> ids;
    for (const auto& project : options_.projects) ids.push_back(project.id());
    registry::Writes writes(instance_.database());
    writes.link(answer_.run, *answer_.run.table().find_relation("projects"), ids);
    for (const auto& draft : drafts) writes.link(draft.record, *draft.record.table().find_relation("projects"), ids);
  }

  CommandFacts told() const {
    return {.words = words_, .inputs = addressed_, .folder = folder_, .program = program_, .script = script_};
  }

  void list(Seen& file) {
    const auto& use = file.use;
    answer_.files.push_back({.path = as_text(use.path),
                             .read = use.read,
                             .written = use.written,
                             .executed = use.executed,
                             .temporary = use.gone || use.role == process::Role::scratch,
                             .size = use.size,
                             .hash = file.hash,
                             .artifact = file.artifact ? std::string(file.artifact->uid()) : "",
                             .output = file.output ? std::string(file.output->uid()) : ""});
  }

  Instance& instance_;
  const CommandOptions& options_;
  fs::path folder_;
  std::vector<std::string> words_, given_words_;  ///< with paths, and with addresses
  std::vector<LocalArtifact> addressed_;
  std::optional<Outputs> outputs_;
  std::string tool_version_;
  std::optional<process::Method> method_;
  std::string program_;
  std::optional<Script> script_;
  CommandRun answer_;
  std::vector<Seen> files_;
  std::vector<Seen*> output_files_;
};

}  // namespace
}  // namespace lake

CommandRun run_command(Instance& instance, const CommandOptions& options) {
  return lake::CommandRunner(instance, options).run();
}

CommandPlan plan_command(Instance& instance, const CommandOptions& options) {
  return lake::CommandRunner(instance, options).plan();
}

void abort_run(Instance& instance, const std::string& uid, const fs::path& log) {
  auto run = instance.database().find(instance.catalog().table("Run"), uid);
  if (!run || !run->at("finished_at").is_null() || !run->at("report").is_null()) return;
  const process::Descriptor file(::open(log.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  process::write_all(file.number(), "\nThe process has ended without finishing its run: it was killed, or crashed.\n");
  finish_run_with_log(instance, *run, RunStatus::aborted, log);
  std::error_code ignored;
  fs::remove(log, ignored);
}

}  // namespace lamin
