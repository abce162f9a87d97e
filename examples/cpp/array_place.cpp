// array_place.cpp -- a column of obs of a saved dataset, read where the dataset is.
#include "lamin/array_place.hpp"
#include <iostream>
#include "lamin/array_file.hpp"
#include "lamin/artifact.hpp"

int main(int, char** argv) {
  const std::filesystem::path data = argv[1];  // examples/data
  const auto instance = lamin::init({.storage = "cells"});
  auto draft = lamin::prepare_artifact(*instance, {.source = data / "pbmc68k_reduced.h5ad", .key = "blood/pbmc.h5ad"});
  lamin::save_artifact(*instance, draft);

  const auto file = lamin::open_arrays(lamin::array_place(*instance, draft.record));
  const auto names = file->read_texts("obs/index", {{{0, 2}}});  // of the first two cells
  std::cout << names.at(0) << "\n" << names.at(1) << "\n";
}
// Prints:
//   AAAGCCTGGCTAAC-1
//   AAATTCGATGCACA-1
