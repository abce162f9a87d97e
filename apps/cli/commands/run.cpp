// run.cpp -- `lamin run`: a command as a run. Standard output is the command's own; what is said of the run is on
// standard error.
#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <charconv>
#include <filesystem>

#include "base/file.hpp"
#include "base/json.hpp"
#include "base/redact.hpp"
#include "base/text.hpp"
#include "base/visible.hpp"
#include "commands.hpp"
#include "lamin/command.hpp"
#include "lamin/label.hpp"
#include "lamin/lineage.hpp"
#include "lamin/rerun.hpp"

namespace lamin::cli {

namespace {

/// "3" is a number, "true" a truth value, "x" a text.
boost::json::value value_of(const std::string& text) {
  try {
    return base::parse_json(text);
  } catch (const Error&) { return boost::json::string(text); }
}

std::string params_of(const Given& given) {
  boost::json::object params;
  for (const auto& text : given.all("param")) {
    const auto [name, value] = assignment(text, "--param");
    params[name] = value_of(value);
  }
  return params.empty() ? "" : base::write_json(params);
}

boost::json::array uids_of(const std::vector<Record>& records) {
  boost::json::array all;
  for (const auto& record : records) all.emplace_back(std::string(record.uid()));
  return all;
}

std::string json_of(const CommandRun& done) {
  boost::json::array files;
  for (const auto& file : done.files) {
    boost::json::object one{{"path", file.path},         {"read", file.read},           {"written", file.written},
                            {"executed", file.executed}, {"temporary", file.temporary}, {"size", file.size}};
    if (!file.hash.empty()) one["hash"] = file.hash;
    if (!file.artifact.empty()) one["artifact"] = file.artifact;
    if (!file.output.empty()) one["output"] = file.output;
    files.push_back(std::move(one));
  }
  const boost::json::object all{{"run", std::string(done.run.uid())},
                                {"transform", std::string(done.transform.uid())},
                                {"exit_status", done.exit_status},
                                {"observer", done.observer},
                                {"not_better", done.not_better},
                                {"seconds", done.seconds},
                                {"cpu_seconds", done.cpu_seconds},
                                {"peak_memory", done.peak_memory},
                                {"environment_files", done.environment_files},
                                {"inputs", uids_of(done.inputs)},
                                {"outputs", uids_of(done.outputs)},
                                {"files", files}};
  return base::write_json(all) + "\n";
}

std::string json_of(const Error& error) {
  return base::write_json({{"error", {{"code", row(error.code()).name}, {"message", error.what()}}}}) + "\n";
}

std::string keys_of(const std::vector<Record>& records) {
  constexpr std::size_t most = 5;
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < records.size() && i < most; ++i)
    keys.emplace_back(records[i].at("key").is_null() ? records[i].uid() : records[i].text("key"));
  if (records.size() > most) keys.push_back(fmt::format("{} more", records.size() - most));
  return base::join(keys, ", ");
}

void say(const CommandRun& done) {
  std::string text = fmt::format("→ run {} of {}", done.run.uid(), done.transform.text("key"));
  if (done.exit_status != 0) text += fmt::format(" failed with {}", done.exit_status);
  if (!done.inputs.empty()) text += fmt::format("; inputs: {}", keys_of(done.inputs));
  if (!done.outputs.empty()) text += fmt::format("; outputs: {}", keys_of(done.outputs));
  tell(text);
  if (done.observer == "declared" && !done.not_better.empty())
    tell("! its files could not be observed: " + done.not_better);
}

std::vector<std::filesystem::path> paths_of(const std::vector<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

std::string json_of(const CommandPlan& plan) {
  boost::json::object inputs;
  boost::json::array words, outputs;
  for (const auto& word : plan.words) words.emplace_back(word);
  for (const auto& input : plan.inputs)
    inputs[input.uri] = boost::json::object{{"artifact", std::string(input.artifact.uid())},
                                            {"path", input.path.string()},
                                            {"access", name_of(input.access)}};
  for (const auto& [path, key] : plan.outputs)
    outputs.push_back(boost::json::object{{"path", path.string()}, {"key", key}});
  return base::write_json(boost::json::object{{"words", words},
                                              {"inputs", inputs},
                                              {"outputs", outputs},
                                              {"transform", plan.transform},
                                              {"transform_key", plan.transform_key},
                                              {"tool_version", plan.tool_version}}) +
         "\n";
}

void say(Instance& instance, const CommandPlan& plan) {
  tell("→ would run: " + base::redact_arguments(plan.words));
  const auto transform = plan.transform.empty() ? "a new version or a new one" : plan.transform;
  tell(fmt::format("  transform: {} ({})", plan.transform_key, transform));
  const auto name = [&](const char* registry, std::int64_t id) {
    const auto row = instance.database().find(instance.catalog().table(registry), id);
    return row ? std::string(row->text("name")) : "";
  };
  tell(fmt::format("  branch: {}; space: {}", name("Branch", instance.session().branch),
                   name("Space", instance.session().space)));
  if (!plan.tool_version.empty()) tell("  tool_version: " + plan.tool_version);
  for (const auto& input : plan.inputs)
    tell(fmt::format("  input: {} is {} at {} ({})", input.uri, input.artifact.uid(), input.path.string(),
                     name_of(input.access)));
  for (const auto& [path, key] : plan.outputs) tell(fmt::format("  output: {}, key '{}'", path.string(), key));
  tell("→ nothing was run or saved");
}

}  // namespace

int run_command(const Given& given) {
  if (given.has("access") && given.text("access").empty()) static_cast<void>(access_called(""));
  static_cast<void>(run_where(given.text("where")));
  const auto access = access_called(run_access(given.text("access")).value);
  const auto instance = connect_current();
  resume_run(*instance);
  work_on(*instance, given);
  CommandOptions options{.words = given.all("command"),
                         .access = access,
                         .inputs = given.all("inputs"),
                         .outputs = given.all("outputs"),
                         .registered = paths_of(given.all("register-output")),
                         .save_outputs = given.has("save-outputs"),
                         .save_failed = given.has("save-failed"),
                         .key = given.text("key"),
                         .name = given.text("name"),
                         .description = given.text("description"),
                         .params_json = params_of(given),
                         .projects = labels_of(*instance, given),
                         .observer = given.text("observer"),
                         .pass_signals = true};
  const auto tell_file = [&](const std::string& text) {
    if (given.has("json")) base::write_file(given.text("json"), text, base::Readers::all);
  };
  CommandRun done;
  try {
    if (given.has("dry-run")) {
      const auto plan = plan_command(*instance, options);
      tell_file(json_of(plan));
      say(*instance, plan);
      return 0;
    }
    done = lamin::run_command(*instance, options);
  } catch (const Error& error) {
    tell_file(json_of(error));
    throw;
  }
  tell_file(json_of(done));
  if (!given.has("quiet")) say(done);
  return done.exit_status;
}

namespace {

double tolerance_of(const Given& given) {
  if (!given.has("tolerance")) return RerunOptions().tolerance;
  const auto text = given.text("tolerance");
  double value = -1;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size() || value < 0)
    throw Error(Code::invalid_argument, fmt::format("--tolerance takes a number from 0 on, not '{}'", text));
  return value;
}

std::string json_of(const Rerun& done) {
  boost::json::array outputs, notes;
  for (const auto& note : done.notes) notes.emplace_back(note);
  for (const auto& output : done.outputs) {
    boost::json::array differences;
    for (const auto& one : output.differences) differences.emplace_back(one);
    outputs.push_back(boost::json::object{{"key", output.key},
                                          {"artifact", output.artifact},
                                          {"sameness", name_of(output.sameness)},
                                          {"differences", differences}});
  }
  return base::write_json(boost::json::object{{"run", done.run},
                                              {"same", done.same()},
                                              {"exit_status", done.exit_status},
                                              {"recorded_exit_status", done.recorded_exit_status},
                                              {"notes", notes},
                                              {"outputs", outputs}}) +
         "\n";
}

std::string text_of(const Rerun& done) {
  std::string text;
  for (const auto& note : done.notes) text += "note: " + note + "\n";
  if (done.exit_status != done.recorded_exit_status)
    text += fmt::format("exit status: {} instead of {}\n", done.exit_status, done.recorded_exit_status);
  for (const auto& output : done.outputs) {
    constexpr std::string_view words[] = {"the same bytes", "the same content", "different", "missing"};
    text += fmt::format("{}: {}\n", output.key, words[static_cast<std::size_t>(output.sameness)]);
    for (const auto& one : output.differences) text += "  " + one + "\n";
  }
  if (done.outputs.empty()) text += "The run has no registered outputs.\n";
  return text;
}

}  // namespace

int verify_run(const Given& given) {
  const auto instance = connect_current();
  RerunOptions options{.tolerance = tolerance_of(given),
                       .folder = given.text("folder"),
                       .python = given.text("python"),
                       .inputs = given.all("inputs"),
                       .pass_signals = true};
  if (given.has("quiet") || given.has("json")) options.printed = [](int, std::string_view) {};
  Rerun done;
  try {
    done = rerun(*instance, run_called(*instance, given.text("run")), options);
  } catch (const Error& error) {
    if (given.has("json")) print(json_of(error));
    throw;
  }
  print(base::visible(given.has("json") ? json_of(done) : text_of(done)));
  return done.same() ? 0 : 1;
}

int abort_run(const Given& given) {
  const auto instance = open_called(given.text("instance"));
  lamin::abort_run(*instance, given.text("run"), given.text("log"));
  return 0;
}

}  // namespace lamin::cli
