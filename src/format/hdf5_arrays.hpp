// hdf5_arrays.hpp -- an HDF5 file as an ArrayFile: outlined by the confined process, read here.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include "lamin/array_file.hpp"
#include "store/store.hpp"

namespace lamin::format {

/// `name` is for messages. A reader that is not of a local file is asked for ranges only.
std::shared_ptr<ArrayFile> open_hdf5_arrays(std::shared_ptr<const store::Reader> reader, std::string name);

/// A file of which somebody else reads ranges, which may be asked for by several threads at once.
struct FileRanges {
  std::int64_t size = 0;
  std::function<std::size_t(std::int64_t offset, std::span<std::uint8_t> into)> read = {};  ///< as store::Reader's
};
std::shared_ptr<ArrayFile> open_hdf5_arrays(FileRanges ranges, std::string name);

}  // namespace lamin::format
