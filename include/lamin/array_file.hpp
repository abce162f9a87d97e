// array_file.hpp -- the arrays of an HDF5 file or a zarr folder, read in place: what there is, its attributes, and any
// part of an array without the rest of it. open_arrays in array_place.hpp opens one.
//
// Works on local files and on objects in a store, of which it fetches only the ranges that are asked for. The metadata
// of HDF5 is parsed by a confined process (docs/design.md); chunks are fetched and decompressed here, on all cores. An
// object may be used by several threads at once. Paths are "obs/cell_type", "" is the root. What cells mean (a
// category, a sparse matrix) is up to the caller.
//
// Broken bytes throw corrupt, an unknown compression or type throws unsupported; both name the array.
//
// Example: examples/cpp/array_file.cpp
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lamin {

/// How a cell is stored.
struct ArrayType {
  enum class Kind : std::uint8_t { boolean, integer, natural, real, complex, bytes, wide_text, text, record, other };
  struct Field;
  Kind kind = Kind::other;
  std::size_t size = 0;  ///< bytes per cell; of a text what refers to it, 0 in zarr
  bool is_big_endian = false;
  std::vector<Field> fields;  ///< of a record
};
struct ArrayType::Field {
  std::string name = {};
  ArrayType type = {};
  std::size_t offset = 0;
};

struct ArrayInfo {
  ArrayType type = {};
  std::vector<std::int64_t> shape = {};   ///< empty for a scalar
  std::vector<std::int64_t> chunks = {};  ///< the shape itself if it is stored in one piece
  std::int64_t cells() const;
};

/// Consecutive rows of one dimension.
struct Range {
  std::int64_t begin = 0, count = 0;
};
/// For each dimension its ranges, in any order and as often as wanted; their cross product is read.
using Selection = std::vector<std::vector<Range>>;

/// ArrayTexts one after the other: the i-th ends at ends[i].
struct ArrayTexts {
  std::string bytes = {};
  std::vector<std::int64_t> ends = {};
  std::string_view at(std::size_t i) const;
};

class ArrayFile {
 public:
  enum class Node : std::uint8_t { none, group, array };

  virtual ~ArrayFile() = default;
  virtual Node kind(const std::string& path) = 0;
  virtual std::vector<std::string> children(const std::string& group) = 0;  ///< names, sorted
  /// A JSON object; references, which only anndata 0.7 uses, are null.
  virtual std::string attributes(const std::string& path) = 0;
  /// One of them, of a list its items: texts as they are, anything else as JSON. Empty if it does not exist.
  virtual std::vector<std::string> attribute(const std::string& path, const std::string& name) = 0;
  virtual ArrayInfo info(const std::string& array) = 0;
  /// All of it.
  Selection whole(const std::string& array);
  /// Cells of any type but text as they are stored, the last dimension fastest. Throws invalid_argument if `into` has
  /// another size than they, or a range is outside of the array.
  virtual void read(const std::string& array, const Selection& selection, std::span<std::byte> into) = 0;
  /// ArrayTexts, of variable or fixed length.
  virtual ArrayTexts read_texts(const std::string& array, const Selection& selection) = 0;
  /// Of cells of the kind text inside of records: what `read` gave for them.
  virtual ArrayTexts texts_at(std::span<const std::byte> cells) = 0;
  /// Decompressed chunks are kept up to this size, 64 MB at first, for callers that read rows in any order.
  virtual void keep(std::size_t bytes) = 0;
  virtual std::int64_t bytes_read() const = 0;  ///< fetched from disk or store so far
};

/// Rows of a dense matrix (n x m) or of a sparse one by rows (a group of data, indices and indptr), as rows of numbers.
class MatrixRows {
 public:
  /// What rows are given as; `stored` is the type in the file.
  enum class Number : std::uint8_t { int8, int16, int32, int64, uint8, uint16, uint32, uint64, float32, float64 };
  /// Throws unsupported for a matrix by columns and cells that are not numbers, corrupt for lengths that do not fit.
  MatrixRows(std::shared_ptr<ArrayFile> file, std::string path);
  std::int64_t rows() const { return rows_; }
  std::int64_t columns() const { return columns_; }
  Number stored() const { return stored_; }
  bool is_sparse() const { return sparse_; }
  /// Where the columns go: `places[j]` is the column in `wide` columns to which column j is written, -1 to leave it
  /// out; others are 0. Not called: as they are.
  void place_columns(std::vector<std::int32_t> places, std::int64_t wide);
  std::int64_t wide() const { return wide_; }
  /// `rows` times `wide` cells of the type `as`. Throws invalid_argument for a row that does not exist.
  void read(std::span<const std::int64_t> rows, Number as, std::span<std::byte> into) const;

 private:
  void read_dense(std::span<const std::int64_t> rows, Number as, std::span<std::byte> into) const;
  void read_sparse(std::span<const std::int64_t> rows, Number as, std::span<std::byte> into) const;

  std::shared_ptr<ArrayFile> file_;
  std::string path_;
  std::int64_t rows_ = 0, columns_ = 0, wide_ = 0;
  Number stored_ = Number::float32, indices_ = Number::int32;
  bool sparse_ = false, placed_ = false, swapped_ = false, indices_swapped_ = false;
  std::vector<std::int64_t> starts_;
  std::vector<std::int32_t> places_;
};
/// Bytes of one.
std::size_t size_of(MatrixRows::Number number);
/// The number that a cell is, if it is one that MatrixRows reads.
std::optional<MatrixRows::Number> number_of(const ArrayType& type);

}  // namespace lamin
