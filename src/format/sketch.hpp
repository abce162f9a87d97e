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
#include <functional>
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
  bool partial = false;  ///< complete, but for some of the values only
  bool ordered = false, zoned = false;
  std::int64_t unused = 0;                 ///< levels of a category that no row has
  std::vector<std::string> repeated = {};  ///< levels that are there twice
};

struct TableSketch {
  std::string slot;  ///< "obs", "rna:var", "uns:study"; "" of a plain table
  std::int64_t rows = 0;
  std::int64_t seen = -1;  ///< rows that were looked at, the first ones; -1 = all
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

/// Takes the distinct values of a column of any length, some at a time.
struct TakeValues {
  std::function<void(const ColumnSketch&)> take;  ///< complete, for all it has; a value may be in several
  std::function<void()> again = {};               ///< what was taken so far does not count
};

/// Takes the parts of a column one after the other.
class ColumnSketcher {
 public:
  /// With `give`, values that are too many to keep are given away, and so are the last ones by finish().
  explicit ColumnSketcher(std::string name, std::function<void(const ColumnSketch&)> give = {});
  ~ColumnSketcher();
  ColumnSketcher(ColumnSketcher&&) noexcept;
  void add(const Column& part);
  /// A part of a category as its codes, -1 = missing; `levels` are texts and the same in every call. Throws corrupt for
  /// a code without a level; `where` is the column's place.
  void add_codes(const Column& codes, const Column& levels, bool ordered, const std::string& where);
  ColumnSketch finish();
  const std::string& name() const;
  std::int64_t bytes() const;  ///< that its distinct texts take, estimated
  /// Keeps no more than invariant 2 asks for.
  void drop_texts();

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

/// Takes the parts of a table one after the other, in memory that does not grow with their number: once the distinct
/// texts of all columns together take too much, the columns that have the most of them keep no more than invariant 2
/// asks for.
class TableSketcher {
 public:
  explicit TableSketcher(std::string slot) { table_.slot = std::move(slot); }
  void set_index(std::string column) { table_.index = std::move(column); }
  void add(const Frame& part);
  TableSketch finish();

 private:
  TableSketch table_;
  std::vector<ColumnSketcher> columns_;
  NameSketcher names_;
};

TableSketch sketch_frame(std::string slot, const Frame& frame);
constexpr std::int64_t all_rows = -1;
/// The tables of an AnnData, MuData or SpatialData store; `name` is the file's, for messages. With `most_rows`, of each
/// table only so many are looked at, and little more is read.
FileSketch sketch_tree(const Tree& tree, const std::string& name, std::int64_t most_rows = all_rows);
/// The same tables, whole, and dictionaries as tables of one row.
std::vector<Slot> tree_slots(const Tree& tree, const std::string& name);
/// Where the table of a slot is in a tree: "mod/rna/obs" for "rna:obs"; "" of a slot that is not a table of rows.
std::string table_path(std::string_view slot);
/// The same of a dictionary: "mod/rna/uns/study" for "rna:uns:study"; "" of any other slot, and of the attributes of a
/// SpatialData store, which are no group.
std::string dictionary_path(std::string_view slot);
/// Of any format that has tables. Throws corrupt, not_found, unsupported.
FileSketch sketch_file(const std::filesystem::path& path);
/// All values of one column, in memory that does not grow with their number. Throws the same.
void tree_values(const Tree& tree, const std::string& slot, const std::string& column, const TakeValues& take);
void file_values(const std::filesystem::path& path, const std::string& slot, const std::string& column,
                 const TakeValues& take);

}  // namespace lamin::format
