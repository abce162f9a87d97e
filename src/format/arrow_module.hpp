// arrow_module.hpp -- CSV and Parquet, as the module library `arrow` offers them. No Arrow type is visible here: a
// Frame crosses through the Arrow C data interface.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include "format/format.hpp"
#include "format/table_scan.hpp"
#include "lamin/frame.hpp"

namespace lamin::format {

struct ParquetTable {
  Frame frame;
  std::string pandas_metadata;  ///< what pandas notes on indexes and types, as JSON; "" = nothing
};

class ArrowFiles {
 public:
  /// `texts`: all columns as they are written.
  virtual Frame read_csv(const std::filesystem::path& path, char separator, bool texts) const = 0;
  /// Without categories, which the writer does not know.
  virtual void write_csv(const Frame& frame, const std::filesystem::path& path) const = 0;
  virtual ParquetTable read_parquet(const std::filesystem::path& path) const = 0;
  /// A row group a part, at least.
  virtual void write_parquet(const NextPart& next, const std::string& pandas_metadata,
                             const std::filesystem::path& path) const = 0;
  virtual void scan_csv(const std::filesystem::path& path, char separator, const TableScan& scan) const = 0;
  virtual void scan_parquet(const std::filesystem::path& path, const TableScan& scan) const = 0;
  virtual std::int64_t parquet_rows(const std::filesystem::path& path) const = 0;

 protected:
  ~ArrowFiles() = default;
};

}  // namespace lamin::format
