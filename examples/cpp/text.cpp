// text.cpp -- names of a schema: literals in the program, and names read from a file.
#include "lamin/text.hpp"
#include <iostream>
#include <string>

int main() {
  const lamin::Text name = "cell_type";  // a literal: nothing is copied
  std::string header = "cell_type,n_genes";
  const lamin::Text column = lamin::Text::intern(header.substr(0, 9));
  header.clear();

  std::cout << column << " is " << column.size() << " characters long and outlives what it was read from\n";
  std::cout << std::boolalpha << "the same name: " << (column == name) << "\n";
  std::cout << "the same copy: " << (lamin::Text::intern("cell_type").view().data() == column.view().data()) << "\n";
}
// Prints:
//   cell_type is 9 characters long and outlives what it was read from
//   the same name: true
//   the same copy: true
