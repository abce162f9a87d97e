// lookups.hpp -- names in conditions that follow a hierarchy all the way: `cell_types__ancestors="T cell"`.
#pragma once
#include "lamin/instance.hpp"

namespace lamin::lake {

/// Called once when a database is opened. After this, a condition on rows that have parents may go through `ancestors`
/// (everything above a row), `descendants` (everything below it) and `within` (the row or anything above it), followed
/// by a field, or by nothing: then the value is the name or public identifier of a row, or a row. In such a name a typo
/// is an error that names the nearest.
void install_hierarchy_lookups(Instance& instance);

}  // namespace lamin::lake
