// main.cpp -- the program `lamin-read-hdf5`: parses HDF5 files for another process, on the socket that it is given.
#include <exception>
#include "base/module.hpp"

int main() {
  try {
    return reinterpret_cast<int (*)()>(lamin::base::module_symbol("hdf5", "lamin_serve_hdf5"))();
  } catch (const std::exception&) {
    return 1;  // the process that started it sees that its socket is closed
  }
}
