// collection.cpp -- datasets that belong together, under one key; one more makes the next version.
#include "lamin/collection.hpp"
#include <iostream>
#include "lamin/artifact.hpp"
#include "lamin/find.hpp"

int main(int, char** argv) {
  const std::filesystem::path data = argv[1];  // examples/data
  const auto instance = lamin::init({.storage = "cells"});
  const auto save = [&](const char* file) {
    auto draft = lamin::prepare_artifact(*instance, {.source = data / file, .key = file});
    lamin::save_artifact(*instance, draft);
    return draft.record;
  };
  auto blood = lamin::prepare_collection(*instance, {.artifacts = {save("pbmc68k_reduced.h5ad")}, .key = "blood"});
  lamin::save_collection(*instance, blood);

  auto more = lamin::append(*instance, blood.record, save("pbmc68k_typed.h5ad"));
  lamin::save_collection(*instance, more);
  for (const auto& artifact : lamin::ordered_artifacts(*instance, more.record))
    std::cout << artifact.text("key") << "\n";
  std::cout << lamin::versions(*instance, more.record).size() << " versions of " << more.record.text("key") << "\n";
}
// Prints:
//   pbmc68k_reduced.h5ad
//   pbmc68k_typed.h5ad
//   2 versions of blood
