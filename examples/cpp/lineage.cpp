// lineage.cpp -- which program made a dataset from which.
#include "lamin/lineage.hpp"
#include <iostream>
#include "lamin/artifact.hpp"

int main(int, char** argv) {
  const std::filesystem::path data = argv[1];  // examples/data
  const auto instance = lamin::init({.storage = "cells"});
  const auto save = [&](const char* file, const char* key) {
    auto draft = lamin::prepare_artifact(*instance, {.source = data / file, .key = key});
    lamin::save_artifact(*instance, draft);
    return draft.record;
  };
  const auto raw = save("pbmc68k_reduced.h5ad", "raw.h5ad");

  const auto transform = lamin::make_transform(*instance, {.key = "type_cells.cpp", .source_code = "int main() {}"});
  auto run = lamin::start_run(*instance, transform, {.params_json = R"({"resolution": 0.5})"});
  lamin::track_input(*instance, raw);
  const auto typed = save("pbmc68k_typed.h5ad", "typed.h5ad");  // an output of the run
  lamin::finish_run(*instance, run, lamin::RunStatus::completed);

  for (const auto& step : lamin::lineage(*instance, typed)) {
    std::cout << step.transform.text("key") << " made " << step.outputs.front().text("key") << " from "
              << step.inputs.front().text("key") << " with " << to_string(step.run.at("params")) << "\n";
  }
  std::cout << lamin::lineage(*instance, raw, lamin::Direction::downstream).size() << " run used the raw data\n";
}
// Prints:
//   type_cells.cpp made typed.h5ad from raw.h5ad with {"resolution": 0.5}
//   1 run used the raw data
