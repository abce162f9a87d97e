// lamin_uri.cpp -- an address of an artifact in place of a path.
#include "lamin/lamin_uri.hpp"
#include <fstream>
#include <iostream>
#include "lamin/artifact.hpp"

int main() {
  const auto instance = lamin::init({.storage = "cells"});
  std::ofstream("plate.csv") << "well,dose\nA1,0.5\n";
  auto draft = lamin::prepare_artifact(*instance, {.source = "plate.csv", .key = "plates/first plate.csv"});
  lamin::save_artifact(*instance, draft);
  const auto uri = "lamin://" + instance->settings().slug() + "/artifact/key/plates/first%20plate.csv";
  const auto plate = lamin::local_artifact(*instance, uri);
  std::ifstream file(plate.path);
  std::string header;
  std::getline(file, header);
  std::cout << plate.artifact.text("key") << ": " << header << "\n";
}
// Prints:
//   plates/first plate.csv: well,dose
