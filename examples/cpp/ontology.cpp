// ontology.cpp -- Cell Ontology in a registry, and everything that is a T cell.
#include "lamin/ontology.hpp"
#include <iostream>

int main(int, char** argv) {
  const std::filesystem::path data = argv[1];  // examples/data
  const auto instance = lamin::init({.storage = "cells", .modules = {"bionty"}});
  const auto report =
      lamin::import_ontology(*instance, "bionty.CellType", data / "cl_2026-03-26.obo", {.source = "cl"});
  std::cout << report.source.text("name") << " " << report.source.text("version") << ": " << report.created
            << " cell types, " << report.parents << " parents\n";

  const auto t_cell =
      instance->database().one({.registry = "bionty.CellType", .where = lamin::Expr::parse("name = 'T cell'")});
  std::cout << lamin::descendants(*instance, t_cell).size() << " kinds of T cell\n";
  for (const auto& above : lamin::ancestors(*instance, t_cell)) std::cout << above.text("name") << "\n";

  lamin::Frame terms;  // a term that Cell Ontology does not have yet
  terms.add("ontology_id", lamin::Column::texts(std::vector<std::string>{"LAB:0000001"}));
  terms.add("name", lamin::Column::texts(std::vector<std::string>{"T cell of our mouse"}));
  terms.add("parents", lamin::Column::texts(std::vector<std::string>{"CL:0000084"}));
  lamin::import_terms(*instance, "bionty.CellType", terms, {.source = "mylab", .version = "1"});
  std::cout << lamin::descendants(*instance, t_cell).size() << " kinds of T cell\n";
}
// Prints:
//   cl 2026-03-26: 3324 cell types, 4633 parents
//   171 kinds of T cell
//   cell
//   motile cell
//   single nucleate cell
//   eukaryotic cell
//   lymphocyte
//   leukocyte
//   mononuclear leukocyte
//   hematopoietic cell
//   nucleate cell
//   172 kinds of T cell
