// sketch.hpp -- what a table holds, whatever its length: of each column its distinct values, how often and where first
// each occurs, and how many are missing.
//
// That is all that the rules of a schema look at, so a file of a hundred million rows is checked in the memory of a
// small one. Invariants of a column:
//   1. While `complete`, `values` has every distinct value once, `counts` and `rows` one entry for each.
//   2. Otherwise `values` has at least one of each class that a conversion could tell apart: of texts what reads as a
//      number, a date, a JSON object; of numbers the least, the greatest, and one that is not whole.
//   3. `values` has no null, and is of `kind`, except that of categories it holds the texts and of lists the items.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>
#include "format/tree.hpp"
#include "lamin/frame.hpp"

namespace lamin::format {

struct ColumnSketch {
  std::string name;
  Column::Kind kind = Column::Kind::text;
  Column values = {};
  std::vector<std::int64_t> counts = {}, rows = {};
  std::int64_t nulls = 0;
  bool complete = true;
  bool ordered = false, zoned = false;
  std::int64_t unused = 0;                 ///< levels of a category that no row has
  std::vector<std::string> repeated = {};  ///< levels that are there twice
};

struct TableSketch {
  std::string slot;  ///< "obs", "rna:var", "uns:study"; "" of a plain table
  std::int64_t rows = 0;
  std::string index = {};  ///< the column that names the rows
  std::vector<ColumnSketch> columns = {};
  std::int64_t repeated_names = 0;  ///< rows whose name another row before has
  bool names_compared = true;       ///< false: too many rows to tell

  const ColumnSketch* find(std::string_view name) const;
};

/// A picture of several scales in a SpatialData store, finest first.
struct ImageSketch {
  struct Scale {
    std::string name;
    std::vector<std::int64_t> shape, chunks;
  };
  std::string name;
  std::vector<std::string> axes = {};
  std::vector<Scale> scales = {};
};

struct FileSketch {
  std::string otype;
  std::vector<TableSketch> tables;
  std::int64_t n_obs = -1, n_vars = -1;  ///< of an AnnData
  std::int64_t bytes = 0;                ///< of the file or folder
  std::int64_t bytes_read = 0;           ///< of these
  int zarr_format = 0;                   ///< 0: it is not zarr
  std::vector<ImageSketch> images = {};
  std::vector<std::pair<std::string, std::string>> layers =
      {};  ///< "table/layer", encoding: ("cells/raw", "csr_matrix")
  std::vector<std::pair<std::string, std::vector<std::int64_t>>> obsm = {};  ///< of an AnnData: arrays and their shapes
};

/// Takes the parts of a column one after the other.
class ColumnSketcher {
 public:
  explicit ColumnSketcher(std::string name);
  ~ColumnSketcher();
  ColumnSketcher(ColumnSketcher&&) noexcept;
  void add(const Column& part);
  /// A part of a category as its codes, -1 = missing; `levels` are texts and the same in every call. Throws corrupt for
  /// a code without a level; `where` is the column's place.
  void add_codes(const Column& codes, const Column& levels, bool ordered, const std::string& where);
  ColumnSketch finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Whether the names of rows repeat, from their hashes.
class NameSketcher {
 public:
  void add(const Column& part);
  void finish(TableSketch& table);

 private:
  static constexpr std::size_t most = std::size_t{8} << 20;
  std::vector<std::uint64_t> hashes_;
  bool compared_ = true;
};

TableSketch sketch_frame(std::string slot, const Frame& frame);
/// The tables of an AnnData, MuData or SpatialData store; `name` is the file's, for messages.
FileSketch sketch_tree(const Tree& tree, const std::string& name);
/// Of any format that has tables. Throws corrupt, not_found, unsupported.
FileSketch sketch_file(const std::filesystem::path& path);

}  // namespace lamin::format
