// mend.hpp -- a copy of a file in which the values that can only mean one thing are replaced.
//
// Only columns that change are written anew, and everything else is copied byte by byte where the format allows it. The
// copy appears whole or not at all; "in place" is such a copy that takes the file's name.
#pragma once
#include <filesystem>
#include <vector>

#include "lamin/report.hpp"

namespace lamin::lake {

/// Throws invalid_argument for options that contradict each other or the files, and for files whose bytes an instance
/// keeps: they are those of saved versions.
void check_options(Instance& instance, const CurateFilesOptions& options,
                   const std::vector<std::filesystem::path>& files);
/// A report that says who made it, without files.
CurationReport report_for(Instance& instance, const Record& schema);
/// Mends what the report of this file says and notes it there; the problems that are left are those of the copy.
void mend(Instance& instance, const Record& schema, const std::filesystem::path& path,
          const CurateFilesOptions& options, bool one_of_many, FileReport& report);

}  // namespace lamin::lake
