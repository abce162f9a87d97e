// trace_json.cpp -- traces as text: one JSON object, or an object a line.
//
// Lines are added to each other: a later workflow object overrides members of an earlier one, a task is replaced by one
// with the same id (or that `was` it), and "output" adds a published file. So an engine can write what it knows when it
// knows it, and what is on disk when it is killed can be read.
#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <map>
#include "base/json.hpp"
#include "base/source_file.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "lamin/trace.hpp"

namespace lamin {
namespace lake {
namespace {

namespace json = boost::json;

constexpr std::int64_t newest_version = 1;

/// Some engines write nanoseconds; nothing finer than a microsecond is kept.
std::optional<Time> time_of(std::string text) {
  const auto dot = text.find('.');
  if (dot != text.npos) {
    auto end = dot + 1;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
    constexpr std::size_t digits = 6;
    if (end - dot - 1 > digits) text.erase(dot + 1 + digits, end - dot - 1 - digits);
  }
  return base::parse_time(text);
}

/// The members of one object; `where` is for messages: "task 'a1/b2'".
class Members {
 public:
  Members(const json::object& object, std::string where) : object_(object), where_(std::move(where)) {}

  [[noreturn]] void fail(std::string_view member, std::string_view wanted) const {
    throw Error(Code::invalid_argument, fmt::format("this is no trace of a workflow: in {}, \"{}\" must be {}, not {}",
                                                    where_, member, wanted, base::write_json(object_.at(member))));
  }

  const json::value* find(std::string_view member) const {
    const auto* value = object_.if_contains(member);
    return value == nullptr || value->is_null() ? nullptr : value;
  }
  void text(std::string_view member, std::string& into) const {
    const auto* value = find(member);
    if (value == nullptr) return;
    if (value->is_string()) into = std::string(value->get_string());
    else if (value->is_int64()) into = std::to_string(value->get_int64());
    else fail(member, "a text");
  }
  void integer(std::string_view member, std::optional<std::int64_t>& into) const {
    const auto* value = find(member);
    if (value == nullptr) return;
    if (!value->is_int64()) fail(member, "a whole number");
    into = value->get_int64();
  }
  void boolean(std::string_view member, bool& into) const {
    const auto* value = find(member);
    if (value == nullptr) return;
    if (!value->is_bool()) fail(member, "true or false");
    into = value->get_bool();
  }
  /// "2026-11-29T02:57:00.123Z", or seconds since 1970.
  void time(std::string_view member, std::optional<Time>& into) const {
    const auto* value = find(member);
    if (value == nullptr) return;
    if (value->is_int64()) {
      into = Time{value->get_int64() * 1'000'000};
    } else if (value->is_double()) {
      into = Time{static_cast<std::int64_t>(value->get_double() * 1e6)};
    } else {
      if (value->is_string()) into = time_of(std::string(value->get_string()));
      if (!value->is_string() || !into) fail(member, "a time such as \"2026-11-29T02:57:00Z\"");
    }
  }
  void object(std::string_view member, std::string& into) const {
    const auto* value = find(member);
    if (value == nullptr) return;
    if (!value->is_object()) fail(member, "an object");
    into = base::write_json(*value);
  }
  /// A text, or {"name", "text"}.
  void words(std::string_view member, std::optional<TraceText>& into) const {
    const auto* value = find(member);
    if (value == nullptr) return;
    into.emplace();
    if (value->is_object()) {
      const Members members(value->get_object(), where_);
      members.text("name", into->name);
      members.text("text", into->text);
    } else {
      text(member, into->text);
    }
  }
  /// Paths, or objects with one.
  void files(std::string_view member, std::vector<TraceFile>& into) const {
    const auto* value = find(member);
    if (value == nullptr) return;
    if (!value->is_array()) fail(member, "a list of files");
    into.clear();
    for (const auto& item : value->get_array()) into.push_back(file(item, member));
  }
  TraceFile file(const json::value& value, std::string_view member) const {
    TraceFile file;
    if (value.is_string()) {
      file.path = std::string(value.get_string());
    } else if (value.is_object()) {
      const Members members(value.get_object(), where_);
      members.text("path", file.path);
      members.text("source", file.source);
      members.text("key", file.key);
      members.text("md5", file.md5);
      members.text("blake3", file.blake3);
      members.integer("size", file.size);
      members.time("modified", file.modified);
    }
    if (file.path.empty()) fail(member, "a path, or an object with \"path\"");
    return file;
  }
  void status(std::string& into) const {
    text("status", into);
    constexpr std::string_view known[] = {"completed", "failed", "aborted", "running", ""};
    if (std::ranges::find(known, into) == std::end(known)) fail("status", "completed, failed, aborted or running");
  }

