// storage.hpp -- how a location becomes, stays and stops being a storage of the instance.
#pragma once
#include "lamin/storage.hpp"

namespace lamin::lake {

/// After this, a new row of registry Storage is checked, and its location created and marked.
void install_storage_hooks(Instance& instance);
/// Throws protected_row if it holds artifacts or new ones go there, conflict if other content is left in it.
void check_unneeded(Instance& instance, const Record& storage);
/// After the commit that deleted the row: removes the mark of a location that this instance managed.
void unmark(const Instance& instance, const Record& storage) noexcept;

}  // namespace lamin::lake
