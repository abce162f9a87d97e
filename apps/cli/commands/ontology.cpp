// ontology.cpp -- terms of public ontologies: looked at, and moved from one release to another.
#include <fmt/format.h>
#include <charconv>
#include <fstream>

#include "commands.hpp"
#include "faces/columns.hpp"
#include "lamin/describe.hpp"
#include "lamin/public_terms.hpp"
#include "lamin/term.hpp"
#include "lamin/upgrade.hpp"

namespace lamin::cli {

namespace {

std::int64_t number(const Given& given, const char* name, std::int64_t least) {
  const auto text = given.text(name);
  std::int64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size() || value < least) {
    throw Error(Code::invalid_argument,
                fmt::format("--{} takes a whole number from {} on, not '{}'.", name, least, text));
  }
  return value;
}

/// To the screen, or to the file that --output names.
void put(const Given& given, const std::string& text) {
  if (!given.has("output")) return print(text + "\n");
  const auto path = given.text("output");
  std::ofstream file(path, std::ios::binary);
  file << text << "\n";
  file.close();
  if (!file) throw Error(Code::unavailable, fmt::format("'{}' could not be written.", path));
  tell("→ wrote " + path);
}

/// As --report says.
void put_report(const Given& given, const Node& node, const std::string& json) {
  const auto form = given.text("report", "text");
  if (form == "json") return put(given, json);
  if (form == "html") return put(given, to_html(node));
  if (form != "text") throw Error(Code::invalid_argument, "--report takes text, html or json, not '" + form + "'.");
  put(given, to_text(node, coloured() && !given.has("output")));
}

ChangesOptions how_many(const Given& given) { return {.most = given.text("report", "text") == "text" ? 20U : 0U}; }

/// OLD and NEW; a single one is NEW.
std::pair<std::string, std::string> versions_of(const Given& given) {
  if (given.has("new")) return {given.text("old"), given.text("new")};
  return {"", given.text("old")};
}

std::map<std::string, std::string> choices(const Given& given) {
  std::map<std::string, std::string> all;
  for (const auto& text : given.all("choose")) all.insert(assignment(text, "--choose"));
  return all;
}

UpgradePlan planned(Instance& instance, const Given& given) {
  const auto [registry, source] = ontology_called(instance, given.text("ontology"));
  const auto [from, to] = versions_of(given);
  const auto release =
      release_called(instance, registry, {.organism = given.text("organism"), .name = source, .version = to});
  return plan_upgrade(instance, registry, release, {.choose = choices(given), .from = from});
}

}  // namespace

int ontology_tree(const Given& given) {
  const auto instance = open();
  const auto [registry, source] = ontology_called(*instance, given.text("ontology"));
  const auto graph = term_graph(*instance, registry, given.text("term"),
                                {.up = static_cast<int>(number(given, "up", 0)),
                                 .down = static_cast<int>(number(given, "down", 0)),
                                 .relation = given.text("relation")});
  const auto form = given.text("report", "text");
  if (form == "svg") put(given, to_svg(graph));
  else if (form == "json") put(given, to_json(graph_node(graph)));
  else if (form == "text") put(given, to_text(graph_node(graph), coloured() && !given.has("output")));
  else throw Error(Code::invalid_argument, "--report takes text, svg or json, not '" + form + "'.");
  return 0;
}

int ontology_search(const Given& given) {
  const auto instance = open();
  const auto [registry, source] = ontology_called(*instance, given.text("ontology"));
  const auto found = search_terms(*instance, registry, given.text("text"),
                                  {.source = source, .limit = number(given, "limit", 1), .fuzzy = given.has("fuzzy")});
  if (!found.only_registered.empty()) tell("! only registered terms: " + found.only_registered);
  if (found.only_near) tell("! no term contains '" + given.text("text") + "': these have something like it");
  auto table = text_table({"id", "name", "registered", "synonyms"});
  for (const auto& [record, score, registered] : found.terms) {
    table.add({faces::display(record.at("ontology_id")), faces::display(record.at("name")), registered ? "yes" : "",
               faces::display(record.at("synonyms"))});
  }
  table.finish();
  return 0;
}

int ontology_show(const Given& given) {
  const auto instance = open();
  const auto info =
      given.has("term")
          ? term_info(*instance, ontology_called(*instance, given.text("ontology")).registry, given.text("term"))
          : term_info(*instance, "", given.text("ontology"));
  const auto node = term_node(info);
  put_report(given, node, to_json(node));
  return 0;
}

int ontology_diff(const Given& given) {
  const auto instance = open();
  const auto [registry, source] = ontology_called(*instance, given.text("ontology"));
  const auto release = [&](const char* name) {
    return release_called(*instance, registry,
                          {.organism = given.text("organism"), .name = source, .version = given.text(name)});
  };
  const auto diff = diff_releases(*instance, release("old"), release("new"));
  put_report(given, diff_node(diff, how_many(given)), to_json(diff));
  return 0;
}

int ontology_plan(const Given& given) {
  const auto instance = open();
  const auto plan = planned(*instance, given);
  put_report(given, plan_node(plan, how_many(given)), to_json(plan));
  return 0;
}

int ontology_apply(const Given& given) {
  const auto instance = open();
  const auto plan = planned(*instance, given);
  print(to_text(plan_node(plan), coloured()) + "\n");
  const auto done = apply_upgrade(*instance, plan);
  tell(fmt::format("→ moved {} to {} {}: {} rows changed; `lamin ontology undo {}` restores them", done.registry,
                   done.source, done.to, done.rows, given.text("ontology")));
  return 0;
}

int ontology_undo(const Given& given) {
  const auto instance = open();
  const auto registry = ontology_called(*instance, given.text("ontology")).registry;
  std::int64_t which = given.has("number") ? number(given, "number", 1) : 0;
  const auto [from, to] = versions_of(given);
  if (which == 0 && !to.empty()) which = find_upgrade(*instance, registry, to, from).number;
  const auto done = undo_upgrade(*instance, registry, which);
  tell(fmt::format("→ undone: {} {} → {}; {} rows are as they were", done.source, fmt::join(done.from, ", "), done.to,
                   done.rows));
  return 0;
}

int ontology_history(const Given& given) {
  const auto instance = open();
  const auto registry =
      given.has("ontology") ? ontology_called(*instance, given.text("ontology")).registry : std::string();
  auto table = text_table({"number", "registry", "source", "from", "to", "rows", "applied", "undone"});
  for (const auto& one : upgrades(*instance, registry)) {
    table.add({std::to_string(one.number), one.registry, one.source, fmt::format("{}", fmt::join(one.from, ", ")),
               one.to, std::to_string(one.rows), one.applied_at.substr(0, 19), one.undone_at.substr(0, 19)});
  }
  table.finish();
  return 0;
}

}  // namespace lamin::cli
