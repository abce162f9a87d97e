#include "lake/trace/run_rows.hpp"
#include <fmt/format.h>
#include <unistd.h>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cerrno>
#include <csignal>
#include "base/json.hpp"
#include "base/redact.hpp"
#include "base/uid.hpp"
#include "lamin/lineage.hpp"

namespace lamin::lake {
namespace {

namespace json = boost::json;

/// At most `most` bytes, without half a character.
std::string cut(std::string text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  text.resize(most);
  return text;
}

RunStatus status_of(const std::string& status, bool finished, bool gone) {
  if (status == "completed" || (status.empty() && finished)) return RunStatus::completed;
  if (status == "failed") return RunStatus::errored;
  if (status == "aborted" || gone) return RunStatus::aborted;
  return RunStatus::started;
}

Value params_of(const std::string& text) {
  if (text.empty()) return {};
  json::object kept;
  const auto parsed = base::parse_exact_json(text);
  for (const auto& [key, value] : parsed.as_object()) {
    const bool empty_list = value.is_array() && value.as_array().empty();
    if (!value.is_null() && !empty_list) kept[key] = value;
  }
  return Value(Json{base::write_json(kept)});
}

json::array paths_of(const std::vector<TraceFile>& files) {
  json::array paths;
  for (const auto& file : files) paths.emplace_back(file.path);
  return paths;
}

class Details {
 public:
  void add(std::string_view name, const std::string& text) {
    if (!text.empty()) object_[name] = text;
  }
  void add(std::string_view name, json::value value) { object_[name] = std::move(value); }
  void add_all(const std::string& more) {
    if (more.empty()) return;
    const auto parsed = base::parse_json(more);
    for (const auto& [name, value] : parsed.as_object()) object_[name] = value;
  }
  /// Without secrets.
  Value value() const { return Value(Json{base::redact_json(base::write_json(object_))}); }

 private:
  json::object object_;
};

void set_times(Record& run, RunStatus status, const std::optional<Time>& started, const std::optional<Time>& finished) {
  run.set("_status_code", static_cast<std::int64_t>(status));
  if (started) run.set("started_at", *started);
  if (status == RunStatus::started) return;
  if (finished) run.set("finished_at", *finished);
  if (status == RunStatus::completed && run.at("_is_consecutive").is_null()) run.set("_is_consecutive", Value(true));
}

/// Texts of any length, as far as their columns hold them.
void set_text(Record& run, const char* field, const std::string& text, std::size_t most) {
  if (!text.empty()) run.set(field, Value(cut(text, most)));
}

constexpr std::size_t most_of_name = 150, most_of_arguments = 1024, most_of_reference = 255, most_of_type = 25;

}  // namespace

std::string run_uid(const std::string& engine, std::string_view what, const std::string& id) {
  return base::derived_uid(fmt::format("{}\n{}\n{}", engine, what, id), 16);
}

bool is_gone(const TraceWorkflow& workflow) {
  std::array<char, 256> host{};
  if (workflow.process <= 0 || ::gethostname(host.data(), host.size() - 1) != 0 || workflow.host != host.data())
    return false;
  return ::kill(static_cast<pid_t>(workflow.process), 0) != 0 && errno == ESRCH;
}

bool has_ended(const Record& run) { return run.at("_status_code").integer_or(0) >= 0; }

void fill_run(Record& run, const TraceWorkflow& of, bool gone) {
  set_text(run, "name", of.run_name, most_of_name);
  if (!of.params_json.empty()) run.set("params", params_of(of.params_json));
  set_text(run, "cli_args", base::redact_text(of.command), most_of_arguments);
  set_text(run, "reference", of.id, most_of_reference);
  set_text(run, "reference_type", of.engine, most_of_type);
  set_times(run, status_of(of.status, of.finished.has_value(), gone), of.started, of.finished);
  Details details;
  details.add("engine", of.engine);
  details.add("engine_version", of.engine_version);
  for (const auto& [name, text] : {std::pair{"folder", &of.folder},
                                   {"host", &of.host},
                                   {"script", &of.script},
                                   {"repository", &of.repository},
                                   {"revision", &of.revision}})
    details.add(name, *text);
  if (!of.outputs.empty()) details.add("outputs", paths_of(of.outputs));
  details.add_all(of.details_json);
  run.set("extra_data", details.value());
}

void fill_run(Record& run, const TraceTask& of, const std::string& engine, bool gone) {
  set_text(run, "name", of.name, most_of_name);
  if (!of.params_json.empty()) run.set("params", params_of(of.params_json));
  set_text(run, "cli_args", base::redact_text(of.command), most_of_arguments);
  set_text(run, "reference", of.id, most_of_reference);
  set_text(run, "reference_type", engine, most_of_type);
  set_times(run, status_of(of.status, of.finished.has_value(), gone), of.started, of.finished);
  Details details;
  details.add("engine", engine);
  details.add("command", base::redact_text(of.command));
  details.add("folder", of.folder);
  details.add("container", of.container);
  if (of.exit) details.add("exit", json::value(*of.exit));
  if (of.attempt != 1) details.add("attempt", json::value(of.attempt));
  if (!of.inputs.empty()) details.add("inputs", paths_of(of.inputs));
  if (!of.outputs.empty()) details.add("outputs", paths_of(of.outputs));
  details.add_all(of.details_json);
  run.set("extra_data", details.value());
}

}  // namespace lamin::lake
