// releases.cpp -- files of releases of public ontologies, for machines without a network.
#include <cstdio>
#include "commands.hpp"
#include "lamin/public_terms.hpp"

namespace lamin::cli {

int ontology_add(const Given& given) {
  const ReleaseChoice choice{
      .organism = given.text("organism"), .name = given.text("source"), .version = given.text("version")};
  const auto brought = bring_releases(given.text("path"), choice, [](Level level, const Words& words) {
    tell((level >= Level::warning ? "! " : "→ ") + words.in(Face::shell));
  });
  for (const auto& one : brought) print_value(one.path.string());
  return 0;
}

int ontology_list(const Given& given) {
  auto table = text_table({"source", "version", "organism", "registry", "where", "file"});
  for (const auto& one : release_files()) {
    if (given.has("source") && one.name != given.text("source")) continue;
    table.add({one.name, one.version, one.organism, one.registry, one.where, one.path.string()});
  }
  table.finish();
  return 0;
}

}  // namespace lamin::cli
