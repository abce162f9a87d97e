// redun.cpp -- the trace of a workflow that redun ran, from its database: jobs, what they were called with, files.
//
// A job is one call of a task; jobs call each other. A job that was taken from the cache is the one that was executed
// with the same call. Files are values among arguments and results, alone or in lists. The workflow's outputs are the
// files in its result.
#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <map>
#include <set>
#include "base/json.hpp"
#include "base/path.hpp"
#include "base/time.hpp"
#include "db/connection.hpp"
#include "format/pickle.hpp"
#include "lamin/trace.hpp"

namespace lamin {
namespace fs = std::filesystem;
namespace lake {
namespace {

namespace json = boost::json;

std::string unhex(std::string_view hex) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; };
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(digit(hex[i]) << 4 | digit(hex[i + 1]));
  return bytes;
}

class Redun {
 public:
  explicit Redun(const fs::path& file)
      : folder_(base::resolve(file).parent_path().parent_path()),
        database_(db::open_connection("sqlite://" + base::resolve(file).string(), {.read_only = true})) {
    for (const auto* table : {"execution", "job", "call_node", "argument", "value", "file", "subvalue", "task"}) {
      if (!database_->table_exists(table))
        throw Error(Code::corrupt,
                    fmt::format("'{}' is no database of redun: it has no table '{}'", file.string(), table));
    }
  }

  Trace trace(std::string_view execution) {
    find_execution(execution);
    read_jobs();
    if (root_.empty() || !jobs_.contains(root_))
      throw Error(Code::corrupt, fmt::format("redun's execution '{}' has no job", id_));
    Trace trace;
    auto& workflow = trace.workflow;
    fill(workflow);
    const auto& root = jobs_.at(root_);
    workflow.started = root.started;
    workflow.finished = root.finished;
    workflow.status = root.status();
    if (!root.call.empty()) workflow.outputs = files_in(results_.at(root.call));
    for (const auto& id : order_) trace.tasks.push_back(task(jobs_.at(id)));
    return trace;
  }

 private:
  struct Job {
    std::string id, parent, call, name, source;
    bool cached = false, failed = false;
    std::optional<Time> started, finished;
    std::string status() const {
      return failed ? "failed" : !call.empty() ? "completed" : finished ? "failed" : "running";
    }
  };

  std::unique_ptr<db::Rows> rows(std::string_view sql, std::vector<Value> parameters) {
    return database_->query(sql, parameters);
  }
  static std::string text(const db::Rows& rows, int column) {
    return rows.is_null(column) ? std::string() : std::string(rows.text(column));
  }

  void find_execution(std::string_view wanted) {
    auto found = rows(
        "SELECT e.id, e.args, e.job_id FROM execution e JOIN job j ON j.id = e.job_id "
        "WHERE substr(e.id, 1, length(?)) = ? ORDER BY j.start_time DESC",
        {Value(wanted), Value(wanted)});
    if (!found->next()) {
      throw Error(Code::not_found, wanted.empty()
                                       ? std::string("redun has executed nothing in this folder yet")
                                       : fmt::format("redun has no execution '{}': `redun log` lists them", wanted));
    }
    id_ = text(*found, 0);
    arguments_ = text(*found, 1);
    root_ = text(*found, 2);
    if (!wanted.empty() && found->next())
      throw Error(Code::multiple_found, fmt::format("several executions of redun begin with '{}': {}, {}, ...", wanted,
                                                    id_, text(*found, 0)));
  }

  void read_jobs() {
    auto found = rows(
        "SELECT j.id, j.parent_id, j.call_hash, j.cached, j.start_time, j.end_time, t.namespace, t.name, "
        "t.source, c.value_hash, v.type FROM job j JOIN task t ON t.hash = j.task_hash "
        "LEFT JOIN call_node c ON c.call_hash = j.call_hash "
        "LEFT JOIN value v ON v.value_hash = c.value_hash WHERE j.execution_id = ? "
        "ORDER BY j.start_time, j.id",
        {Value(id_)});
    while (found->next()) {
      Job job{.id = text(*found, 0), .parent = text(*found, 1), .call = text(*found, 2)};
      job.cached = found->integer(3) != 0;
      job.started = base::parse_time(text(*found, 4));
      job.finished = base::parse_time(text(*found, 5));
      const auto space = text(*found, 6);
      job.name = (space.empty() ? "" : space + ".") + text(*found, 7);
      job.source = text(*found, 8);
      if (!job.call.empty()) results_[job.call] = text(*found, 9);
      job.failed = text(*found, 10) == "redun.ErrorValue";  // redun keeps what was raised as a result
      order_.push_back(job.id);
      jobs_.emplace(job.id, std::move(job));
    }
  }

  /// "redun run workflow.py main --x 1": which file.
  void fill(TraceWorkflow& workflow) {
    workflow.engine = "redun";
    workflow.id = id_;
    workflow.folder = folder_.string();
    auto tags = rows("SELECT key, value FROM tag WHERE entity_type = 'Execution' AND entity_id = ? AND is_current",
                     {Value(id_)});
    while (tags->next()) {
      if (tags->text(0) != "redun.version") continue;
      const auto version = base::parse_json(text(*tags, 1));
      if (version.is_string()) workflow.engine_version = std::string(version.get_string());
    }
    const auto arguments = base::parse_json(arguments_);
    if (!arguments.is_array()) return;
    for (const auto& item : arguments.get_array()) {
      if (!item.is_string()) continue;
      const std::string word(item.get_string());
      const auto shown = workflow.command.empty() ? fs::path(word).filename().string() : word;
      workflow.command += (workflow.command.empty() ? "" : " ") + shown;
      if (workflow.script.empty() && word.ends_with(".py")) workflow.script = word;
    }
    if (workflow.script.empty()) workflow.name = jobs_.at(root_).name;
  }

