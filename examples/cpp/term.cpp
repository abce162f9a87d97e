// term.cpp -- looks at terms of Cell Ontology: what is known of one, and what is below it.
#include "lamin/term.hpp"
#include <filesystem>
#include <iostream>
#include "lamin/describe.hpp"
#include "lamin/ontology.hpp"

int main(int, char** argv) {
  const std::filesystem::path data = argv[1];  // examples/data
  const auto instance = lamin::init({.storage = "cells", .modules = {"bionty"}});
  lamin::import_ontology(*instance, "bionty.CellType", data / "cl_2026-03-26.obo", {.source = "cl"});

  const auto term = lamin::term_info(*instance, "bionty.CellType", "Treg");
  std::cout << term.id << " " << term.name << ", " << term.source << " " << term.version << "\n";
  for (const auto& link : term.relations) std::cout << "  " << link.relation << " " << link.name << "\n";

  const auto graph = lamin::term_graph(*instance, "bionty.CellType", "regulatory T cell", {.down = 1});
  std::cout << lamin::to_text(lamin::graph_node(graph)) << "\n";
}
// Prints:
//   CL:0000815 regulatory T cell, cl 2026-03-26
//     is_a mature T cell
//   CL:0000815 regulatory T cell
//   ├── CL:0000792 CD4-positive, CD25-positive, alpha-beta regulatory T cell (+5)
//   ├── CL:0000795 CD8-positive, alpha-beta regulatory T cell (+3)
//   ├── CL:0009113 T follicular regulatory cell
//   └── CL:0000901 Tr1 cell