 private:
  const json::object& object_;
  std::string where_;
};

void add_workflow(const json::object& object, TraceWorkflow& into) {
  const Members members(object, "the workflow");
  const std::pair<std::string_view, std::string*> texts[] = {
      {"id", &into.id},           {"name", &into.name},       {"run_name", &into.run_name},
      {"script", &into.script},   {"source", &into.source},   {"repository", &into.repository},
      {"version", &into.version}, {"command", &into.command}, {"revision", &into.revision},
      {"folder", &into.folder},   {"host", &into.host}};
  for (const auto& [member, text] : texts) members.text(member, *text);
  if (const auto* engine = members.find("engine"); engine != nullptr && engine->is_object()) {
    const Members of_engine(engine->get_object(), "the engine");
    of_engine.text("name", into.engine);
    of_engine.text("version", into.engine_version);
  } else {
    members.text("engine", into.engine);
  }
  members.object("params", into.params_json);
  members.object("details", into.details_json);
  members.status(into.status);
  members.time("started_at", into.started);
  members.time("finished_at", into.finished);
  members.words("environment", into.environment);
  members.words("log", into.log);
  if (members.find("outputs") != nullptr) members.files("outputs", into.outputs);
  std::optional<std::int64_t> process;
  members.integer("process", process);
  into.process = process.value_or(into.process);
}

TraceTask task_of(const json::object& object) {
  TraceTask task;
  Members(object, "a task").text("id", task.id);
  if (task.id.empty()) throw Error(Code::invalid_argument, "this is no trace of a workflow: a task has no \"id\"");
  const Members members(object, fmt::format("task '{}'", task.id));
  const std::pair<std::string_view, std::string*> texts[] = {
      {"parent", &task.parent}, {"process", &task.process}, {"name", &task.name},     {"kind", &task.kind},
      {"source", &task.source}, {"command", &task.command}, {"folder", &task.folder}, {"container", &task.container}};
  for (const auto& [member, text] : texts) members.text(member, *text);
  if (task.process.empty()) task.process = task.name.empty() ? task.id : task.name;
  members.object("params", task.params_json);
  members.object("details", task.details_json);
  members.files("inputs", task.inputs);
  members.files("outputs", task.outputs);
  members.status(task.status);
  members.boolean("cached", task.cached);
  members.integer("exit", task.exit);
  std::optional<std::int64_t> attempt;
  members.integer("attempt", attempt);
  task.attempt = attempt.value_or(1);
  members.time("started_at", task.started);
  members.time("finished_at", task.finished);
  members.words("environment", task.environment);
  members.words("log", task.log);
  return task;
}

class Reader {
 public:
  /// One object of the text; all of it, or a line.
  void add(const json::value& value) {
    if (!value.is_object()) throw Error(Code::invalid_argument, "this is no trace of a workflow: it is not an object");
    const auto& object = value.get_object();
    check_version(object);
    if (const auto* workflow = object_of(object, "workflow")) add_workflow(*workflow, trace_.workflow);
    if (const auto* task = object_of(object, "task")) {
      std::string was;
      Members(*task, "a task").text("was", was);
      if (!was.empty()) rename(was, *task);
      add(task_of(*task));
    }
    if (const auto* file = object.if_contains("output")) {
      trace_.workflow.outputs.push_back(Members(object, "the workflow").file(*file, "output"));
    }
    if (const auto* tasks = object.if_contains("tasks")) {
      if (!tasks->is_array()) throw Error(Code::invalid_argument, "this is no trace: \"tasks\" must be a list");
      for (const auto& task : tasks->get_array()) {
        if (!task.is_object()) throw Error(Code::invalid_argument, "this is no trace: a task must be an object");
        add(task_of(task.get_object()));
      }
    }
  }
  Trace take() {
    if (trace_.workflow.engine.empty() || trace_.workflow.id.empty()) {
      throw Error(Code::invalid_argument,
                  "this is no trace of a workflow: \"workflow\" must have an \"engine\" and an \"id\"; "
                  "docs/workflows.md describes the format");
    }
    return std::move(trace_);
  }

