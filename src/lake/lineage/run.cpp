// run.cpp -- runs: started, finished, with their printed output and environment.
#include <fmt/format.h>
#include <boost/json/object.hpp>
#include <cstdlib>
#include <filesystem>
#include "base/json.hpp"
#include "base/redact.hpp"
#include "base/time.hpp"
#include "lake/lineage/attach.hpp"
#include "lamin/lineage.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace fs = std::filesystem;
namespace lake {
namespace {

// Null values and empty lists are dropped.
Value params_of(const std::string& json) {
  if (json.empty()) return {};
  const auto parsed = base::parse_exact_json(json);
  if (!parsed.is_object()) {
    throw Error(Code::invalid_argument, fmt::format("params must be a JSON object, not {}", json));
  }
  boost::json::object kept;
  for (const auto& [key, value] : parsed.as_object()) {
    const bool empty_list = value.is_array() && value.as_array().empty();
    if (!value.is_null() && !empty_list) kept[key] = value;
  }
  return Value(Json{base::write_json(kept)});
}

// The column holds at most 1024 characters.
std::string arguments_of(const RunOptions& options) {
  auto text =
      options.arguments.empty() ? base::redact_text(options.cli_args) : base::redact_arguments(options.arguments);
  constexpr std::size_t most = 1024;
  if (text.size() <= most) return text;
  auto end = most;
  while (end > 0 && (text[end] & 0xC0) == 0x80) --end;
  text.resize(end);
  return text;
}

// The id of the run that started this program, as set by a workflow manager or the calling run.
std::optional<std::int64_t> initiator(Instance& instance) {
  const char* uid = std::getenv("LAMIN_INITIATED_BY_RUN_UID");
  if (uid == nullptr || *uid == '\0') return std::nullopt;
  const auto run = instance.database().find(instance.catalog().table("Run"), uid);
  if (!run) {
    throw Error(Code::invalid_argument,
                fmt::format("LAMIN_INITIATED_BY_RUN_UID is '{}', but no run has the uid '{}'", uid, uid));
  }
  return run->id();
}

/// The user's latest run of the transform, to go on with.
std::optional<Record> latest_run(Instance& instance, const Record& transform) {
  return instance.database().first(
      {.registry = "Run",
       .where = Expr::all_of({Expr::compare("transform", Op::exact, Value(transform.id())),
                              Expr::compare("created_by", Op::exact, Value(instance.session().user))}),
       .order_by = {"-created_at", "-id"}});
}

void record_end(Instance& instance, Record& run, RunStatus status) {
  auto& database = instance.database();
  run.set("_status_code", static_cast<std::int64_t>(status));
  if (status == RunStatus::scheduled || status == RunStatus::restarted || status == RunStatus::started) return;
  run.set("finished_at", base::now());
  const auto transform = database.related_one(run, *run.table().find_relation("transform"));
  const bool script = transform && (transform->text("kind") == "script" || transform->text("kind") == "function");
  if (script && run.at("_is_consecutive").is_null()) run.set("_is_consecutive", Value(true));
}

void leave(Instance& instance, const Record& run) {
  if (instance.session().run == run.id()) instance.session().run = 0;
}

std::string log_of(const Record& run) { return fmt::format("log streams of run {}", run.uid()); }

}  // namespace
}  // namespace lake

Record start_run(Instance& instance, const Record& transform, const RunOptions& options) {
  if (!transform || !transform.saved()) {
    throw Error(Code::invalid_argument, "Please save transform record before creating a run");
  }
  auto former = options.resume ? lake::latest_run(instance, transform) : std::nullopt;
  Record run = former ? std::move(*former) : Record(instance.catalog().table("Run"));
  const auto status = run.saved() ? RunStatus::restarted : RunStatus::started;
  const auto set_text = [&](const char* field, const std::string& text) {
    if (!text.empty()) run.set(field, Value(text));
  };
  run.set("transform", transform.id());
  run.set("_status_code", static_cast<std::int64_t>(status));
  if (status == RunStatus::restarted) run.set("started_at", base::now());
  if (status == RunStatus::started || !options.params_json.empty())
    run.set("params", lake::params_of(options.params_json));
  set_text("name", options.name);
  set_text("cli_args", lake::arguments_of(options));
  set_text("entrypoint", options.entrypoint);
  set_text("reference", options.reference);
  set_text("reference_type", options.reference_type);
  const auto initiated_by = options.initiated_by ? options.initiated_by : lake::initiator(instance);
  if (initiated_by) run.set("initiated_by_run", *initiated_by);
  registry::Writes(instance.database()).save(run);
  if (options.tracked) instance.session().run = run.id();
  return run;
}

void finish_run(Instance& instance, Record& run, RunStatus status, const std::string& report) {
  lake::record_end(instance, run, status);
  if (report.empty()) {
    registry::Writes(instance.database()).save(run);
  } else {
    lake::attach(instance, run, "report", Source::of_bytes(base::redact_text(report), "text.txt"), lake::log_of(run));
  }
  lake::leave(instance, run);
}

void finish_run_with_log(Instance& instance, Record& run, RunStatus status, const fs::path& log) {
  std::error_code failed;
  const auto size = fs::file_size(log, failed);
  if (failed || size == 0) return finish_run(instance, run, status);
  std::optional<lake::RedactedCopy> copy;
  try {
    copy.emplace(log);
  } catch (const Error& error) {  // a full disk: how the run ended is known all the same
    if (error.code() != Code::unavailable) throw;
    instance.say(Level::warning, fmt::format("the log of run {} is not kept: {}", run.uid(), error.what()));
    return finish_run(instance, run, status);
  }
  lake::record_end(instance, run, status);
  lake::attach(instance, run, "report", copy->path(), lake::log_of(run));
  lake::leave(instance, run);
}

void save_environment(Instance& instance, Record& run, const std::string& environment, const std::string& name) {
  if (environment.empty()) return;
  lake::attach(instance, run, "environment", Source::of_bytes(base::redact_text(environment), lake::file_name(name)),
               name);
}

void track_input(Instance& instance, const Record& dataset) {
  auto& database = instance.database();
  const auto run = database.session().run;
  if (run == 0) {
    database.say(Level::debug, "run input wasn't tracked, " + Words(Remedy{Remedy::Verb::track}));
    return;
  }
  const auto& table = dataset.table();
  const auto* inputs = table.find_relation("input_of_runs");
  if (inputs == nullptr) {
    throw Error(Code::invalid_argument, fmt::format("a {} cannot be the input of a run", table.name.view()));
  }
  if (table.find_column("run") != nullptr && dataset.at("run").integer_or(0) == run) return;
  if (const auto* recreating = table.find_relation("recreating_runs")) {
    auto query = database.related(dataset, *recreating);
    query.where = Expr::all_of({query.where, Expr::compare("id", Op::exact, run)});
    query.any_branch = true;
    if (database.exists(query)) return;
  }
  const std::int64_t ids[] = {run};
  registry::Writes(database).link(dataset, *inputs, ids);
}

}  // namespace lamin
