// nextflow.cpp -- the trace of a workflow that Nextflow ran without our plug-in, from what it leaves in its folder.
//
// .nextflow/history says which runs there were, the table of -with-trace which tasks; the work folder of a task has its
// script and says what was staged into it. What was published is found by looking: links into a work folder, and copies
// of a task's file. The scripts of processes, before values are filled in, and the values are not there: for these one
// needs the plug-in.
#include <fmt/format.h>
#include <algorithm>
#include <boost/json/object.hpp>
#include <charconv>
#include <ctime>
#include <fstream>
#include <map>
#include <set>
#include "base/json.hpp"
#include "base/path.hpp"
#include "base/source_file.hpp"
#include "base/text.hpp"
#include "lamin/trace.hpp"

namespace lamin {
namespace fs = std::filesystem;
namespace lake {
namespace {

constexpr std::int64_t most_bytes = 256 << 20, second = 1'000'000;

/// "2026-11-29 03:08:59.123", in the time zone of this machine.
std::optional<Time> local_time(const std::string& text) {
  std::tm parts{};
  const char* rest = ::strptime(text.c_str(), "%Y-%m-%d %H:%M:%S", &parts);
  if (rest == nullptr) return std::nullopt;
  parts.tm_isdst = -1;
  Time time{static_cast<std::int64_t>(std::mktime(&parts)) * second};
  if (*rest == '.') time.micros += static_cast<std::int64_t>(std::strtod(rest, nullptr) * 1e6);
  return time;
}

/// "1h 2m 3.5s", "288ms", as microseconds.
std::int64_t duration(const std::string& text) {
  double total = 0;
  for (const auto& part : base::split(text, ' ')) {
    const char* unit = nullptr;
    char* end = nullptr;
    const double value = std::strtod(part.c_str(), &end);
    unit = end;
    const std::string_view name(unit);
    total += value * (name == "ms"  ? 1e3
                      : name == "s" ? 1e6
                      : name == "m" ? 6e7
                      : name == "h" ? 3.6e9
                      : name == "d" ? 8.64e10
                                    : 0);
  }
  return static_cast<std::int64_t>(total);
}

std::vector<std::string> lines_of(const fs::path& file) {
  auto lines = base::split(base::small_file(file.string(), most_bytes), '\n');
  std::erase_if(lines, [](const std::string& line) { return base::trim(line).empty(); });
  return lines;
}

std::string text_of(const fs::path& file) {
  constexpr std::int64_t most_of_script = 16 << 20;
  try {
    return base::small_file(file.string(), most_of_script);
  } catch (const Error&) { return ""; }
}

std::string unquoted(std::string word) {
  std::string plain;
  char quote = 0;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const char c = word[i];
    if (quote == 0 && c == '\\' && i + 1 < word.size()) plain += word[++i];
    else if (quote == 0 && (c == '\'' || c == '"')) quote = c;
    else if (c == quote) quote = 0;
    else plain += c;
  }
  return plain;
}

/// Words of a line of a shell script, still quoted.
std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words(1);
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote == 0 && (c == ' ' || c == '\t')) {
      if (!words.back().empty()) words.emplace_back();
      continue;
    }
    words.back() += c;
    if (c == '\\' && quote != '\'' && i + 1 < line.size()) words.back() += line[++i];
    else if (quote == 0 && (c == '\'' || c == '"')) quote = c;
    else if (c == quote) quote = 0;
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

class Folder {
 public:
  Folder(const fs::path& folder, std::string_view run) : folder_(base::resolve(folder)) {
    find_run(run);
    read_tasks();
    find_published();
  }
  Trace take() { return std::move(trace_); }

 private:
  struct Past {
    std::string name, status, session, command;
    std::optional<Time> started;
    std::int64_t lasted = 0;
  };

  void find_run(std::string_view wanted) {
    const auto history = folder_ / ".nextflow" / "history";
    std::error_code failed;
    if (!fs::exists(history, failed))
      throw Error(Code::not_found,
                  fmt::format("Nextflow was not started in '{}': it has no .nextflow/history", folder_.string()));
    std::optional<Past> found;
    for (const auto& line : lines_of(history)) {
      const auto cells = base::split(line, '\t');
      if (cells.size() < 7) continue;
      if (!wanted.empty() && cells[2] != wanted && !cells[5].starts_with(wanted)) continue;
      found = Past{.name = cells[2],
                   .status = cells[3],
                   .session = cells[5],
                   .command = cells[6],
                   .started = local_time(cells[0]),
                   .lasted = duration(cells[1])};
    }
    if (!found)
      throw Error(Code::not_found,
                  fmt::format("Nextflow has no run '{}' in '{}': `nextflow log` lists them", wanted, folder_.string()));
    past_ = *found;
    auto& workflow = trace_.workflow;
    workflow.engine = "nextflow";
    workflow.id = past_.session + "/" + past_.name;
    workflow.run_name = past_.name;
    workflow.command = past_.command;
    workflow.folder = folder_.string();
    workflow.started = past_.started;
    workflow.status = past_.status == "OK" ? "completed" : past_.status == "ERR" ? "failed" : "running";
    if (past_.started && past_.status != "-") workflow.finished = Time{past_.started->micros + past_.lasted};
    for (const auto& word : words_of(past_.command)) {
      if (unquoted(word).ends_with(".nf") && workflow.script.empty()) workflow.script = unquoted(word);
    }
    if (workflow.script.empty()) find_project();
  }

