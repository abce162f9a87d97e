// upgrade.cpp -- moves a registry from one release to the next, and back.
#include "lamin/upgrade.hpp"
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include "lamin/public_terms.hpp"
#include "lamin/save.hpp"

int main() {
  std::filesystem::create_directories("releases");
  std::ofstream("releases/cl-1.csv") << "ontology_id,name,parents\nCL:1,lymphocyte,\nCL:2,T cell,CL:1\n";
  std::ofstream("releases/cl-2.csv") << "ontology_id,name,parents\nCL:1,lymphocyte,\nCL:2,T lymphocyte,CL:1\n"
                                        "CL:3,B cell,CL:1\n";
  setenv("LAMIN_ONTOLOGIES", "releases", 1);

  const auto instance = lamin::init({.storage = "cells", .modules = {"bionty"}});
  const auto release = [&](const char* version) {
    return lamin::release_called(*instance, "bionty.CellType", {.name = "cl", .version = version});
  };
  auto first = release("1");
  lamin::save(*instance, first);
  lamin::import_release(*instance, first);

  const auto plan = lamin::plan_upgrade(*instance, "bionty.CellType", release("2"));
  for (const auto& change : plan.changes)
    std::cout << lamin::name_of(change.action) << " " << change.id << " " << change.former << " " << change.name
              << "\n";
  const auto cells = [&] {
    for (const auto& row : instance->database().all({.registry = "bionty.CellType", .order_by = {"ontology_id"}}))
      std::cout << row.text("name") << ";";
    std::cout << "\n";
  };
  lamin::apply_upgrade(*instance, plan);
  cells();
  lamin::undo_upgrade(*instance, "bionty.CellType");
  cells();
}
// Prints:
//   insert CL:3  B cell
//   rewrite CL:2 T cell T lymphocyte
//   lymphocyte;T lymphocyte;B cell;
//   lymphocyte;T cell;
