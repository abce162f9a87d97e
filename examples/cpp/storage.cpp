// storage.cpp -- a second location for bytes, and a file in it.
#include "lamin/storage.hpp"
#include <fstream>
#include <iostream>
#include "lamin/artifact.hpp"
#include "lamin/remove.hpp"
#include "lamin/save.hpp"

int main() {
  const auto instance = lamin::init({.storage = "cells"});
  auto archive = lamin::make_storage(*instance, {.root = "archive", .description = "what is rarely read"});
  lamin::save(*instance, archive);
  std::cout << "managed here: " << (archive.text("instance_uid") == instance->settings().uid()) << "\n";

  std::ofstream("plate.csv") << "well,dose\nA1,0.5\n";
  auto draft = lamin::prepare_artifact(*instance, {.source = "plate.csv", .key = "plate.csv", .storage = archive.id()});
  lamin::save_artifact(*instance, draft);
  std::cout << "in it: " << (lamin::location(*instance, draft.record).first == archive.text("root")) << "\n";
  try {
    lamin::remove(*instance, archive);
  } catch (const lamin::Error& e) { std::cout << "kept: " << lamin::row(e.code()).name << "\n"; }
}
// Prints:
//   managed here: 1
//   in it: 1
//   kept: protected_row
