// arrow_tools.hpp -- what reading tables with Arrow shares: opening files, checks, errors in our terms.
#pragma once
#include <arrow/csv/options.h>
#include <arrow/io/file.h>
#include <arrow/memory_pool.h>
#include <arrow/result.h>
#include <arrow/table.h>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>
#include "base/budget.hpp"
#include "lamin/frame.hpp"

namespace lamin::format {

namespace fs = std::filesystem;

/// `what`: "Cannot read".
[[noreturn]] void fail(const arrow::Status& status, const fs::path& path, std::string_view what);
void check(const arrow::Status& status, const fs::path& path, std::string_view what);
template <class T>
T take(arrow::Result<T> result, const fs::path& path, std::string_view what) {
  if (!result.ok()) fail(result.status(), path, what);
  return std::move(result).ValueUnsafe();
}

std::shared_ptr<arrow::io::ReadableFile> open_file(const fs::path& path, arrow::MemoryPool* pool);
base::Budget budget_of(const fs::path& path);
/// Throws unsupported for more columns than a table may have.
void check_columns(std::int64_t columns, const fs::path& path);
Frame frame_of(const std::shared_ptr<arrow::Table>& table, const fs::path& path, arrow::MemoryPool* pool);

// -- CSV -------------------------------------------------------------------------------------------------------------

std::shared_ptr<arrow::io::InputStream> open_csv(const fs::path& path, arrow::MemoryPool* pool);
/// Throws corrupt for a file that is not text: the parser's own messages would be as long and unreadable as the file.
void check_text(const fs::path& path, arrow::MemoryPool* pool);
void check_not_empty(const fs::path& path);
void check_utf8(const arrow::Schema& schema, const std::vector<std::string>& names, const fs::path& path);
/// What pandas treats as missing and as booleans, so that a file reads the same in both.
arrow::csv::ConvertOptions convert_options();
/// How to parse a table of this width. In each thread Arrow's parser reserves room for 512 rows of 4-byte offsets
/// before it has seen them; most of it is freed untouched.
struct Parsing {
  bool threads = true;
  std::int64_t room = 0;  ///< bytes beyond the limit
};
Parsing parsing_of(const fs::path& path, char separator, arrow::MemoryPool* pool);
/// The names that pandas would give: "Unnamed: 0" without a name, "a.1" for the second "a".
std::vector<std::string> unique_names(const arrow::Schema& schema);

}  // namespace lamin::format
