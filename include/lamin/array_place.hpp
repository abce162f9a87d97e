// array_place.hpp -- the arrays of an artifact, where its bytes are.
//
// Example: examples/cpp/array_place.cpp
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include "lamin/instance.hpp"

namespace lamin {

class ArrayFile;  // array_file.hpp

/// Where there are arrays: a local path, or a key in a store.
struct ArrayPlace {
  std::filesystem::path path = {};
  std::string root = {}, region = {}, key = {};  ///< if there is no path
};
/// Of a saved artifact that is an HDF5 file or a zarr folder: the file itself, or a copy if one is in the cache. Throws
/// what cache_artifact throws.
ArrayPlace array_place(Instance& instance, const Record& artifact);
/// What is there. Of an object in a store only the ranges that are read are fetched. Throws corrupt (neither HDF5 nor
/// zarr), not_found, no_access, unavailable, and unsupported for a store that is not built in.
std::shared_ptr<ArrayFile> open_arrays(const ArrayPlace& place);

}  // namespace lamin