 private:
  static void check_version(const json::object& object) {
    const auto* format = object.if_contains("format");
    if (format != nullptr && !(format->is_string() && format->get_string() == "lamin-trace"))
      throw Error(Code::invalid_argument, fmt::format("this is no trace of a workflow: its format is {}, not "
                                                      "\"lamin-trace\"",
                                                      base::write_json(*format)));
    const auto* version = object.if_contains("version");
    if (version == nullptr) return;
    if (!version->is_int64() || version->get_int64() < 1 || version->get_int64() > newest_version)
      throw Error(Code::unsupported, fmt::format("the trace has version {} of its format, this program reads up to {}: "
                                                 "update it",
                                                 base::write_json(*version), newest_version));
  }
  static const json::object* object_of(const json::object& object, std::string_view member) {
    const auto* value = object.if_contains(member);
    if (value == nullptr) return nullptr;
    if (!value->is_object())
      throw Error(Code::invalid_argument, fmt::format("this is no trace: \"{}\" must be an object", member));
    return &value->get_object();
  }
  /// A task that now has another id than when it was started.
  void rename(const std::string& was, const json::object& object) {
    std::string id;
    Members(object, "a task").text("id", id);
    const auto known = by_id_.find(was);
    if (known == by_id_.end() || id.empty() || by_id_.contains(id)) return;
    by_id_.emplace(id, known->second);
    by_id_.erase(known);
  }
  void add(TraceTask task) {
    const auto [known, is_new] = by_id_.try_emplace(task.id, trace_.tasks.size());
    if (is_new) trace_.tasks.push_back(std::move(task));
    else trace_.tasks[known->second] = std::move(task);
  }

  Trace trace_;
  std::map<std::string, std::size_t> by_id_;
};

}  // namespace
}  // namespace lake

Trace read_trace(std::string_view text) {
  lake::Reader reader;
  const auto first = base::trim(text.substr(0, text.find('\n')));
  // A line that is an object by itself: an object a line. Otherwise one object on all lines.
  const bool lines = first.size() > 1 && first.front() == '{' && first.back() == '}';
  if (!lines) {
    reader.add(base::parse_json(text));
    return reader.take();
  }
  for (std::size_t at = 0, number = 1; at < text.size(); ++number) {
    const auto end = text.find('\n', at);
    const auto line = base::trim(text.substr(at, end == text.npos ? text.npos : end - at));
    at = end == text.npos ? text.size() : end + 1;
    if (line.empty()) continue;
    try {
      reader.add(base::parse_json(line));
    } catch (Error& error) {
      if (end == text.npos && line.back() != '}' && number > 1) break;  // the engine was killed while it wrote
      error.add_context(fmt::format("in line {} of the trace", number));
      throw;
    }
  }
  return reader.take();
}

Trace read_trace_file(const std::filesystem::path& file) {
  constexpr std::int64_t most_bytes = std::int64_t{1} << 30;
  try {
    auto trace = read_trace(base::small_file(file.string(), most_bytes));
    if (trace.workflow.folder.empty()) trace.workflow.folder = std::filesystem::absolute(file).parent_path().string();
    return trace;
  } catch (Error& error) {
    error.add_context(fmt::format("while reading '{}'", file.string()));
    throw;
  }
}

}  // namespace lamin
