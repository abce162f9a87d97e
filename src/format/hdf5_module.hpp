// hdf5_module.hpp -- HDF5, as the module library `hdf5` offers it to the process that parses.
//
// Only a worker of the helper (hdf5_protocol.hpp) calls it on untrusted files; all other code uses hdf5_client.hpp.
#pragma once
#include <memory>
#include <span>
#include <string>
#include "base/budget.hpp"
#include "format/format.hpp"
#include "format/hdf5_outline.hpp"
#include "format/tree.hpp"

namespace lamin::format {

/// A column of a table, or a value of a dictionary as a column of one row, that replaces the one with its name or is
/// added.
struct ColumnEdit {
  std::string slot;  ///< "obs", "rna:var", "uns:study" (table_path and dictionary_path in sketch.hpp)
  std::string column;
  Column values;
};

/// An open file; descriptor and budget are borrowed.
struct Hdf5File {
  int descriptor;
  std::string name;  ///< for messages
  base::Budget& budget;
  bool served = false;  ///< the descriptor is a socket that serves ranges of it (hdf5_protocol.hpp)
};

class Hdf5 {
 public:
  /// Throws corrupt (truncated, not HDF5, a link out of the file, beyond the budget).
  virtual std::unique_ptr<Tree> open(const Hdf5File& file) const = 0;
  /// Looks at every link, dataset and attribute, and reads what readers load into memory: throws corrupt for anything
  /// that makes the library fail or that another reader should not see.
  virtual void check(const Hdf5File& file) const = 0;
  /// Throws corrupt for a link out of the file, not_found for a path that is not there.
  virtual Hdf5Outline outline(const Hdf5File& file, const OutlineQuery& query) const = 0;
  /// All cells of an array of numbers, of any number of dimensions, row by row. Throws unsupported for other types.
  virtual std::vector<double> numbers(const Hdf5File& file, const std::string& array) const = 0;
  /// Replaces or adds columns of tables and values of dictionaries in the file itself, which is open for writing.
  virtual void edit_columns(const Hdf5File& file, std::span<const ColumnEdit> edits) const = 0;

 protected:
  ~Hdf5() = default;
};

/// Loads the module. Throws unavailable.
const Hdf5& hdf5();

}  // namespace lamin::format
