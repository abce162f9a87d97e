// table.hpp -- all commands of `lamin`.
#pragma once
#include <vector>
#include "faces/cli.hpp"

namespace lamin::cli {

std::vector<faces::Command> table();

}  // namespace lamin::cli
