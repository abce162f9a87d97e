// command.cpp -- a program that knows nothing of LaminDB, as a run.
#include "lamin/command.hpp"
#include <fstream>
#include <iostream>
#include "lamin/artifact.hpp"

int main() {
  const auto instance = lamin::init({.storage = "cells"});
  std::ofstream("genes.txt") << "CD8A\nCD4\nCD19\n";
  auto draft = lamin::prepare_artifact(*instance, {.source = "genes.txt", .key = "genes.txt"});
  lamin::save_artifact(*instance, draft);

  const auto done =
      lamin::run_command(*instance, {.words = {"sort", "genes.txt", "-o", "sorted.txt"}, .save_outputs = true});
  std::cout << done.transform.text("key") << " ended with " << done.exit_status << "\n";
  for (const auto& input : done.inputs) std::cout << "read " << input.text("key") << "\n";
  for (const auto& output : done.outputs) std::cout << "wrote " << output.text("key") << "\n";
  for (const auto& file : lamin::command_files(*instance, done.run))
    std::cout << std::filesystem::path(file.path).filename().string() << (file.written ? " written" : " read") << "\n";
}
// Prints:
//   sort ended with 0
//   read genes.txt
//   wrote sorted.txt
//   genes.txt read
//   sorted.txt written
