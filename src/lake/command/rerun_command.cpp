// rerun_command.cpp -- a command again, in a folder of its own, and its outputs beside those that are registered.
#include <fmt/format.h>
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fstream>
#include "base/hash.hpp"
#include "base/json.hpp"
#include "base/path.hpp"
#include "base/redact.hpp"
#include "lake/command/machine.hpp"
#include "lake/command/match.hpp"
#include "lake/command/rerun_parts.hpp"
#include "lake/command/scratch.hpp"
#include "lamin/artifact.hpp"
#include "lamin/command.hpp"
#include "process/command.hpp"
#include "process/keeper.hpp"

namespace lamin::lake {
namespace fs = std::filesystem;
namespace {

/// What is kept of the command, in run.extra_data.
struct Recorded {
  std::vector<std::string> words;
  fs::path folder;
  std::string program, system, input, output, errors;
  std::int64_t script_word = -1;
  std::vector<std::pair<std::string, fs::path>> addresses;  ///< of inputs, and what they were here
  int exit_status = 0;
};

std::string text_of(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string().c_str()) : "";
}

Recorded recorded(const Record& run) {
  const auto* document = std::get_if<Json>(&run.at("extra_data"));
  const auto all = document == nullptr ? boost::json::value() : base::parse_json(document->text);
  const auto* facts = all.is_object() ? all.as_object().if_contains("command") : nullptr;
  if (facts == nullptr || !facts->is_object()) {
    throw Error(Code::unsupported, fmt::format("run {} is not one of `lamin run`: what it executed is not known well "
                                               "enough to do it again",
                                               run.uid()));
  }
  const auto& object = facts->as_object();
  Recorded out{.folder = text_of(object, "folder"),
               .program = text_of(object, "program"),
               .system = text_of(object, "system"),
               .input = text_of(object, "input"),
               .output = text_of(object, "output"),
               .errors = text_of(object, "errors"),
               .exit_status = static_cast<int>(object.at("exit_status").to_number<std::int64_t>())};
  for (const auto& word : object.at("words").as_array()) out.words.emplace_back(word.as_string().c_str());
  if (const auto* script = object.if_contains("script_word")) out.script_word = script->to_number<std::int64_t>();
  if (const auto* addresses = object.if_contains("addresses"); addresses != nullptr && addresses->is_object())
    for (const auto& [uri, path] : addresses->get_object()) out.addresses.emplace_back(uri, path.as_string().c_str());
  for (const auto& word : out.words)
    if (word.find(base::redaction_mark) != word.npos)
      throw Error(Code::unsupported,
                  fmt::format("the command of run {} had a secret among its arguments, which is not kept", run.uid()));
  return out;
}

class Rerunner {
 public:
  Rerunner(Instance& instance, const Record& run, const RerunOptions& options)
      : instance_(instance),
        run_(run),
        options_(options),
        was_(recorded(run)),
        files_(command_files(instance, run)),
        folder_(options) {
    answer_.run = run.uid();
    answer_.recorded_exit_status = was_.exit_status;
  }

  Rerun verify() {
    place_files();
    place_script();
    compare_environment();
    execute();
    compare_outputs();
    return std::move(answer_);
  }

 private:
  /// Where a file of the run is in the new folder.
  fs::path local(const fs::path& path) const {
    const auto inside = base::relative_key(was_.folder, path);
    return inside.empty() ? folder_.path() / "outside" / path.relative_path() : folder_.work() / inside;
  }

  void place_files() {
    for (const auto& file : files_) {
      const auto to = local(file.path);
      if (file.written) fs::create_directories(to.parent_path());
      if (!file.read && !file.executed) continue;
      if (!file.artifact.empty()) {
        const auto& table = instance_.catalog().table("Artifact");
        const auto artifact = instance_.database().get(table, file.artifact);
        auto from = cache_artifact(instance_, artifact);
        if (fs::is_directory(from)) from = file_in_folder(from, artifact, file);
        place_copy(from, to);
      } else {
        place_unregistered(file, to);
      }
    }
  }

