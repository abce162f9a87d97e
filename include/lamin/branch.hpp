// branch.hpp -- lines of work: rows are created on a branch, seen along with those of main, and merged when ready.
//
// A branch is a row of registry Branch; rows on it refer to it in their field `branch`. Merging moves rows and copies
// nothing. The branch for new rows is kept in LaminDB's settings files: `.lamin/current_branch` in the folder connected
// to the instance, otherwise one next to the user's settings. Trash and archive are branches that queries skip unless
// asked. A space controls who may see a row and is independent of branches; each row is in one space.
//
// Example: examples/cpp/branch.cpp
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include "lamin/instance.hpp"

namespace lamin {

/// A branch by name (ignoring case) or uid; throws not_found, listing the existing ones.
Record branch(Instance& instance, std::string_view name_or_uid);
Record space(Instance& instance, std::string_view name_or_uid);  ///< likewise
Record current_branch(Instance& instance);                       ///< "main" unless another was chosen
Record current_space(Instance& instance);                        ///< "all" unless another was chosen

/// Throws conflict if the name is taken.
Record create_branch(Instance& instance, std::string_view name, std::string_view description = {});
/// After this, in this process and later ones, new rows go to the branch and queries see it along with main. Throws
/// no_access if the choice cannot be stored.
void switch_branch(Instance& instance, const Record& branch);
void switch_space(Instance& instance, const Record& space);

/// Moves every row of a branch to another, in one transaction; in each version family the newest is then the latest.
/// The branch gets status "merged" and stays usable. Returns the number of rows moved. Throws invalid_argument for the
/// trash and archive branches.
std::int64_t merge_branch(Instance& instance, const Record& from, const Record& into);

}  // namespace lamin
