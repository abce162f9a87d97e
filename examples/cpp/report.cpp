// report.cpp -- what is wrong in a file, and what was probably meant.
#include "lamin/report.hpp"
#include <iostream>
#include "lamin/feature.hpp"
#include "lamin/ontology.hpp"
#include "lamin/save.hpp"

int main(int, char** argv) {
  const std::filesystem::path data = argv[1];  // examples/data
  const auto instance = lamin::init({.storage = "cells", .modules = {"bionty"}});
  lamin::import_ontology(*instance, "bionty.CellType", data / "cl_2026-03-26.obo", {.source = "cl"});
  auto cell_type = lamin::make_record(*instance, instance->catalog().table("Feature"),
                                      {{"name", "cell_type"}, {"_dtype_str", "cat[bionty.CellType]"}});
  lamin::save(*instance, cell_type);
  auto obs = lamin::prepare_schema(*instance, {.name = "typed cells", .members = {cell_type}});
  lamin::save_schema(*instance, obs);
  auto schema = lamin::prepare_schema(*instance, {.otype = "AnnData", .slots = {{"obs", obs.record}}});
  lamin::save_schema(*instance, schema);

  const std::filesystem::path files[] = {data / "pbmc68k_typed.h5ad"};
  const auto report = lamin::curate_files(*instance, schema.record, files);
  for (const auto& problem : report.files[0].problems) {
    std::cout << problem.slot << "." << problem.column << ": " << problem.rows << " rows\n";
    for (const auto& bad : problem.values) {
      std::cout << "  " << bad.value << " (" << bad.count << ")";
      if (!bad.candidates.empty())
        std::cout << " -> " << bad.candidates[0].value << ", " << lamin::name_of(bad.candidates[0].why);
      std::cout << "\n";
    }
  }
}
// Prints:
//   obs.cell_type: 261 rows
//     CD19+ B cell (95) -> B cell, CD19-positive, synonym
//     Treg (68) -> regulatory T cell, synonym
//     cytotoxic T cel (54) -> cytotoxic T cell, similar
//     NK cell (31) -> natural killer cell, synonym
//     hematopoetic stem cell (13) -> hematopoietic stem cell, similar
