// lineage.cpp -- `lamin lineage`: what led to a record and what came of it.
#include <fmt/format.h>
#include <fstream>
#include "commands.hpp"
#include "faces/entity.hpp"
#include "lamin/describe.hpp"
#include "lamin/lineage_graph.hpp"

namespace lamin::cli {
namespace {

/// ENTITY may be the uid itself: then whatever has it.
Record asked_for(Instance& instance, const Given& given) {
  const auto text = given.text("entity");
  const bool named = given.has("uid") || given.has("key") || given.has("name");
  if (text.empty() || named || text.find("://") != text.npos) return find(instance, given);
  for (const char* registry : {"Artifact", "Collection", "Run", "Transform", "Record"}) {
    if (auto found = instance.database().find(instance.catalog().table(registry), text)) return std::move(*found);
  }
  if (text.find_first_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == text.npos) return find(instance, given);
  throw Error(Code::not_found,
              fmt::format("no artifact, collection, run, transform or record has a uid that begins with '{}'", text));
}

LineageOptions options_of(const Given& given) {
  LineageOptions options{.siblings = given.has("siblings"), .recreated = given.has("recreated")};
  const int depth = given.has("depth") ? static_cast<int>(number(given, "depth")) : LineageOptions::any;
  const bool both = given.has("up") == given.has("down");
  options.up = both || given.has("up") ? depth : 0;
  options.down = both || given.has("down") ? depth : 0;
  return options;
}

void write(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text << "\n";
  file.close();
  if (!file) throw Error(Code::unavailable, fmt::format("'{}' could not be written.", path));
  tell("→ wrote " + path);
}

}  // namespace

int show_lineage(const Given& given) {
  if (given.has("json") + given.has("mermaid") + given.has("svg") > 1)
    throw Error(Code::invalid_argument, "--json, --mermaid and --svg exclude each other.");
  const auto instance = open(given);
  const auto graph = lineage_graph(*instance, asked_for(*instance, given), options_of(given));
  if (given.has("json")) print(to_json(graph) + "\n");
  else if (given.has("mermaid")) print(to_mermaid(graph));
  else if (const auto path = given.text("svg"); path == "-") print(to_svg(graph) + "\n");
  else if (!path.empty()) write(path, to_svg(graph));
  else print(to_text(graph));
  return 0;
}

}  // namespace lamin::cli
