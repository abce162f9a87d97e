// findings.hpp -- the findings of a check, as JSON: one object per line.
#pragma once
#include <string>
#include "lamin/fsck.hpp"

namespace lamin::faces {

std::string json_line(const Finding& finding);
std::string json_line(const FsckReport& report);  ///< {"summary": {...}}

}  // namespace lamin::faces
