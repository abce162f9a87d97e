// find.cpp -- gets one of several versions; lists all of them.
#include "lamin/find.hpp"
#include <fstream>
#include <iostream>
#include "lamin/artifact.hpp"

int main() {
  const auto instance = lamin::init({.storage = "cells"});
  for (const char* dose : {"0.5", "0.7"}) {
    std::ofstream("plate.csv") << "well,dose\nA1," << dose << "\n";
    auto draft = lamin::prepare_artifact(*instance, {.source = "plate.csv", .key = "plate.csv"});
    lamin::save_artifact(*instance, draft);
  }
  const auto plate = lamin::get(*instance, {.registry = "Artifact", .where = lamin::Expr::parse("key = 'plate.csv'")});
  std::cout << plate.uid().substr(16) << " of " << lamin::versions(*instance, plate).size() << " versions\n";
}
// Prints:
//   0001 of 2 versions