  /// A file of a folder that is an artifact: the folder's name is somewhere in its path.
  static fs::path file_in_folder(const fs::path& folder, const Record& artifact, const CommandFile& file) {
    auto rest = fs::path(file.path);
    for (auto part = rest.begin(); part != rest.end(); ++part) {
      fs::path below;
      for (auto next = std::next(part); next != rest.end(); ++next) below /= *next;
      if (!below.empty() && fs::is_regular_file(folder / below)) return folder / below;
    }
    throw Error(Code::not_found, fmt::format("'{}' is not in artifact {} any more", file.path, artifact.uid()));
  }

  void place_unregistered(const CommandFile& file, const fs::path& to) {
    std::error_code failed;
    if (!fs::is_regular_file(file.path, failed)) {
      answer_.notes.push_back(fmt::format("'{}' was read, is not registered, and is gone", file.path));
      return;
    }
    const bool changed = file.hash.empty() ? static_cast<std::int64_t>(fs::file_size(file.path, failed)) != file.size
                                           : base::hash_path(file.path).hash != file.hash;
    answer_.notes.push_back(
        fmt::format("'{}' is not registered: {}", file.path,
                    changed ? "it has changed since, and is taken as it is now" : "it is taken from its place"));
    place_copy(file.path, to);
    if (file.executed) fs::permissions(to, fs::perms::owner_exec, fs::perm_options::add);
  }

  void place_script() {
    if (was_.script_word < 0) return;
    const auto transform = instance_.database().related_one(run_, *run_.table().find_relation("transform"));
    if (!transform) throw Error(Code::corrupt, fmt::format("run {} has no transform", run_.uid()));
    check_source_is_whole(*transform);
    const auto word = static_cast<std::size_t>(was_.script_word);
    const auto to = local(script_path(word));
    fs::create_directories(to.parent_path());
    fs::remove(to);
    std::ofstream(to, std::ios::binary) << transform->text("source_code");
    if (word == 0) fs::permissions(to, fs::perms::owner_exec, fs::perm_options::add);
    std::erase_if(answer_.notes, [&](const auto& note) {
      return note.find("'" + script_path(word).string() + "'") != std::string::npos;
    });
  }

  fs::path script_path(std::size_t word) const {
    return word == 0 ? fs::path(was_.program) : base::resolve(was_.folder / was_.words.at(word));
  }

  /// A word of the command, with paths of the run replaced by those in the new folder.
  std::string placed(std::string word) const {
    for (std::size_t from = 0; from <= word.size(); from = word.find_first_of("=:,", from) + 1) {
      const auto part = word.substr(from);
      if (!part.empty() && part.find('/') != part.npos) {
        const auto path = base::resolve(was_.folder / part);
        const bool outside = base::relative_key(was_.folder, path).empty();
        if (is_known(path) && (outside || fs::path(part).is_absolute()))
          return word.substr(0, from) + local(path).string();
      }
      if (word.find_first_of("=:,", from) == word.npos) break;
    }
    for (const auto& file : files_) {
      const auto at = word.find(file.path);
      if (at != word.npos && file.path.size() > 1) word.replace(at, file.path.size(), local(file.path).string());
    }
    return word;
  }

  std::string input_paths() const {
    boost::json::object paths;
    for (const auto& [uri, path] : was_.addresses) paths[uri] = local(base::resolve(path)).string();
    return base::write_json(paths);
  }

  bool is_known(const fs::path& path) const {
    const auto text = path.string();
    const auto below = text + "/";
    return std::ranges::any_of(
               files_, [&](const CommandFile& file) { return file.path == text || file.path.starts_with(below); }) ||
           (was_.script_word >= 0 && path == script_path(static_cast<std::size_t>(was_.script_word)));
  }

  void compare_environment() {
    const auto script = was_.script_word < 0 ? fs::path() : script_path(static_cast<std::size_t>(was_.script_word));
    if (const auto system = text_of(machine(), "system"); system != was_.system)
      answer_.notes.push_back(fmt::format("the system is {}, it was {}", system, was_.system));
    note_packages(recorded_packages(instance_, run_), environment_of(was_.program, script), answer_.notes);
  }

