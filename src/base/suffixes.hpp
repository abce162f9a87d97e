// suffixes.hpp -- the endings of names that are formats (suffix_of in base/path.hpp).
#pragma once
#include <span>
#include <string_view>

namespace lamin::base {

struct SuffixFormats {
  std::span<const std::string_view> simple;     ///< ".csv"
  std::span<const std::string_view> composite;  ///< ".anndata.zarr"
  std::span<const std::string_view> encodings;  ///< ".gz", after one of the others
};
SuffixFormats suffix_formats();

}  // namespace lamin::base
