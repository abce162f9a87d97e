// plugin.hpp -- plug-ins as Python hands them over: as JSON.
#pragma once
#include <string>
#include <vector>
#include "lamin/schema.hpp"

namespace lamin::python {

/// Throws invalid_argument that names the place.
std::vector<schema::Module> plugins_of(const std::vector<std::string>& declarations);

}  // namespace lamin::python
