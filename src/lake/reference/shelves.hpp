// shelves.hpp -- the folders that references (build.cpp) are kept in, and when they go.
#pragma once
#include <filesystem>

namespace lamin::lake {

/// Whether this user may put files there; it is made if need be.
bool is_writable(const std::filesystem::path& folder);
/// A folder below the system's for temporary files that only this user may enter: for those who may not write to the
/// cache. The same one for all their processes, unless somebody else made it.
std::filesystem::path folder_of_ones_own();
/// A reference that is opened is in use.
void mark_used(const std::filesystem::path& reference);
/// Removes builds of killed processes, references for other files of the release of `made` that nobody opened for a
/// day, and any that nobody opened for a month. Who has one open goes on reading.
void sweep_references(const std::filesystem::path& made);

}  // namespace lamin::lake
