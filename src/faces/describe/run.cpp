// run.cpp -- what a run was given and left behind.
#include <fmt/format.h>
#include <algorithm>
#include <fstream>
#include "base/json.hpp"
#include "base/log.hpp"
#include "base/source_file.hpp"
#include "base/text.hpp"
#include "faces/describe/parts.hpp"
#include "lamin/artifact.hpp"

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

// The first lines of a text that is kept as an artifact; nothing if its content is missing.
void add_text(Instance& instance, const Record& run, const char* field, std::vector<Node>& nodes) {
  const auto artifact = pointed(instance, run, field);
  if (!artifact) return;
  auto title = fmt::format("{}: {}", field, artifact->uid().substr(0, 7));
  std::string text;
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

}  // namespace

void describe_run(Instance& instance, const Record& run, std::vector<Node>& nodes) {
  if (const auto arguments = run.text("cli_args"); !arguments.empty()) {
    nodes.push_back(quoted("cli_args:", arguments, {.most_lines = shown_lines}));
  }
  add_text(instance, run, "report", nodes);
  add_text(instance, run, "environment", nodes);
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
