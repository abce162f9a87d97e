// branch.hpp -- lines of work: rows are made on a branch, seen beside those of main, and merged when they are ready.
//
// A branch is a row of the registry Branch; what is on it says so in its `branch`. Merging moves rows, it copies
// nothing. Which branch new rows go to is kept in settings files, LaminDB's own: `.lamin/current_branch` in the folder
// that is connected to the instance, else one beside the user's settings. Trash and archive are branches, too, which no
// query sees unasked; a space is who may see a row, and has nothing to do with branches but that rows are made in one.
//
// Example: examples/cpp/branch.cpp
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include "lamin/instance.hpp"

namespace lamin {

/// A branch by name (whatever its case) or uid; throws not_found, naming those there are.
Record branch(Instance& instance, std::string_view name_or_uid);
Record space(Instance& instance, std::string_view name_or_uid);  ///< likewise
Record current_branch(Instance& instance);                       ///< "main" unless another was chosen
Record current_space(Instance& instance);                        ///< "all" unless another was chosen

/// Throws conflict if there is one of that name already.
Record create_branch(Instance& instance, std::string_view name, std::string_view description = {});
/// From now on, in this process and in later ones, new rows go there and queries see it beside main. Throws no_access
/// if the choice cannot be written down.
void switch_branch(Instance& instance, const Record& branch);
void switch_space(Instance& instance, const Record& space);

/// Moves every row of a branch to another, in one transaction; of each family of versions the newest stays the latest.
/// The branch is then "merged" and can be used on. Returns how many rows moved. Throws invalid_argument for the
/// branches that stand for trash and archive.
std::int64_t merge_branch(Instance& instance, const Record& from, const Record& into);

}  // namespace lamin