  /// "nextflow run nf-core/rnaseq -r 3.14": the word after `run` that is no option.
  void find_project() {
    const auto words = words_of(past_.command);
    for (std::size_t i = 1; i < words.size(); ++i) {
      if (words[i - 1] == "run" && !words[i].starts_with('-')) trace_.workflow.name = unquoted(words[i]);
    }
    std::error_code failed;
    const auto main = folder_ / trace_.workflow.name / "main.nf";
    if (!fs::exists(main, failed)) return;
    trace_.workflow.script = main.string();
    trace_.workflow.name.clear();
  }

  /// The table that this run wrote: named in its command, otherwise the one that was finished when it was.
  fs::path table() {
    const auto words = words_of(past_.command);
    std::error_code failed;
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
      if (words[i] != "-with-trace" || words[i + 1].starts_with('-')) continue;
      if (auto named = folder_ / unquoted(words[i + 1]); fs::is_regular_file(named, failed)) return named;
    }
    fs::path best;
    std::int64_t nearest = std::int64_t{120} * second;
    for (const auto& entry : fs::directory_iterator(folder_)) {
      const auto name = entry.path().filename().string();
      if (!name.starts_with("trace") || !entry.is_regular_file(failed)) continue;
      const auto written = fs::last_write_time(entry.path(), failed);
      const auto at = std::chrono::duration_cast<std::chrono::microseconds>(
                          std::chrono::file_clock::to_sys(written).time_since_epoch())
                          .count();
      if (!past_.started) continue;
      const auto distance = std::abs(at - past_.started->micros - past_.lasted);
      if (distance < nearest) best = entry.path(), nearest = distance;
    }
    if (best.empty())
      throw Error(Code::not_found,
                  fmt::format("there is no table of the tasks of run '{}' in '{}': run Nextflow with -with-trace, or "
                              "with our plug-in (docs/nextflow.md)",
                              past_.name, folder_.string()));
    return best;
  }

  void read_tasks() {
    const auto lines = lines_of(table());
    if (lines.empty()) return;
    const auto header = base::split(lines.front(), '\t');
    for (std::size_t row = 1; row < lines.size(); ++row) {
      const auto cells = base::split(lines[row], '\t');
      std::map<std::string, std::string> of;
      for (std::size_t i = 0; i < std::min(header.size(), cells.size()); ++i) {
        if (cells[i] != "-") of[header[i]] = cells[i];
      }
      if (!of["name"].empty()) read_task(of);
    }
  }

