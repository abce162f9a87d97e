// remove.cpp -- to the trash, back from it, and permanently.
#include "lamin/remove.hpp"
#include <iostream>
#include "lamin/save.hpp"

int main() {
  const auto instance = lamin::init({.storage = "cells"});
  lamin::Record donor(instance->catalog().table("ULabel"));
  donor.set("name", "donor 7");
  lamin::save(*instance, donor);
  const auto seen = [&] { return instance->database().count({.registry = "ULabel"}); };

  lamin::remove(*instance, donor);
  std::cout << "in the trash: " << seen() << " seen\n";
  lamin::restore(*instance, donor);
  std::cout << "restored: " << seen() << " seen\n";
  const auto removed = lamin::remove(*instance, donor, {.permanent = true});
  for (const auto& [registry, rows] : removed.deleted) std::cout << rows << " row of " << registry << " deleted\n";
}
// Prints:
//   in the trash: 0 seen
//   restored: 1 seen
//   1 row of lamindb.ULabel deleted
