// describe.cpp -- what is known about a dataset, as text and as JSON.
#include "lamin/describe.hpp"
#include <iostream>
#include "lamin/artifact.hpp"

int main(int, char** argv) {
  const std::filesystem::path data = argv[1];  // examples/data
  const auto instance = lamin::init({.storage = "cells"});
  auto draft = lamin::prepare_artifact(*instance, {.source = data / "pbmc68k_reduced.h5ad", .key = "pbmc.h5ad"});
  lamin::save_artifact(*instance, draft);

  const auto tree = lamin::describe_tree(*instance, draft.record);
  for (const auto& [name, value] : tree.children.front().fields) {
    if (name == "hash" || name == "otype") std::cout << name << " = " << value << "\n";
  }
  const auto json = lamin::to_json(tree);
  std::cout << json.substr(0, json.find(" (")) << "...\n";
}
// Prints:
//   otype = AnnData
//   hash = TIqyMQNHV37IUBde6obZYw
//   {"title":"Artifact: pbmc.h5ad...
