// note.cpp -- a readme with two versions and a comment.
#include "lamin/note.hpp"
#include <iostream>
#include "lamin/find.hpp"
#include "lamin/save.hpp"

int main() {
  const auto instance = lamin::init({.storage = "cells"});
  lamin::Record donor(instance->catalog().table("ULabel"));
  donor.set("name", "donor 1");
  lamin::save(*instance, donor);
  lamin::write_readme(*instance, donor, "# Donor 1\n\nTaken in May.");
  lamin::write_readme(*instance, donor, "# Donor 1\n\nTaken in June.");
  lamin::add_comment(*instance, donor, "The date was wrong.");
  std::cout << lamin::readme(*instance, donor)->text("content") << "\n";
  for (const auto& comment : lamin::comments(*instance, donor)) std::cout << "- " << comment.text("content") << "\n";
}
// Prints:
//   # Donor 1
//
//   Taken in June.
//   - The date was wrong.
