// tree.hpp -- groups, arrays and attributes: what HDF5 and zarr have in common, so that AnnData is decoded once.
//
// Paths are "obs/cell_type", without a leading "/"; "" is the root. An implementation may be used by one thread at a
// time. Broken bytes throw corrupt, an unknown type or codec throws unsupported; both name the path.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>
#include "lamin/frame.hpp"

namespace lamin::format {

/// Nothing, a scalar, or a list. An empty list of any type is a list of texts.
using Attribute = std::variant<std::monostate, bool, std::int64_t, double, std::string, std::vector<std::string>,
                               std::vector<std::int64_t>>;

class Tree {
 public:
  enum class Node { none, group, array };

  virtual ~Tree() = default;
  virtual Node kind(const std::string& path) const = 0;
  virtual std::vector<std::string> children(const std::string& group) const = 0;  ///< names, sorted
  virtual Attribute attribute(const std::string& path, const std::string& name) const = 0;
  virtual std::vector<std::int64_t> shape(const std::string& array) const = 0;
  /// What `read` makes of an array; object for a type that no column can hold.
  virtual Column::Kind element(const std::string& array) const = 0;
  /// A one-dimensional array as boolean, int64, float64 or text.
  virtual Column read(const std::string& array) const = 0;
  /// The same in consecutive parts; the memory of one is free before the next is read.
  virtual void read_parts(const std::string& array, const std::function<void(const Column&)>& take) const = 0;
  /// The names of the fields of an array of records; empty for any other.
  virtual std::vector<std::string> fields(const std::string& array) const = 0;
  virtual Frame read_records(const std::string& array) const = 0;
  virtual std::string attributes(
      const std::string& path) const = 0;  ///< all of them as a JSON object, nested as stored
  virtual std::vector<std::int64_t> chunks(const std::string& array) const = 0;  ///< its shape if it has none
  virtual int zarr_format() const = 0;                                           ///< 0: it is not zarr
  virtual std::int64_t bytes_read() const = 0;                                   ///< from the disk so far
};

/// A zarr folder, version 2 or 3. Throws not_found, corrupt (not a zarr group).
std::unique_ptr<Tree> open_zarr(const std::filesystem::path& folder);
/// What a zarr folder was written from, by the attributes of its root: "AnnData", "MuData", "SpatialData"; otherwise
/// "".
std::string_view zarr_otype(const std::filesystem::path& folder);

}  // namespace lamin::format
