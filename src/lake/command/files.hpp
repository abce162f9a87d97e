// files.hpp -- the files of a run, as they are kept: the table lamin_run_file.
#pragma once
#include <vector>
#include "lake/command/match.hpp"

namespace lamin::lake {

/// In a transaction.
void write_files(Instance& instance, const Record& run, const std::vector<Seen>& files);

}  // namespace lamin::lake
