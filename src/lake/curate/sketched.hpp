// sketched.hpp -- a table as few rows that break the same rules: every distinct value of the columns whose values are
// compared, some of each kind of the others.
#pragma once
#include <set>
#include <string>

#include "format/sketch.hpp"
#include "lamin/frame.hpp"

namespace lamin::lake {

/// The value at row i of a column is the i-th of its sketch; then follow a missing one, if any is, and repetitions. Of
/// columns that are not in `whole` only a few values are there.
Frame frame_of(const format::TableSketch& table, const std::set<std::string, std::less<>>& whole);

}  // namespace lamin::lake
