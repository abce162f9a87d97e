// catalog.cpp -- what an instance can hold: how datasets are connected to cell types, and what a field is.
#include "lamin/catalog.hpp"
#include <iostream>
#include "lamin/instance.hpp"

int main() {
  using lamin::schema::Relation;
  const auto instance = lamin::init({.storage = "cells", .modules = {"bionty"}});
  const auto& artifact = instance->catalog().table("Artifact");
  const Relation* cell_types = artifact.find_relation("cell_types");
  std::cout << artifact.qualified << "." << cell_types->name << " are rows of " << cell_types->to->qualified
            << ", kept as pairs in " << cell_types->through->table << "\n";

  const auto& cell_type = instance->catalog().table("CellType");
  std::cout << cell_type.table << " is called by its " << cell_type.name_field << "; in public by its "
            << cell_type.id_field << "\n";
  std::cout << std::boolalpha << "its rows have parents: " << cell_type.has(lamin::schema::Trait::hierarchical) << "\n";
  std::cout << "did you mean: " << cell_type.nearest("ontologyid") << "\n";
}
// Prints:
//   Artifact.cell_types are rows of bionty.CellType, kept as pairs in bionty_artifactcelltype
//   bionty_celltype is called by its name; in public by its ontology_id
//   its rows have parents: true
//   did you mean: ontology_id
