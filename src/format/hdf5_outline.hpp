// hdf5_outline.hpp -- where everything in an HDF5 file is, so that its arrays can be read without the HDF5 library.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>
#include "lamin/array_file.hpp"

namespace lamin::format {

struct OutlineQuery {
  std::string path = {};         ///< the object to start from; "" is the root
  bool deep = false;             ///< all below it, not only its children
  std::int64_t most_places = 0;  ///< chunks of an array up to which their places are given; of `path` itself always
};

struct Hdf5Filter {
  std::int64_t id = 0, width = 1;  ///< as registered with the HDF Group; of the cells, for shuffle
};

struct Hdf5Object {
  std::string path = {};  ///< "obs/cell_type", "" for the root
  bool is_group = false;
  std::string attributes = {};  ///< a JSON object
  // Of an array:
  ArrayInfo info = {};
  std::vector<Hdf5Filter> filters = {};  ///< in the order of writing
  std::string fill = {};                 ///< a cell; empty = zeros
  std::optional<std::string> all = {};   ///< the cells, if they are in the metadata
  bool has_places = false;
  std::vector<std::int64_t> places = {};  ///< offset, size and skipped filters of each chunk; offset -1: not stored
};

struct Hdf5Outline {
  std::int64_t begin = 0;  ///< of HDF5 in the file, to which addresses in texts are relative
  std::vector<Hdf5Object> objects = {};
};

/// Of a cell that refers to a text: length, address and number in its heap.
constexpr std::size_t text_cell = 16;

}  // namespace lamin::format
