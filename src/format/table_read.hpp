// table_read.hpp -- the columns that are asked for, of one table of a dataset.
//
// A table is named by its slot: "obs", "rna:var", "tables:cells:obs" (table_path in sketch.hpp). Of AnnData, MuData and
// SpatialData files only these columns are read; never a matrix.
#pragma once
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include "lamin/frame.hpp"

namespace lamin::format {

struct TableLayout {
  std::int64_t rows = 0;
  Frame columns = {};  ///< without rows; one whose type no column can hold is left out
};

/// Throws not_found (file), invalid_argument (a slot that is no table of rows, or that the file does not have),
/// unsupported (a format without such tables), corrupt.
TableLayout table_layout(const std::filesystem::path& path, const std::string& slot);
/// In the order that is asked for. Throws not_found for a column that the table does not have, too.
Frame read_table(const std::filesystem::path& path, const std::string& slot, std::span<const std::string> columns);

class Tree;
TableLayout table_layout(const Tree& tree, const std::string& slot);
Frame read_table(const Tree& tree, const std::string& slot, std::span<const std::string> columns);

}  // namespace lamin::format
