// public_terms.cpp -- looks terms up in a release of Cell Ontology and registers one with everything above it.
#include "lamin/public_terms.hpp"
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include "lamin/save.hpp"

int main() {
  // A release of one's own, instead of a download: three terms in a folder.
  std::filesystem::create_directories("releases");
  std::ofstream("releases/cl-demo.csv") << "ontology_id,name,synonyms,parents\n"
                                           "CL:0000542,lymphocyte,,\n"
                                           "CL:0000084,T cell,T-cell|T lymphocyte,CL:0000542\n"
                                           "CL:0000236,B cell,,CL:0000542\n";
  setenv("LAMIN_ONTOLOGIES", "releases", 1);

  const auto instance = lamin::init({.storage = "cells", .modules = {"bionty"}});
  lamin::Record release(instance->catalog().table("bionty.Source"));
  release.set("entity", "bionty.CellType").set("organism", "all").set("name", "cl").set("version", "demo");
  lamin::save(*instance, release);

  const auto terms = lamin::open_release(*instance, release);
  const std::string values[] = {"T cell", "T-cell", "T ceil"};
  for (const bool valid : lamin::validate(*terms, "bionty.CellType", values)) std::cout << valid << " ";
  std::cout << lamin::standardize(*terms, "bionty.CellType", values)[1].front() << "\n";

  auto found = lamin::from_release(*instance, "bionty.CellType", values, {}, release);
  for (auto& record : found.records) lamin::save(*instance, record);
  for (const auto& row : instance->database().all({.registry = "bionty.CellType", .order_by = {"ontology_id"}}))
    std::cout << row.text("ontology_id") << " " << row.text("name") << "\n";
  std::cout << "not found: " << found.missing.front() << "\n";
}
// Prints:
//   1 0 0 T cell
//   CL:0000084 T cell
//   CL:0000542 lymphocyte
//   not found: T ceil
