// instance.cpp -- create an instance, find it again by name, see which one is current.
#include "lamin/instance.hpp"
#include <iostream>

int main() {
  {
    const auto made = lamin::init({.storage = "cells", .modules = {"bionty"}});
    std::cout << made->settings().slug() << "\n";
  }  // closed
  const auto instance = lamin::connect("cells");
  std::cout << instance->storage().text("root").substr(instance->settings().storage_root.size() - 5) << "\n";
  std::cout << instance->database().count({.registry = "bionty.Organism"}) << " organism\n";

  std::cout << "current: " << lamin::current_settings()->name << "; known:";
  for (const auto& slug : lamin::known_instances()) std::cout << " " << slug;
  std::cout << "\n";
  lamin::disconnect(std::filesystem::current_path());
  std::cout << std::boolalpha << lamin::current_settings().has_value() << "\n";
}
// Prints:
//   anonymous/cells
//   cells
//   0 organism
//   current: cells; known: anonymous/cells
//   false
