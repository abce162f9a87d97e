// check.hpp -- what must not be followed in an HDF5 file, and what must be readable before others read it.
#pragma once
#include <string>
#include "base/budget.hpp"
#include "format/hdf5/h5.hpp"

namespace lamin::format::h5 {

/// Throws corrupt for links, datasets and references that lead to other files.
void check_structure(hid_t file, const std::string& name);
/// The same, and reads attributes, texts and small datasets, and compares what large ones claim with what is stored.
void check_content(hid_t file, const std::string& name, base::Budget& budget);

}  // namespace lamin::format::h5
