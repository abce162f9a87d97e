// run.cpp -- what a run was given, read and left behind; the runs of a transform.
#include <fmt/format.h>
#include <algorithm>
#include <fstream>
#include <map>
#include "base/json.hpp"
#include "base/log.hpp"
#include "base/source_file.hpp"
#include "base/text.hpp"
#include "faces/columns.hpp"
#include "faces/describe/parts.hpp"
#include "lamin/artifact.hpp"
#include "lamin/command.hpp"

namespace lamin::faces {
namespace {

constexpr std::size_t shown_lines = 4, shown_width = 80;

// Strips "\x1b[92m" and the like, meant for a terminal.
std::string without_colours(const std::string& line) {
  std::string plain;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] != '\x1b') {
      plain += line[i];
      continue;
    }
    while (i < line.size() && line[i] != 'm') ++i;
  }
  return plain;
}

// A page or a folder: nothing to read line by line.
bool is_text(const Record& artifact) { return artifact.text("suffix") != ".html" && artifact.at("n_files").is_null(); }

// The first lines of a text that is kept as an artifact; nothing if its content is missing.
void add_text(Instance& instance, const Record& run, const char* field, std::vector<Node>& nodes) {
  const auto artifact = pointed(instance, run, field);
  if (!artifact) return;
  auto title = fmt::format("{}: {}", field, artifact->uid().substr(0, 7));
  std::string text;
  if (!is_text(*artifact)) {
    nodes.push_back(quoted(std::move(title), text));
    return;
  }
  try {
    const auto path = cache_artifact(instance, *artifact);
    const base::SourceFile refused_otherwise(path);
    std::ifstream file(path);
    std::string line;
    for (std::size_t i = 0; i <= shown_lines && std::getline(file, line); ++i) text += without_colours(line) + "\n";
  } catch (const Error& e) { base::log(base::Level::debug, e.what()); }
  nodes.push_back(
      quoted(std::move(title), text, {.most_lines = shown_lines, .most_width = shown_width, .marks_cut = true}));
}

constexpr std::size_t most_rows = 20, most_runs = 5;

std::vector<Record> some(Instance& instance, std::string_view registry, std::string_view field, const Record& of,
                         std::size_t most) {
  return instance.database().all({.registry = std::string(registry),
                                  .where = Expr::compare(std::string(field), Op::exact, Value(of.id())),
                                  .order_by = {registry == "Run" ? "-id" : "id"},
                                  .limit = static_cast<std::int64_t>(most + 1)});
}

/// What a run read or made: artifacts, collections, records.
void add_datasets(Instance& instance, const Record& run, const char* title, std::string_view field,
                  std::vector<Node>& nodes) {
  Node node{.title = title, .header = {"", "uid", "name"}};
  for (const std::string_view registry : {"Artifact", "Collection", "Record"}) {
    const auto& table = instance.catalog().table(registry);
    for (const auto& row : some(instance, registry, field, run, most_rows)) {
      if (registry == "Artifact" && row.text("kind") == "__lamindb_run__") continue;
      const auto name = table.find_column("key") != nullptr && !row.at("key").is_null() ? std::string(row.text("key"))
                        : registry == "Artifact" ? std::string(row.text("description"))
                                                 : called(row);
      node.rows.push_back({base::lower(registry), std::string(row.uid()), name});
    }
  }
  if (node.rows.empty()) return;
  if (node.rows.size() > most_rows) {
    node.rows.resize(most_rows);
    node.cut = true;
  }
  nodes.push_back(std::move(node));
}

std::string status_word(const Record& run) {
  return std::string(schema::word_of(run.table().column("_status_code"), run.at("_status_code").integer_or(0)));
}

