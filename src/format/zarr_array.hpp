// zarr_array.hpp -- one-dimensional zarr arrays, version 2 and 3, as columns.
#pragma once
#include <boost/json/value.hpp>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>
#include "lamin/frame.hpp"

namespace lamin::format::zarr {

struct Type {
  enum class Kind { boolean, integer, natural, real, wide_text, bytes, text } kind = Kind::integer;
  std::size_t size = 0;  ///< bytes a cell; 0 for text, which is length-prefixed UTF-8
  bool big_endian = false;
};

/// `.zarray` or the array's `zarr.json`.
struct Array {
  std::vector<std::int64_t> shape, chunks;
  Type type;
  std::vector<std::string> codecs;  ///< in the order of decoding
  boost::json::value fill;
  std::string chunk_prefix;  ///< "c/" for version 3
};

/// `where` names the array in messages. Throws corrupt and unsupported.
Array parse_array(const boost::json::object& meta, const std::string& where);
Column read_array(const Array& array, const std::filesystem::path& folder, const std::string& where);

}  // namespace lamin::format::zarr