  /// The folder whose hash begins like "4f/e0107a".
  fs::path work_folder(std::map<std::string, std::string>& of) const {
    if (!of["workdir"].empty()) return of["workdir"];
    const auto& hash = of["hash"];
    const auto slash = hash.find('/');
    if (slash == hash.npos) return {};
    auto work = folder_ / "work";
    const auto words = words_of(past_.command);
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
      if (words[i] == "-w" || words[i] == "-work-dir") work = folder_ / unquoted(words[i + 1]);
    }
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator(work / hash.substr(0, slash), failed)) {
      if (entry.path().filename().string().starts_with(hash.substr(slash + 1))) return entry.path();
    }
    return {};
  }

  void read_task(std::map<std::string, std::string>& of) {
    TraceTask task{.name = of["name"]};
    task.process = task.name.substr(0, task.name.find(" ("));
    const auto folder = work_folder(of);
    task.folder = folder.string();
    task.id = folder.empty() ? past_.session + "/" + of["hash"]
                             : folder.parent_path().filename().string() + folder.filename().string();
    task.cached = of["status"] == "CACHED";
    task.status = task.cached || of["status"] == "COMPLETED" ? "completed"
                  : of["status"] == "ABORTED"                ? "aborted"
                                                             : "failed";
    if (!of["exit"].empty()) task.exit = std::strtoll(of["exit"].c_str(), nullptr, 10);
    if (!of["attempt"].empty()) task.attempt = std::strtoll(of["attempt"].c_str(), nullptr, 10);
    task.started = local_time(of["submit"]);
    if (task.started) task.finished = Time{task.started->micros + duration(of["duration"])};
    task.container = of["container"];
    boost::json::object measured;
    for (const auto* name : {"%cpu", "peak_rss", "peak_vmem", "rchar", "wchar", "realtime"}) {
      if (!of[name].empty()) measured[name] = of[name];
    }
    if (!measured.empty()) task.details_json = base::write_json(boost::json::object{{"measured", measured}});
    if (!folder.empty()) read_work(folder, task);
    trace_.tasks.push_back(std::move(task));
  }

  void read_work(const fs::path& folder, TraceTask& task) {
    task.command = text_of(folder / ".command.sh");
    if (task.status == "failed")
      task.log = TraceText{.name = "command.log.txt", .text = text_of(folder / ".command.log")};
    std::set<std::string> staged;
    for (const auto& [name, from] : staged_by(folder)) {
      staged.insert(name);
      task.inputs.push_back({.path = from});
    }
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator(folder, failed)) {
      const auto name = entry.path().filename().string();
      if (name.starts_with('.') || staged.contains(name)) continue;
      task.outputs.push_back({.path = entry.path().string()});
    }
    std::ranges::sort(task.outputs, {}, &TraceFile::path);
    for (const auto& file : task.outputs) {
      if (fs::is_regular_file(file.path, failed)) made_.emplace(fs::path(file.path).filename().string(), file.path);
    }
  }

  /// Names in a work folder, and where each comes from: "ln -s /data/a.fq a.fq" in its script.
  static std::vector<std::pair<std::string, std::string>> staged_by(const fs::path& folder) {
    std::vector<std::pair<std::string, std::string>> staged;
    bool inside = false;
    for (const auto& line : base::split(text_of(folder / ".command.run"), '\n')) {
      const auto text = base::trim(line);
      if (text.starts_with("nxf_stage()")) inside = true;
      else if (inside && text == "}") break;
      const auto words = words_of(text);
      const bool stages = words.size() >= 4 && (words[0] == "ln" || words[0] == "cp" || words[0] == "link");
      if (inside && stages) staged.emplace_back(unquoted(words.back()), unquoted(words[words.size() - 2]));
    }
    return staged;
  }

  void find_published() {
    std::error_code failed;
    const auto end = fs::recursive_directory_iterator();
    for (fs::recursive_directory_iterator at(folder_, failed); at != end; at.increment(failed)) {
      if (failed) break;
      const auto name = at->path().filename().string();
      const bool hidden = name.starts_with('.') || (at.depth() == 0 && name == "work");
      if (hidden && at->is_directory(failed)) at.disable_recursion_pending();
      if (hidden || (at->is_directory(failed) && !at->is_symlink(failed))) continue;
      const auto source = source_of_copy(at->path(), at->is_symlink(failed));
      if (!source.empty()) trace_.workflow.outputs.push_back({.path = at->path().string(), .source = source});
    }
    std::ranges::sort(trace_.workflow.outputs, {}, &TraceFile::path);
  }

  std::string source_of_copy(const fs::path& file, bool link) const {
    if (link) {
      const auto target = base::resolve(file);
      for (const auto& task : trace_.tasks) {
        if (!task.folder.empty() && !base::relative_key(base::resolve(task.folder).string(), target).empty())
          return target.string();
      }
      return "";
    }
    const auto [first, last] = made_.equal_range(file.filename().string());
    for (auto one = first; one != last; ++one) {
      if (same_bytes(file, one->second)) return one->second;
    }
    return "";
  }

  static bool same_bytes(const fs::path& a, const fs::path& b) {
    std::error_code failed;
    if (fs::file_size(a, failed) != fs::file_size(b, failed) || failed) return false;
    std::ifstream left(a, std::ios::binary), right(b, std::ios::binary);
    constexpr std::size_t block = 1 << 16;
    std::string x(block, '\0'), y(block, '\0');
    while (left && right) {
      left.read(x.data(), block);
      right.read(y.data(), block);
      if (left.gcount() != right.gcount() ||
          x.compare(0, static_cast<std::size_t>(left.gcount()), y, 0, static_cast<std::size_t>(left.gcount())) != 0)
        return false;
    }
    return true;
  }

  fs::path folder_;
  Past past_;
  Trace trace_;
  std::multimap<std::string, std::string> made_;  ///< name → a task's file
};

}  // namespace
}  // namespace lake

Trace nextflow_trace(const fs::path& folder, std::string_view run) { return lake::Folder(folder, run).take(); }

}  // namespace lamin
