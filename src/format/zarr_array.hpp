// zarr_array.hpp -- one-dimensional zarr arrays, version 2 and 3, as columns; of records as tables.
#pragma once
#include <boost/json/value.hpp>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>
#include "base/budget.hpp"
#include "lamin/frame.hpp"

namespace lamin::format::zarr {

struct Type {
  enum class Kind { boolean, integer, natural, real, wide_text, bytes, text, record } kind = Kind::integer;
  std::size_t size = 0;  ///< bytes per cell; 0 for text, which is length-prefixed UTF-8
  bool big_endian = false;
  std::vector<std::pair<std::string, Type>> fields = {};  ///< of a record, one after the other
};

/// Several chunks in one file, found by an index of (offset, size) at its end or start.
struct Shard {
  std::vector<std::int64_t> shape;  ///< of a whole file
  bool index_at_start = false, index_has_checksum = false;
};

/// `.zarray` or the array's `zarr.json`.
struct Array {
  std::vector<std::int64_t> shape, chunks;
  std::optional<Shard> shard;
  Type type;
  std::vector<std::string> codecs;  ///< of a chunk, in the order of decoding
  boost::json::value fill;
  std::string chunk_prefix;  ///< "c/" for version 3; of a scalar the whole name
  std::string separator;     ///< of the numbers in the name of a chunk
  bool by_columns = false;   ///< the first dimension is the fastest in a chunk
  bool is_scalar = false;
};

/// `where` names the array in messages. Throws corrupt and unsupported.
Array parse_array(const boost::json::object& meta, const std::string& where);
/// What `read_array` makes of its cells.
Column::Kind element_of(const Array& array);
/// Charges the budget before memory is allocated.
Column read_array(const Array& array, const std::filesystem::path& folder, const std::string& where,
                  base::Budget& budget);
/// The same in parts of some chunks, each charged on its own.
void read_parts(const Array& array, const std::filesystem::path& folder, const std::string& where, base::Budget& budget,
                const std::function<void(const Column&)>& take);
/// A list of records, with a column for each field. Throws unsupported for other arrays.
Frame read_records(const Array& array, const std::filesystem::path& folder, const std::string& where,
                   base::Budget& budget);

}  // namespace lamin::format::zarr
