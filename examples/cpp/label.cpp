// label.cpp -- compares cell types typed by a colleague with Cell Ontology.
#include "lamin/label.hpp"
#include <iostream>
#include "lamin/ontology.hpp"

int main(int, char** argv) {
  const std::filesystem::path data = argv[1];  // examples/data
  const auto instance = lamin::init({.storage = "cells", .modules = {"bionty"}});
  lamin::import_ontology(*instance, "bionty.CellType", data / "cl_2026-03-26.obo", {.source = "cl"});

  const std::vector<std::string> typed = {"dendritic cell", "Treg", "cytotoxic T cel"};
  const auto valid = lamin::validate(*instance, "bionty.CellType", typed);
  for (std::size_t i = 0; i < typed.size(); ++i) std::cout << typed[i] << (valid[i] ? ": known\n" : ": not known\n");

  const auto result = lamin::inspect(*instance, "bionty.CellType", typed);
  std::cout << "Treg is a synonym of " << result.synonyms.at("Treg") << "\n";
  std::cout << "nearest to cytotoxic T cel: " << result.suggestions.at("cytotoxic T cel").front().value << "\n";

  for (const auto& names : lamin::standardize(*instance, "bionty.CellType", typed)) std::cout << names.front() << "\n";
}
// Prints:
//   dendritic cell: known
//   Treg: not known
//   cytotoxic T cel: not known
//   Treg is a synonym of regulatory T cell
//   nearest to cytotoxic T cel: cytotoxic T cell
//   dendritic cell
//   regulatory T cell
//   cytotoxic T cel
