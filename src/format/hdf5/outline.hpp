// outline.hpp -- an Hdf5Outline of an open file.
#pragma once
#include <string>
#include "base/budget.hpp"
#include "format/hdf5/h5.hpp"
#include "format/hdf5_outline.hpp"

namespace lamin::format::h5 {

/// Throws corrupt (a link or dataset that leads out of the file, links in a circle), not_found.
Hdf5Outline make_outline(hid_t file, const std::string& name, const OutlineQuery& query, base::Budget& budget);
/// How cells are stored in the file; the library says how it would hold them in memory.
ArrayType array_type(hid_t type);
/// All attributes as a JSON object.
std::string attributes_json(hid_t object, const std::string& where, base::Budget& budget);

}  // namespace lamin::format::h5
