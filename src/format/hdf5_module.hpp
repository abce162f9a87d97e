// hdf5_module.hpp -- HDF5, as the module library `hdf5` offers it.
#pragma once
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include "format/format.hpp"
#include "format/tree.hpp"

namespace lamin::format {

/// A column of obs or var that takes the place of the one with its name, or is added.
struct ColumnEdit {
  std::string slot;  ///< "obs", "var"
  std::string column;
  Column values;
};

class Hdf5 {
 public:
  /// Throws corrupt (truncated, or no HDF5), not_found, no_access.
  virtual std::unique_ptr<Tree> open(const std::filesystem::path& path) const = 0;
  /// Replaces or adds columns of obs and var in the file itself.
  virtual void edit_columns(const std::filesystem::path& path, std::span<const ColumnEdit> edits) const = 0;

 protected:
  ~Hdf5() = default;
};

/// Loads the module. Throws unavailable.
const Hdf5& hdf5();

}  // namespace lamin::format
