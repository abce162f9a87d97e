// each.cpp -- all bytes of many artifacts, read and compared.
#include "lamin/each.hpp"
#include <fstream>
#include <iostream>
#include "lamin/artifact.hpp"
#include "lamin/database.hpp"

int main() {
  const auto instance = lamin::init({.storage = "cells"});
  for (const char* name : {"a.txt", "b.txt"}) {
    std::ofstream(name) << "the text of " << name;
    auto draft = lamin::prepare_artifact(*instance, {.source = name, .key = name});
    lamin::save_artifact(*instance, draft);
  }
  const auto artifacts = instance->database().all({.registry = "Artifact", .order_by = {"id"}});
  for (const auto& outcome : lamin::each(*instance, artifacts, lamin::EachWork::verify, {.threads = 2}))
    std::cout << (outcome.error ? outcome.error->what() : outcome.value) << "\n";
  for (const auto& outcome : lamin::each(*instance, artifacts, lamin::EachWork::copy, {.to = "copies"}))
    std::cout << std::ifstream(outcome.value).rdbuf() << "\n";
}
// Prints:
//   sound
//   sound
//   the text of a.txt
//   the text of b.txt
