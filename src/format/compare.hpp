// compare.hpp -- whether two files hold the same, whatever their bytes: rows by their ids, numbers within a tolerance.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace lamin::format {

struct Comparison {
  bool compared = false;                 ///< false: files of this kind are only compared by their bytes
  std::vector<std::string> differences;  ///< where they differ, the first of each kind; empty = they are the same
};

/// Tables (csv, tsv, parquet, xlsx), AnnData (h5ad, zarr: tables and matrices), and compressed files by what they
/// decompress to. `tolerance` is relative, of numbers that are not whole. Throws corrupt, not_found.
Comparison compare(const std::filesystem::path& before, const std::filesystem::path& after, double tolerance);

}  // namespace lamin::format
