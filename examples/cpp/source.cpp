// source.cpp -- bytes that are not in a file, saved as an artifact.
#include "lamin/source.hpp"
#include <iostream>
#include "lamin/artifact.hpp"

int main() {
  const auto instance = lamin::init({.storage = "cells"});
  const auto source = lamin::Source::of_bytes("well,dose\nA1,0.5\n", "plate.csv");
  auto draft = lamin::prepare_artifact(*instance, {.source = source, .key = "screens/plate.csv"});
  lamin::save_artifact(*instance, draft);
  std::cout << draft.record.text("suffix") << ", " << draft.record.at("size").integer_or(0) << " bytes\n";

  const auto uri = lamin::Uri::parse("s3://lab/screens/plate.csv").value();
  std::cout << uri.scheme << " " << uri.place << " " << uri.key_below("s3://lab/screens").value() << "\n";
}
// Prints:
//   .csv, 17 bytes
//   s3 lab plate.csv
