// copy.hpp -- all that a database holds, as it is at one moment, in a new SQLite file.
#pragma once
#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "lamin/database.hpp"

namespace lamin::registry {

/// Copies the database into a new file and opens the copy. Of a SQLite database everything is copied; of one on a
/// server the rows of all registries, not what is derived from them. Operations that are under way in the original are
/// not the copy's to end: it knows nothing of them. `modules` are those of the instance. Throws conflict if the file
/// exists, and unavailable.
std::unique_ptr<Database> copy_database(Database& from, const std::filesystem::path& file,
                                        std::span<const std::string> modules);

/// Opens a copy again.
std::unique_ptr<Database> open_copy(const std::filesystem::path& file, std::span<const std::string> modules);

}  // namespace lamin::registry
