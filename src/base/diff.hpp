// diff.hpp -- how two texts differ, line by line.
#pragma once
#include <string>
#include <string_view>

namespace lamin::base {

/// A unified diff with three lines around each change, under these names; "" if the texts are the same. Memory grows
/// with the size of the texts; time with the number of lines times the number of those that differ, of which about
/// 2,000 count: beyond, the edit is not the shortest.
std::string unified_diff(std::string_view before, std::string_view after, std::string_view name_before,
                         std::string_view name_after);

}  // namespace lamin::base
