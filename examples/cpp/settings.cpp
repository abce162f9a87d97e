// settings.cpp -- a folder whose programs belong to an instance.
#include "lamin/settings.hpp"
#include <iostream>

int main() {
  const auto instance = lamin::init({.storage = "cells"});
  std::filesystem::create_directories("project/steps");
  lamin::set_current(instance->settings(), "project");
  for (const auto& found : lamin::dev_folders("project"))
    std::cout << found.folder.filename().string() << " belongs to " << found.instance << "\n";
  std::filesystem::current_path("project/steps");
  std::cout << "here it is " << lamin::dev_folder()->folder.filename().string() << "\n";
}
// Prints:
//   project belongs to anonymous/cells
//   here it is project
