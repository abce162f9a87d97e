// branch.cpp -- labels tried out on a branch, and merged into main.
#include "lamin/branch.hpp"
#include <iostream>
#include "lamin/save.hpp"

int main() {
  const auto instance = lamin::init({.storage = "cells"});
  const auto main_branch = lamin::current_branch(*instance);
  const auto trial = lamin::create_branch(*instance, "trial", "labels of the new protocol");
  lamin::switch_branch(*instance, trial);
  lamin::Record label(instance->catalog().table("ULabel"));
  label.set("name", "fixed in methanol");
  lamin::save(*instance, label);

  const auto seen = [&] { return instance->database().count({.registry = "ULabel"}); };
  std::cout << "on " << lamin::current_branch(*instance).text("name") << ": " << seen() << " label\n";
  lamin::switch_branch(*instance, main_branch);
  std::cout << "on main: " << seen() << "\n";
  std::cout << lamin::merge_branch(*instance, trial, main_branch) << " row moved; on main: " << seen() << "\n";
}
// Prints:
//   on trial: 1 label
//   on main: 0
//   1 row moved; on main: 1
