// foreign_file.hpp -- checks before another library opens a file in this process.
#pragma once
#include <filesystem>

namespace lamin::lake {

/// Throws corrupt for an HDF5 file (.h5ad, .h5mu) that would crash or block its reader, exposes other files, or claims
/// far more data than it stores. Other formats and folders are not checked.
void check_foreign_file(const std::filesystem::path& path);

}  // namespace lamin::lake
