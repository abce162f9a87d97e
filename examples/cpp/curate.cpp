// curate.cpp -- an h5ad file whose cell types must be names of Cell Ontology: refused, fixed, saved with its labels.
#include "lamin/curate.hpp"
#include <iostream>
#include "lamin/artifact.hpp"
#include "lamin/feature.hpp"
#include "lamin/ontology.hpp"
#include "lamin/save.hpp"

int main(int, char** argv) {
  const std::filesystem::path data = argv[1];  // examples/data
  const auto instance = lamin::init({.storage = "cells", .modules = {"bionty"}});
  lamin::import_ontology(*instance, "bionty.CellType", data / "cl_2026-03-26.obo", {.source = "cl"});
  const auto& features = instance->catalog().table("Feature");
  auto cell_type =
      lamin::make_record(*instance, features, {{"name", "cell_type"}, {"_dtype_str", "cat[bionty.CellType]"}});
  lamin::save(*instance, cell_type);
  auto obs = lamin::prepare_schema(*instance, {.name = "typed cells", .members = {cell_type}});
  lamin::save_schema(*instance, obs);
  auto schema = lamin::prepare_schema(*instance, {.otype = "AnnData", .slots = {{"obs", obs.record}}});
  lamin::save_schema(*instance, schema);

  const auto file = data / "pbmc68k_typed.h5ad";
  lamin::Curator curator(*instance, schema.record, lamin::read_slots(file));
  for (const auto& problem : curator.check())
    std::cout << problem.slot << "." << problem.column << ": " << problem.rule << "\n";
  for (const auto& [synonym, name] : curator.standardize("obs", "cell_type"))
    std::cout << synonym << " -> " << name << "\n";
  curator.replace("obs", "cell_type", "cytotoxic T cel", "cytotoxic T cell");
  curator.replace("obs", "cell_type", "hematopoetic stem cell", "hematopoietic stem cell");
  curator.validate();  // throws if anything is left
  curator.write(file, "pbmc.h5ad");

  auto draft =
      lamin::prepare_artifact(*instance, {.source = "pbmc.h5ad", .key = "pbmc.h5ad", .schema = schema.record.id()});
  lamin::save_artifact(*instance, draft, [&](lamin::Record& artifact) { curator.annotate(artifact); });
  std::cout << instance->database().count(
                   {.registry = "Artifact", .where = lamin::Expr::parse("cell_types.name = 'regulatory T cell'")})
            << " dataset with regulatory T cells\n";
}
// Prints:
//   obs.cell_type: not_registered
//   CD19+ B cell -> B cell, CD19-positive
//   NK cell -> natural killer cell
//   Treg -> regulatory T cell
//   1 dataset with regulatory T cells
