#include "format/local_arrays.hpp"
#include "format/byte_ranges.hpp"
#include "format/hdf5_arrays.hpp"
#include "format/zarr_arrays.hpp"

namespace lamin::format {

std::shared_ptr<ArrayFile> open_local_arrays(const std::filesystem::path& path) {
  std::error_code failure;
  if (std::filesystem::is_directory(path, failure)) return open_zarr_arrays(zarr::local_place(path));
  return open_hdf5_arrays(std::make_shared<LocalReader>(path), path.string());
}

}  // namespace lamin::format
