// copy.hpp -- copies and hashes in one pass.
#pragma once
#include <filesystem>
#include <string>
#include "base/hash.hpp"

namespace lamin::store {

/// Copies a file or folder to the new name `name` in the folder `to_dir`. The hash is of the bytes written, not of
/// those that a concurrent writer may put into the source. Nothing is synced; on failure the partial copy is left to
/// the caller, who owns `to_dir`. `shown` is the destination as messages call it. Links are followed, so that the copy
/// holds what they lead to; to refuse some, call base::walk first. A folder keeps its empty folders and its files'
/// execute bits; a file keeps its holes.
base::FileHash copy_hashing(const std::filesystem::path& from, int to_dir, const std::string& name,
                            const std::string& shown);

}  // namespace lamin::store
