// trace.cpp -- what a workflow manager ran, as transforms, runs and artifacts.
#include "lamin/trace.hpp"
#include <fstream>
#include <iostream>
#include "lamin/artifact.hpp"
#include "lamin/lineage.hpp"

int main(int, char**) {
  const auto instance = lamin::init({.storage = "cells"});
  std::ofstream("reads.fq") << "@r1\nACGT\n+\nIIII\n";
  auto reads = lamin::prepare_artifact(*instance, {.source = "reads.fq", .key = "reads.fq"});
  lamin::save_artifact(*instance, reads);
  std::ofstream("counts.tsv") << "reads\t1\n";

  const auto trace = lamin::read_trace(R"({
    "format": "lamin-trace", "version": 1,
    "workflow": {"engine": "make", "id": "build-7", "name": "count", "status": "completed", "outputs": ["counts.tsv"]},
    "tasks": [{"id": "build-7/1", "process": "COUNT", "source": "grep -c ^@ $in > $out", "status": "completed",
               "inputs": ["reads.fq"], "outputs": ["counts.tsv"]}]})");
  const auto imported = lamin::import_run(*instance, trace);
  std::cout << imported.transform.text("key") << ": " << imported.new_runs << " runs\n";
  for (const auto& step : lamin::lineage(*instance, imported.outputs.front())) {
    std::cout << step.transform.text("key") << " made " << step.outputs.front().text("key") << " from "
              << step.inputs.front().text("key") << "\n";
  }
  std::cout << lamin::import_run(*instance, trace).new_runs << " when imported again\n";
}
// Prints:
//   count: 2 runs
//   count/COUNT made counts.tsv from reads.fq
//   0 when imported again
