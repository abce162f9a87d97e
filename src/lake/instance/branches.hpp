// branches.hpp -- the branches that every instance has, by their ids.
#pragma once
#include <cstdint>

namespace lamin::lake {

constexpr std::int64_t trash_branch = -1, main_branch = 1;

}  // namespace lamin::lake
