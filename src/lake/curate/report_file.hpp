// report_file.hpp -- what is wrong in one dataset, as a report says it.
#pragma once
#include <string>
#include <vector>

#include "format/sketch.hpp"
#include "lake/curate/part.hpp"
#include "lamin/report.hpp"

namespace lamin::lake {

/// Adds the columns of a slot that was checked, and of all `problems` its own. Of the frame and the part's sketch the
/// sketch counts where it is there.
void report_part(Instance& instance, const Part& part, const Frame& frame, const std::vector<Problem>& problems,
                 FileReport& report);

/// What a table has that no schema asks about and nobody means: names of rows that repeat, levels that are there twice.
void report_table(const format::TableSketch& table, FileReport& report);

/// The columns whose every value a check compares; of a part of terms only `column` is set.
std::vector<DatasetColumn> compared_columns(Instance& instance, const Part& part, const Frame& outline);

}  // namespace lamin::lake
