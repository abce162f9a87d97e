// hdf5_client.hpp -- HDF5 files, parsed by another process: whatever a file does to the library, this process survives.
//
// Each throws not_found, no_access, invalid_argument (not a file); corrupt for a file that is damaged, crashes or
// stalls the library, leads out of itself or exceeds the budget (base/budget.hpp); unsupported for a missing filter;
// unavailable if the helper program cannot be started.
#pragma once
#include <filesystem>
#include <span>
#include "format/format.hpp"
#include "format/hdf5_module.hpp"
#include "format/sketch.hpp"

namespace lamin::format {

AnnDataHead read_hdf5_head(const std::filesystem::path& path);
FileSketch sketch_hdf5(const std::filesystem::path& path);
/// Replaces or adds columns of obs and var in the file itself; messages call it `name`.
void edit_hdf5_columns(const std::filesystem::path& path, const std::string& name, std::span<const ColumnEdit> edits);

}  // namespace lamin::format
