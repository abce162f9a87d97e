// hdf5_write.hpp -- columns of obs and var, in the current anndata encoding.
#pragma once
#include <memory>
#include <span>
#include <string>
#include "format/hdf5_module.hpp"
#include "format/tree.hpp"

namespace lamin::format::h5 {

/// `tree` is the unchanged file. It is closed before anything is written: the library cannot open a file in two ways at
/// once.
void edit_columns(const Hdf5File& file, std::span<const ColumnEdit> edits, std::unique_ptr<Tree> tree);

}  // namespace lamin::format::h5
