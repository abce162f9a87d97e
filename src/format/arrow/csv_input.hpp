// csv_input.hpp -- the text of a CSV file for Arrow, which ends with OutOfMemory once the table takes too much.
#pragma once
#include <arrow/io/interfaces.h>
#include <arrow/memory_pool.h>
#include <arrow/result.h>
#include <cstdint>
#include <filesystem>
#include <memory>

namespace lamin::format {

/// The decompressed file; its name tells the compression.
arrow::Result<std::shared_ptr<arrow::io::InputStream>> decompressed(std::shared_ptr<arrow::io::InputStream> file,
                                                                    const std::filesystem::path& path,
                                                                    arrow::MemoryPool* pool);

/// How many columns the first line names, or more: separators in quotes count, too. Looks at 4 MB, more than Arrow
/// accepts for one line.
arrow::Result<std::int64_t> count_columns(arrow::io::InputStream& text, char separator);

/// `text`, until `pool` holds more than `limit` bytes.
///
/// Arrow's parser ends the process where a pool refuses, so the pool of a CSV file only counts, and its text ends.
std::shared_ptr<arrow::io::InputStream> until_full(std::shared_ptr<arrow::io::InputStream> text,
                                                   arrow::MemoryPool* pool, std::int64_t limit);

}  // namespace lamin::format
