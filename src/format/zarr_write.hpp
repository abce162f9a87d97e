// zarr_write.hpp -- columns of tables in a zarr folder, version 2 or 3, in the current anndata encoding.
#pragma once
#include <filesystem>
#include <span>
#include <string>
#include "lamin/frame.hpp"

namespace lamin::format {

/// Replaces or adds columns of tables (table_path in sketch.hpp) in the folder itself; messages call it `name`. A table
/// of records, as anndata wrote them until 0.6, becomes a group of columns. What the store keeps of the metadata of all
/// its parts together goes, since it would be outdated. Throws not_found (a table), unsupported (values that AnnData
/// does not hold), no_access, unavailable.
void edit_zarr_columns(const std::filesystem::path& folder, const std::string& name, std::span<const Slot> changed);

}  // namespace lamin::format
