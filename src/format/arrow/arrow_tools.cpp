// arrow_tools.cpp -- what reading tables with Arrow shares.
#include "format/arrow/arrow_tools.hpp"
#include <arrow/array.h>
#include <arrow/c/bridge.h>
#include <arrow/csv/api.h>
#include <arrow/util/thread_pool.h>
#include <fmt/format.h>
#include <unistd.h>
#include <array>
#include <map>
#include <set>
#include "base/source_file.hpp"
#include "format/arrow/csv_input.hpp"
#include "format/missing_words.hpp"
#include "lamin/error.hpp"

namespace lamin::format {

void fail(const arrow::Status& status, const fs::path& path, std::string_view what) {
  if (status.IsOutOfMemory()) {
    std::error_code failure;
    const auto size = fs::file_size(path, failure);
    base::Budget(path.string(), failure ? 0 : static_cast<std::int64_t>(size)).refuse("the table");
  }
  // A stream that ends too early or cannot be unpacked is an IOError to Arrow, too.
  const bool damaged =
      status.message().find("ompress") != std::string::npos || status.message().find("zlib") != std::string::npos;
  Code code = status.IsIOError() && !damaged ? Code::unavailable
              : status.IsNotImplemented()    ? Code::unsupported
                                             : Code::corrupt;
  std::string why = status.message();
  while (why.ends_with('.') || why.ends_with('\n')) why.pop_back();
  throw Error(code, fmt::format("{} '{}': {}.", what, path.string(), why));
}

void check(const arrow::Status& status, const fs::path& path, std::string_view what) {
  if (!status.ok()) fail(status, path, what);
}

std::shared_ptr<arrow::io::ReadableFile> open_file(const fs::path& path, arrow::MemoryPool* pool) {
  const int fd = base::open_regular(path);
  auto opened = arrow::io::ReadableFile::Open(fd, pool);
  if (opened.ok()) return std::move(opened).ValueUnsafe();
  close(fd);
  throw Error(Code::no_access, fmt::format("Cannot read '{}': {}.", path.string(), opened.status().message()));
}

base::Budget budget_of(const fs::path& path) { return {path.string(), base::SourceFile(path).size()}; }

void check_columns(std::int64_t columns, const fs::path& path) {
  constexpr std::int64_t most = 100'000;
  if (columns <= most) return;
  throw Error(Code::unsupported, fmt::format("'{}' has {} columns, a table may have {}: store it as a matrix.",
                                             path.string(), columns, most));
}

Frame frame_of(const std::shared_ptr<arrow::Table>& table, const fs::path& path, arrow::MemoryPool* pool) {
  constexpr std::string_view what = "Cannot read";
  check_columns(table->num_columns(), path);
  // Each chunk may have its own dictionary.
  auto unified = take(arrow::DictionaryUnifier::UnifyTable(*table, pool), path, what);
  auto batch = take(unified->CombineChunksToBatch(pool), path, what);
  ArrowArray array{};
  ArrowSchema schema{};
  check(arrow::ExportRecordBatch(*batch, &array, &schema), path, what);
  return Frame::import_arrow(&schema, &array);
}

std::shared_ptr<arrow::io::InputStream> open_csv(const fs::path& path, arrow::MemoryPool* pool) {
  return take(decompressed(open_file(path, pool), path, pool), path, "Cannot read");
}

void check_text(const fs::path& path, arrow::MemoryPool* pool) {
  std::array<char, 4096> first = {};
  const auto size = take(open_csv(path, pool)->Read(first.size(), first.data()), path, "Cannot read the table");
  const std::string_view bytes(first.data(), static_cast<std::size_t>(size));
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
    throw Error(Code::corrupt, fmt::format("Cannot read the table '{}': its texts are UTF-16, not UTF-8; convert the "
                                           "file, for instance with iconv.",
                                           path.string()));
  }
  if (bytes.find('\0') != bytes.npos) {
    throw Error(Code::corrupt,
                fmt::format("'{}' is no table of texts: it holds bytes that no text has. What is it?", path.string()));
  }
}

arrow::csv::ConvertOptions convert_options() {
  auto options = arrow::csv::ConvertOptions::Defaults();
  options.null_values.assign(missing_words.begin(), missing_words.end());
  options.true_values = {"True", "TRUE", "true"};
  options.false_values = {"False", "FALSE", "false"};
  options.strings_can_be_null = true;
  return options;
}

Parsing parsing_of(const fs::path& path, char separator, arrow::MemoryPool* pool) {
  const auto columns = take(count_columns(*open_csv(path, pool), separator), path, "Cannot read the table");
  check_columns(columns, path);
  constexpr std::int64_t room_a_column = 512 * 4, widest = 4096;
  if (columns > widest) return {.threads = false, .room = columns * room_a_column};
  return {.threads = true, .room = columns * room_a_column * (arrow::GetCpuThreadPoolCapacity() + 1)};
}

std::vector<std::string> unique_names(const arrow::Schema& schema) {
  std::vector<std::string> names;
  std::set<std::string> taken;
  std::map<std::string, int> copies;  // per name; without it, 100,000 equal names would be compared with each other
  for (int i = 0; i < schema.num_fields(); ++i) {
    const auto given = schema.field(i)->name().empty() ? fmt::format("Unnamed: {}", i) : schema.field(i)->name();
    auto name = given;
    while (!taken.insert(name).second) name = fmt::format("{}.{}", given, ++copies[given]);
    names.push_back(std::move(name));
  }
  return names;
}

void check_utf8(const arrow::Schema& schema, const std::vector<std::string>& names, const fs::path& path) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (schema.field(static_cast<int>(i))->type()->id() != arrow::Type::BINARY) continue;
    throw Error(Code::corrupt,
                fmt::format("Cannot read the table '{}': the texts of column '{}' are not UTF-8; convert "
                            "the file, for instance with iconv.",
                            path.string(), names[i]));
  }
}

void check_not_empty(const fs::path& path) {
  std::error_code failure;
  if (fs::file_size(path, failure) != 0) return;
  throw Error(Code::corrupt, fmt::format("The table '{}' is empty: it has no line with column names.", path.string()));
}

}  // namespace lamin::format
