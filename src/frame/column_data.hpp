// column_data.hpp -- the buffers of a Column, in the layout of the Arrow C data interface.
//
// Invariants:
//   1. `valid` is empty (nothing is null) or holds one bit per row; bits beyond the last row are 0.
//   2. boolean: one bit per row. int64, time (microseconds): 8 bytes. date (days), category (codes): 4 bytes.
//   3. float64 has no `valid`: NaN is its missing value.
//   4. text: `offsets` has rows + 1 entries into `bytes`; a null row is empty. category: `dictionary` is such a text.
//   5. The code of a null row is -1; every other one is within the dictionary.
//   6. list: `offsets` has rows + 1 entries into `items`; a null row is empty. object: one Value in `cells` per row,
//   null
//      where `foreign` says what the row holds.
#pragma once
#include <cmath>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>
#include "lamin/frame.hpp"

namespace lamin {

struct ColumnData {
  Column::Kind kind = Column::Kind::text;
  std::int64_t size = 0;
  std::int64_t nulls = 0;
  std::vector<std::uint8_t> valid;
  std::vector<std::uint8_t> bits;      // boolean
  std::vector<std::int64_t> integers;  // int64, time
  std::vector<double> reals;           // float64
  std::vector<std::int32_t> days;      // date
  std::vector<std::int32_t> codes;     // category
  std::vector<std::int32_t> offsets;   // text
  std::vector<char> bytes;             // text
  std::shared_ptr<const ColumnData> dictionary;
  std::shared_ptr<const ColumnData> items;      // list
  std::vector<Value> cells;                     // object
  std::map<std::int64_t, std::string> foreign;  // object
  bool ordered = false;
  bool zoned = true;  // time

  static bool bit(const std::vector<std::uint8_t>& bits, std::int64_t i) {
    return (bits[static_cast<std::size_t>(i >> 3)] >> (i & 7)) & 1;
  }
  bool is_null(std::int64_t row) const {
    if (kind == Column::Kind::float64) return std::isnan(reals[static_cast<std::size_t>(row)]);
    return !valid.empty() && !bit(valid, row);
  }
  std::string_view text(std::int64_t row) const {
    auto at = static_cast<std::size_t>(row);
    return {bytes.data() + offsets[at], static_cast<std::size_t>(offsets[at + 1] - offsets[at])};
  }
};

/// Collects the texts of a column; throws unsupported beyond 2 GiB (offsets have 32 bits).
class TextBuilder {
 public:
  explicit TextBuilder(ColumnData& into) : data_(into) { data_.offsets.assign(1, 0); }
  void add(std::string_view text);

 private:
  ColumnData& data_;
};

/// Collects validity; the bitmap is created with the first null.
class ValidityBuilder {
 public:
  explicit ValidityBuilder(ColumnData& into, std::int64_t rows) : data_(into), rows_(rows) {}
  void set_null(std::int64_t row);

 private:
  ColumnData& data_;
  std::int64_t rows_;
};

std::vector<std::uint8_t> pack_bits(const std::vector<bool>& values);
/// The dictionary of a category.
std::shared_ptr<const ColumnData> text_data(const std::vector<std::string>& values);

}  // namespace lamin