  /// Whether the command used the instance itself: it saved or loaded what nobody saw it write or read, or its runs are
  /// further runs.
  bool uses_instance() const {
    if (instance_.database().exists({.registry = "Run",
                                     .where = Expr::compare("initiated_by_run", Op::exact, Value(run_.id())),
                                     .any_branch = true}))
      return true;
    const auto is_seen = [&](const Record& artifact) {
      return std::ranges::any_of(files_, [&](const CommandFile& file) {
        return file.output == artifact.uid() || file.artifact == artifact.uid();
      });
    };
    const auto inputs = instance_.database().all({.registry = "Artifact",
                                                  .where = Expr::compare("input_of_runs", Op::exact, Value(run_.id())),
                                                  .any_branch = true});
    return !std::ranges::all_of(outputs_of(instance_, run_), is_seen) || !std::ranges::all_of(inputs, is_seen);
  }

  std::vector<std::pair<std::string, std::string>> variables() {
    std::vector<std::pair<std::string, std::string>> all{{"LAMIN_INPUT_PATHS", input_paths()},
                                                         {"TMPDIR", (folder_.path() / "tmp").string()}};
    if (uses_instance()) {
      scratch_.emplace(instance_, run_, folder_.path());
      scratch_->bind(folder_.work());
      for (auto& variable : scratch_->variables()) all.push_back(std::move(variable));
    }
    for (const auto* name : {"LAMIN_RUN", "LAMIN_INITIATED_BY_RUN_UID"})
      all.emplace_back(name, scratch_ ? std::string(run_.uid()) : "");
    return all;
  }

  void execute() {
    const auto stream = [&](const std::string& path) {
      if (path.empty()) return fs::path();
      auto to = local(path);
      fs::create_directories(to.parent_path());
      return to;
    };
    process::Command command{.words = {},
                             .folder = folder_.work(),
                             .variables = variables(),
                             .method = process::Method::seccomp,
                             .data = data_folders(instance_),
                             .pass_signals = options_.pass_signals,
                             .default_pipe_signal = !options_.pass_signals,
                             .input = stream(was_.input),
                             .output = stream(was_.output),
                             .errors = stream(was_.errors),
                             .writable = {folder_.path().string() + "/"},
                             .printed = options_.printed};
    for (const auto& word : was_.words) command.words.push_back(placed(word));
    if (was_.script_word == 0) command.words[0] = local(was_.program).string();
    auto result = process::run(command);
    result.keeper->done();
    answer_.exit_status = result.exit_status;
    for (const auto& path : result.refused)
      answer_.notes.push_back(fmt::format("the command wanted to change '{}', outside of its folder: refused", path));
  }

  void compare_outputs() {
    const auto& table = instance_.catalog().table("Artifact");
    for (const auto& file : files_) {
      if (file.output.empty()) continue;
      const auto artifact = instance_.database().find(table, file.output);
      RerunOutput output{.key = file.path, .artifact = file.output};
      if (artifact && !artifact->at("key").is_null()) output.key = artifact->text("key");
      if (artifact) compare_output(instance_, *artifact, local(file.path), options_.tolerance, output);
      else output.differences.push_back("the artifact was deleted");
      answer_.outputs.push_back(std::move(output));
    }
    if (scratch_) compare_saved();
  }

  /// What the command has saved itself.
  void compare_saved() {
    const auto now = outputs_of(scratch_->opened(), run_);
    for (const auto& artifact : outputs_of(instance_, run_)) {
      const auto seen = [&](const CommandFile& file) { return file.output == artifact.uid(); };
      if (!std::ranges::any_of(files_, seen))
        answer_.outputs.push_back(compare_saved_output(instance_, artifact, scratch_->opened(), now, options_));
    }
  }

  Instance& instance_;
  const Record& run_;
  const RerunOptions& options_;
  Recorded was_;
  std::vector<CommandFile> files_;
  RerunFolder folder_;
  std::optional<Scratch> scratch_;
  Rerun answer_;
};

}  // namespace

Rerun rerun_command(Instance& instance, const Record& run, const RerunOptions& options) {
  return Rerunner(instance, run, options).verify();
}

}  // namespace lamin::lake
