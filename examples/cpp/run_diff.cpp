// run_diff.cpp -- why did the second run give something else?
#include "lamin/run_diff.hpp"
#include <fstream>
#include <iostream>
#include "lamin/artifact.hpp"
#include "lamin/lineage.hpp"

int main(int, char**) {
  const auto instance = lamin::init({.storage = "cells"});
  const auto run_with = [&](const char* params, const char* result) {
    const auto transform = lamin::make_transform(*instance, {.key = "cluster.py", .source_code = "cluster()"});
    auto run = lamin::start_run(*instance, transform, {.params_json = params});
    std::ofstream("clusters.tsv") << result;
    auto draft = lamin::prepare_artifact(*instance, {.source = "clusters.tsv", .key = "clusters.tsv"});
    lamin::save_artifact(*instance, draft);
    lamin::finish_run(*instance, run, lamin::RunStatus::completed);
    return run;
  };
  const auto first = run_with(R"({"resolution": 0.5, "seed": 1})", "a\t1\n");
  const auto second = run_with(R"({"resolution": 0.8, "seed": 1})", "a\t2\n");

  const auto diff = lamin::diff_runs(*instance, first, second);
  for (const auto& change : diff.params)
    std::cout << change.name << ": " << change.before << " -> " << change.after << "\n";
  std::cout << (diff.code.empty() ? "same" : "other") << " code, " << diff.outputs.only_after.size()
            << " other output\n";
}
// Prints:
//   resolution: 0.5 -> 0.8
//   same code, 1 other output
