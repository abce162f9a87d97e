// local_arrays.hpp -- a local HDF5 file or zarr folder as an ArrayFile.
#pragma once
#include <filesystem>
#include <memory>
#include "lamin/array_file.hpp"

namespace lamin::format {

/// Throws not_found, no_access, corrupt (neither of them).
std::shared_ptr<ArrayFile> open_local_arrays(const std::filesystem::path& path);

}  // namespace lamin::format
