// rerun.cpp -- does a command write the same again?
#include "lamin/rerun.hpp"
#include <fstream>
#include <iostream>
#include "lamin/command.hpp"

int main() {
  const auto instance = lamin::init({.storage = "cells"});
  std::ofstream("genes.txt") << "CD8A\nCD4\nCD19\n";
  std::ofstream("when.sh") << "sort genes.txt > sorted.txt\ndate +%N > time.txt\n";
  const auto done = lamin::run_command(*instance, {.words = {"bash", "when.sh"}, .save_outputs = true});

  const auto again = lamin::rerun(*instance, done.run);
  for (const auto& output : again.outputs) std::cout << output.key << ": " << lamin::name_of(output.sameness) << "\n";
  std::cout << (again.same() ? "reproduced" : "not reproduced") << "\n";
}
// Prints:
//   sorted.txt: bytes
//   time.txt: different
//   not reproduced
