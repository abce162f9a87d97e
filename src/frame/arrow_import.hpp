// arrow_import.hpp -- one array of Arrow C data as a column.
#pragma once
#include <fmt/format.h>
#include <cstdint>
#include <string_view>
#include "frame/arrow_abi.hpp"
#include "lamin/error.hpp"
#include "lamin/frame.hpp"

namespace lamin {

/// One array of the incoming tree and what its errors call it.
struct ArrowSource {
  const ArrowSchema& schema;
  const ArrowArray& array;
  std::string_view name;

  std::string_view format() const { return schema.format; }
  std::int64_t size() const { return array.length; }
  [[noreturn]] void broken(std::string_view why) const {
    throw Error(Code::validation, fmt::format("column '{}' is a broken Arrow array: {}", name, why));
  }
  template <class T>
  const T* buffer(std::int64_t i) const {
    if (i >= array.n_buffers) broken("buffers are missing");
    auto* at = static_cast<const T*>(array.buffers[i]);
    if (!at && array.length > 0) broken("a buffer of values is missing");
    return at;
  }
  bool is_null(std::int64_t row) const {
    if (array.n_buffers < 1 || !array.buffers[0]) return false;
    auto* bits = static_cast<const std::uint8_t*>(array.buffers[0]);
    row += array.offset;
    return !((bits[row >> 3] >> (row & 7)) & 1);
  }
};

/// Throws validation for a broken array.
Column import_column(const ArrowSource& from);
Column import_lists(const ArrowSource& from);    ///< offsets of 32 or 64 bits
Column import_structs(const ArrowSource& from);  ///< as JSON objects
Column import_maps(const ArrowSource& from);     ///< as JSON objects
/// Bytes, decimals, durations and what else no field holds.
Column import_foreign(const ArrowSource& from);

}  // namespace lamin
