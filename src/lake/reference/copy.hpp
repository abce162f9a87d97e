// copy.hpp -- a file that somebody brought, copied into the cache.
//
// Invariants
//   1. A copy gets its name when it is whole and on disk; until then it is called "NAME.XXXXXXXX.copy".
//   2. Who looks for the name finds the former file or the new one, never neither, also of a folder.
//   3. What a killed process left goes with a later copy.
#pragma once
#include <filesystem>

namespace lamin::lake {

/// A file, or a folder with NCBI's taxonomy, of which only what is read is copied. Throws no_access, unavailable (a
/// full disk).
void copy_durably(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace lamin::lake
