// foreign_file.hpp -- before another library opens a file in this process.
#pragma once
#include <filesystem>

namespace lamin::lake {

/// Throws corrupt for an HDF5 file (.h5ad, .h5mu) that would crash or hold up its reader, shows other files, or claims
/// far more than it stores. Other formats, and folders, are not looked at.
void check_foreign_file(const std::filesystem::path& path);

}  // namespace lamin::lake
