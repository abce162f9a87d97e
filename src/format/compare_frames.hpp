// compare_frames.hpp -- two tables, row by row.
#pragma once
#include <string>
#include <vector>
#include "lamin/frame.hpp"

namespace lamin::format {

bool same_number(double a, double b, double tolerance);

/// For each row of one thing the row of another; empty: the same order.
using Order = std::vector<std::int64_t>;

/// Appends what is different. `name` is the table's ("obs"; "" for a plain one). Rows belong together by the column
/// that names them, otherwise by the first column of distinct texts that both have, otherwise by their position.
/// Returns the order of the rows of `after`.
Order compare_frames(const std::string& name, const Frame& before, const Frame& after, double tolerance,
                     std::vector<std::string>& differences);

}  // namespace lamin::format
