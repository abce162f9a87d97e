// dtype.cpp -- what a dtype says, and what values suggest.
#include "lamin/dtype.hpp"
#include <iostream>
#include "lamin/instance.hpp"

int main() {
  const auto instance = lamin::init({.storage = "cells", .modules = {"bionty"}});
  const auto dtype = lamin::parse_dtype(instance->catalog(), "cat[bionty.CellType.ontology_id]");
  std::cout << dtype.targets[0].registry << " by " << dtype.targets[0].field << "\n";
  std::cout << row(lamin::base_of(21.5)).name << ", " << row(*lamin::base_called("uint8")).name << "\n";
}
// Prints:
//   bionty.CellType by ontology_id
//   float, int
