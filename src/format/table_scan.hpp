// table_scan.hpp -- tables of any length, read part by part.
#pragma once
#include <filesystem>
#include <functional>
#include <string>
#include "lamin/frame.hpp"

namespace lamin::format {

/// Receives a table part by part. All parts have the same columns of the same kinds.
struct TableScan {
  /// Before the first part, and again where the parts so far do not count: they had other kinds than those that fit
  /// the whole file. `noted`: what pandas noted in the
  /// file or, from the functions below, the column that names the rows.
  std::function<void(const std::string& noted)> start;
  std::function<void(const Frame&)> add;  ///< called at least once; without rows if there are none
};

/// Both throw what read_csv and read_parquet throw; a row must fit into memory, a table need not.
void scan_csv(const std::filesystem::path& path, char separator, const TableScan& scan);
void scan_parquet(const std::filesystem::path& path, const TableScan& scan);

}  // namespace lamin::format