  /// The id of the job that did the work.
  std::string executed(const Job& job) {
    if (!job.cached || job.call.empty()) return job.id;
    auto found = rows("SELECT id FROM job WHERE call_hash = ? AND NOT cached ORDER BY start_time DESC LIMIT 1",
                      {Value(job.call)});
    return found->next() ? text(*found, 0) : job.id;
  }

  TraceTask task(const Job& job) {
    TraceTask task{.id = executed(job), .process = job.name, .name = job.name, .source = job.source};
    if (!job.parent.empty() && jobs_.contains(job.parent)) task.parent = executed(jobs_.at(job.parent));
    task.cached = task.id != job.id;
    task.started = job.started;
    task.finished = job.finished;
    task.status = job.status();
    if (job.call.empty()) return task;
    if (task.cached) take_times(task);
    read_arguments(job, task);
    task.outputs = files_in(results_.at(job.call));
    return task;
  }

  void take_times(TraceTask& task) {
    auto found = rows("SELECT start_time, end_time FROM job WHERE id = ?", {Value(task.id)});
    if (!found->next()) return;
    task.started = base::parse_time(text(*found, 0));
    task.finished = base::parse_time(text(*found, 1));
  }

  void read_arguments(const Job& job, TraceTask& task) {
    json::object params;
    auto found = rows(
        "SELECT a.arg_position, a.arg_key, a.value_hash, hex(v.value) FROM argument a "
        "JOIN value v ON v.value_hash = a.value_hash WHERE a.call_hash = ? "
        "ORDER BY a.arg_position, a.arg_key",
        {Value(job.call)});
    while (found->next()) {
      const auto name = found->is_null(1) ? parameter(job.source, found->integer(0)) : text(*found, 1);
      for (auto& file : files_in(text(*found, 2))) task.inputs.push_back(std::move(file));
      if (const auto value = format::plain_value(unhex(found->text(3)))) params[name] = *value;
    }
    if (!params.empty()) task.params_json = base::write_json(params);
  }

  /// The name of a positional parameter, from the function's head: "def align(reads: File, threads=4)".
  static std::string parameter(const std::string& source, std::int64_t position) {
    const auto start = source.find('(', source.find("def "));
    std::string name;
    int depth = 0;
    std::int64_t at = 0;
    bool in_name = true;
    for (auto i = start == source.npos ? source.size() : start + 1; i < source.size(); ++i) {
      const char c = source[i];
      if (depth == 0 && (c == ',' || c == ')')) {
        if (at == position && !name.empty()) return name;
        if (c == ')') break;
        ++at;
        name.clear();
        in_name = true;
        continue;
      }
      if (c == '(' || c == '[' || c == '{') ++depth;
      if (c == ')' || c == ']' || c == '}') --depth;
      if (c == ':' || c == '=') in_name = false;
      if (in_name && c != ' ' && c != '\n' && c != '*') name += c;
    }
    return std::to_string(position);
  }

  /// The files of a value and of what is in it.
  std::vector<TraceFile> files_in(const std::string& value) {
    std::vector<TraceFile> files;
    auto found = rows(
        "WITH RECURSIVE part(hash) AS (VALUES(?) UNION SELECT s.value_hash FROM subvalue s "
        "JOIN part p ON s.parent_value_hash = p.hash) "
        "SELECT DISTINCT f.path FROM part p JOIN file f ON f.value_hash = p.hash ORDER BY f.path",
        {Value(value)});
    while (found->next()) files.push_back({.path = text(*found, 0)});
    return files;
  }

  fs::path folder_;
  std::unique_ptr<db::Connection> database_;
  std::string id_, arguments_, root_;
  std::map<std::string, Job> jobs_;
  std::vector<std::string> order_;
  std::map<std::string, std::string> results_;  ///< call → value
};

/// A job that was executed may stand behind several jobs of an execution.
void drop_repeated(Trace& trace) {
  std::set<std::string> ids;
  std::erase_if(trace.tasks, [&](const TraceTask& task) { return !ids.insert(task.id).second; });
  for (auto& task : trace.tasks) {
    if (!ids.contains(task.parent)) task.parent.clear();
  }
}

}  // namespace
}  // namespace lake

Trace redun_trace(const fs::path& database, std::string_view execution) {
  std::error_code failed;
  auto file = fs::is_directory(database, failed) ? database / "redun.db" : database;
  if (fs::is_directory(database / ".redun", failed)) file = database / ".redun" / "redun.db";
  if (!fs::exists(file, failed))
    throw Error(Code::not_found, fmt::format("there is no database of redun at '{}'", file.string()));
  auto trace = lake::Redun(file).trace(execution);
  lake::drop_repeated(trace);
  return trace;
}

}  // namespace lamin
