// zarr_arrays.hpp -- a zarr folder, version 2 or 3, as an ArrayFile.
#pragma once
#include <memory>
#include "format/zarr_place.hpp"
#include "lamin/array_file.hpp"

namespace lamin::format {

/// Throws corrupt if there is no zarr group.
std::shared_ptr<ArrayFile> open_zarr_arrays(std::unique_ptr<zarr::Place> place);

}  // namespace lamin::format
