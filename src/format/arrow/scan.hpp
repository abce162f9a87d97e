// scan.hpp -- tables part by part, in memory that does not grow with their length.
#pragma once
#include "format/arrow_module.hpp"

namespace lamin::format {

void scan_csv_file(const std::filesystem::path& path, char separator, const TableScan& scan);
void scan_parquet_file(const std::filesystem::path& path, const TableScan& scan);

}  // namespace lamin::format
