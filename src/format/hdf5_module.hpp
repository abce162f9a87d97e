// hdf5_module.hpp -- HDF5, as the module library `hdf5` offers it to the process that parses.
//
// Only a worker of the helper (hdf5_protocol.hpp) calls it on untrusted files; all other code uses hdf5_client.hpp.
#pragma once
#include <memory>
#include <span>
#include <string>
#include "base/budget.hpp"
#include "format/format.hpp"
#include "format/tree.hpp"

namespace lamin::format {

/// A column of obs or var that replaces the one with its name, or is added.
struct ColumnEdit {
  std::string slot;  ///< "obs", "var"
  std::string column;
  Column values;
};

/// An open file; descriptor and budget are borrowed.
struct Hdf5File {
  int descriptor;
  std::string name;  ///< for messages
  base::Budget& budget;
};

class Hdf5 {
 public:
  /// Throws corrupt (truncated, not HDF5, a link out of the file, beyond the budget).
  virtual std::unique_ptr<Tree> open(const Hdf5File& file) const = 0;
  /// Looks at every link, dataset and attribute, and reads what readers load into memory: throws corrupt for anything
  /// that makes the library fail or that another reader should not see.
  virtual void check(const Hdf5File& file) const = 0;
  /// Replaces or adds columns of obs and var in the file itself, which is open for writing.
  virtual void edit_columns(const Hdf5File& file, std::span<const ColumnEdit> edits) const = 0;

 protected:
  ~Hdf5() = default;
};

/// Loads the module. Throws unavailable.
const Hdf5& hdf5();

}  // namespace lamin::format
