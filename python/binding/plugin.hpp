// plugin.hpp -- plug-ins as passed by Python: as JSON.
#pragma once
#include <string>
#include <vector>
#include "lamin/schema.hpp"

namespace lamin::python {

/// Throws invalid_argument, naming the place.
std::vector<schema::Module> plugins_of(const std::vector<std::string>& declarations);

}  // namespace lamin::python
