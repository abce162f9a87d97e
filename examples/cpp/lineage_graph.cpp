// lineage_graph.cpp -- everything that led to a dataset and everything that came of it, in several forms.
#include "lamin/lineage_graph.hpp"
#include <iostream>
#include "lamin/artifact.hpp"
#include "lamin/lineage.hpp"

int main(int, char** argv) {
  const std::filesystem::path data = argv[1];  // examples/data
  const auto instance = lamin::init({.storage = "cells"});
  const auto save = [&](const char* file, const char* key) {
    auto draft = lamin::prepare_artifact(*instance, {.source = data / file, .key = key});
    lamin::save_artifact(*instance, draft);
    return draft.record;
  };
  const auto raw = save("pbmc68k_reduced.h5ad", "raw.h5ad");
  const auto transform = lamin::make_transform(*instance, {.key = "type_cells.cpp", .source_code = "int main() {}"});
  auto run = lamin::start_run(*instance, transform);
  lamin::track_input(*instance, raw);
  const auto typed = save("pbmc68k_typed.h5ad", "typed.h5ad");
  lamin::finish_run(*instance, run, lamin::RunStatus::completed);

  const auto graph = lamin::lineage_graph(*instance, typed, {.up = 3, .down = 0});
  for (const auto& edge : graph.edges)
    std::cout << graph.nodes[edge.from].name << " -> " << graph.nodes[edge.to].name << "\n";
  std::cout << lamin::to_json(graph).substr(0, 10) << "... " << lamin::to_mermaid(graph).substr(0, 12) << "... "
            << lamin::to_svg(graph).substr(0, 4) << "...\n";
  std::cout << lamin::to_text(lamin::lineage_graph(*instance, transform));
}
// Prints:
//   raw.h5ad -> type_cells.cpp
//   type_cells.cpp -> typed.h5ad
//   {"focus": ... flowchart LR... <svg...
//   type_cells.cpp (0000)
//       no other transform made what it used or used what it made
