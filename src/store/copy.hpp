// copy.hpp -- copying and hashing in one pass.
#pragma once
#include <filesystem>
#include <string>
#include "base/hash.hpp"

namespace lamin::store {

/// Copies a file or folder to the new name `name` in the folder `to_dir`. The hash is of the bytes written, not of
/// those that a concurrent writer may put into the source. What was written is not synced; on failure it is left to
/// the caller, who owns `to_dir`. `shown` is the destination as messages call it.
/// Files of a folder: links to files are followed, links to folders are not (as base::hash_path does).
base::FileHash copy_hashing(const std::filesystem::path& from, int to_dir, const std::string& name,
                            const std::string& shown);

}  // namespace lamin::store