// How a command ended and what it took, and its files; temporary ones are counted.
void add_command(Instance& instance, const Record& run, std::vector<Node>& nodes) {
  const auto* extra = std::get_if<Json>(&run.at("extra_data"));
  if (extra == nullptr) return;
  const auto parsed = base::parse_json(extra->text);
  const auto* facts = parsed.is_object() ? parsed.as_object().if_contains("command") : nullptr;
  if (facts == nullptr || !facts->is_object()) return;
  Node node{.title = "Command"};
  for (const auto& [key, value] : facts->as_object()) {
    const std::string name(key);
    if (name == "words" || name == "script_word" || name == "program") continue;
    const auto bytes = name == "peak_memory" && value.is_int64() ? display_size(value.as_int64()) : "";
    node.children.push_back({.fields = {{name, bytes.empty() ? base::python_str(value) : bytes}}});
  }
  nodes.push_back(std::move(node));
  constexpr std::size_t most = 20;
  Node files{.title = "Files"};
  std::size_t temporary = 0, more = 0;
  for (const auto& file : command_files(instance, run)) {
    if (file.temporary) {
      ++temporary;
    } else if (files.children.size() == most) {
      ++more;
    } else {
      std::string did = file.read && file.written ? "read and written"
                        : file.written            ? "written"
                        : file.read               ? "read"
                                                  : "executed";
      if (const auto& uid = file.output.empty() ? file.artifact : file.output; !uid.empty()) did += ", artifact " + uid;
      files.children.push_back({.fields = {{file.path, did}}});
    }
  }
  if (more > 0) files.children.push_back({.title = fmt::format("{} more", more)});
  if (temporary > 0) files.children.push_back({.title = fmt::format("{} temporary", temporary)});
  if (!files.children.empty()) nodes.push_back(std::move(files));
}

}  // namespace

void describe_runs_of(Instance& instance, const Record& transform, std::vector<Node>& nodes) {
  Node node{.title = "Runs", .header = {"uid", "started_at", "status", "name"}};
  for (const auto& run : some(instance, "Run", "transform", transform, most_runs)) {
    if (node.rows.size() == most_runs) {
      node.cut = true;
      break;
    }
    node.rows.push_back(
        {std::string(run.uid()), display(run.at("started_at")), status_word(run), std::string(run.text("name"))});
  }
  if (!node.rows.empty()) nodes.push_back(std::move(node));
}

void describe_run_links(Instance& instance, const Record& run, std::vector<Node>& nodes) {
  if (const auto caller = pointed(instance, run, "initiated_by_run"))
    nodes.push_back({.fields = {{"initiated by", run_label(instance, *caller)}}});
  add_datasets(instance, run, "Inputs", "input_of_runs", nodes);
  add_datasets(instance, run, "Outputs", "run", nodes);
  std::map<std::pair<std::string, std::string>, std::int64_t> counts;
  const std::string paths[] = {"transform.key", "_status_code"};
  const auto& status = run.table().column("_status_code");
  const auto columns = instance.database().columns(
      {.registry = "Run", .where = Expr::compare("initiated_by_run", Op::exact, Value(run.id())), .order_by = {"id"}},
      paths);
  for (std::size_t i = 0; i < columns[0].size(); ++i) {
    ++counts[{std::string(columns[0][i].text_or("")),
              std::string(schema::word_of(status, columns[1][i].integer_or(0)))}];
  }
  if (counts.empty()) return;
  Node node{.title = "Initiated runs", .header = {"transform", "status", "runs"}};
  for (const auto& [what, count] : counts) node.rows.push_back({what.first, what.second, std::to_string(count)});
  nodes.push_back(std::move(node));
}

void describe_run(Instance& instance, const Record& run, std::vector<Node>& nodes) {
  if (const auto arguments = run.text("cli_args"); !arguments.empty()) {
    nodes.push_back(quoted("cli_args:", arguments, {.most_lines = shown_lines}));
  }
  add_text(instance, run, "report", nodes);
  add_text(instance, run, "environment", nodes);
  try {
    add_command(instance, run, nodes);
  } catch (const Error& e) { base::log(base::Level::debug, e.what()); }
  const auto* params = std::get_if<Json>(&run.at("params"));
  if (params == nullptr) return;
  try {
    const auto parsed = base::parse_json(params->text);
    if (!parsed.is_object() || parsed.as_object().empty()) return;
    Node node{.title = "Params"};
    for (const auto& [key, value] : parsed.as_object()) {
      node.children.push_back({.fields = {{std::string(key), base::python_str(value)}}});
    }
    nodes.push_back(std::move(node));
  } catch (const Error& e) { base::log(base::Level::debug, e.what()); }
}

}  // namespace lamin::faces
