#include "format/arrow_module.hpp"
#include <arrow/array.h>
#include <arrow/c/bridge.h>
#include <arrow/compute/initialize.h>
#include <arrow/csv/api.h>
#include <arrow/io/file.h>
#include <arrow/memory_pool.h>
#include <arrow/record_batch.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <arrow/type_traits.h>
#include <arrow/util/key_value_metadata.h>
#include <arrow/util/thread_pool.h>
#include <fmt/format.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/writer.h>
#include <parquet/exception.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <unistd.h>
#include <array>
#include <map>
#include <set>
#include "base/budget.hpp"
#include "base/source_file.hpp"
#include "format/arrow/csv_input.hpp"
#include "format/arrow/read_pool.hpp"
#include "format/missing_words.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const arrow::Status& status, const fs::path& path, std::string_view what) {
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

template <class T>
T take(arrow::Result<T> result, const fs::path& path, std::string_view what) {
  if (!result.ok()) fail(result.status(), path, what);
  return std::move(result).ValueUnsafe();
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

std::shared_ptr<arrow::RecordBatch> batch_of(const Frame& frame, const fs::path& path) {
  ArrowArray array{};
  ArrowSchema schema{};
  frame.export_arrow(&schema, &array);
  return take(arrow::ImportRecordBatch(&array, &schema), path, "Cannot write");
}

/// Removes a half-written file, unless `done`.
struct Output {
  const fs::path& path;
  bool done = false;
  ~Output() {
    std::error_code ignored;
    if (!done) fs::remove(path, ignored);
  }
};

std::shared_ptr<arrow::io::FileOutputStream> open_output(const fs::path& path) {
  auto opened = arrow::io::FileOutputStream::Open(path.string());
  if (!opened.ok()) {
    throw Error(Code::no_access, fmt::format("Cannot write '{}': {}.", path.string(), opened.status().message()));
  }
  return std::move(opened).ValueUnsafe();
}

std::shared_ptr<arrow::io::InputStream> open_csv(const fs::path& path, arrow::MemoryPool* pool) {
  return take(decompressed(open_file(path, pool), path, pool), path, "Cannot read");
}

/// The parser's messages about what is no text would be as long and unreadable as the file.
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

// What pandas treats as missing and as booleans, so that a file reads the same in both.
arrow::csv::ConvertOptions convert_options() {
  auto options = arrow::csv::ConvertOptions::Defaults();
  options.null_values.assign(missing_words.begin(), missing_words.end());
  options.true_values = {"True", "TRUE", "true"};
  options.false_values = {"False", "FALSE", "false"};
  options.strings_can_be_null = true;
  return options;
}

/// How to parse a table of this width. In each thread Arrow's parser reserves room for 512 rows of 4-byte offsets
/// before it has seen them; most of it is freed untouched.
struct Parsing {
  bool threads = true;
  std::int64_t room = 0;  ///< bytes beyond the limit
};

Parsing parsing_of(const fs::path& path, char separator, arrow::MemoryPool* pool) {
  const auto columns = take(count_columns(*open_csv(path, pool), separator), path, "Cannot read the table");
  check_columns(columns, path);
  constexpr std::int64_t room_a_column = 512 * 4, widest = 4096;
  if (columns > widest) return {.threads = false, .room = columns * room_a_column};
  return {.threads = true, .room = columns * room_a_column * (arrow::GetCpuThreadPoolCapacity() + 1)};
}

std::shared_ptr<arrow::Table> parse_csv(const fs::path& path, char separator, const arrow::csv::ConvertOptions& convert,
                                        const std::vector<std::string>& names, const ReadPool& pool) {
  const auto limit = budget_of(path).limit();
  const auto parsing = parsing_of(path, separator, pool.get());
  auto read = arrow::csv::ReadOptions::Defaults();
  read.use_threads = parsing.threads;
  auto parse = arrow::csv::ParseOptions::Defaults();
  parse.delimiter = separator;
  parse.newlines_in_values = true;
  if (!names.empty()) {
    read.column_names = names;
    read.skip_rows = 1;
  }
  pool.allow(ReadPool::only_counted);  // if the parser gets no memory, it ends the process
  auto text = until_full(open_csv(path, pool.get()), pool.get(),
                         limit / 2 + parsing.room);  // the other half is for joining its blocks
  const auto table = [&]() -> arrow::Result<std::shared_ptr<arrow::Table>> {
    ARROW_ASSIGN_OR_RAISE(auto reader,
                          arrow::csv::TableReader::Make(arrow::io::IOContext(pool.get()), text, read, parse, convert));
    return reader->Read();
  }();
  if (!table.ok()) {
    // Some tasks still wait for a thread, and a process that ended now would wait for them forever.
    arrow::internal::GetCpuThreadPool()->WaitForIdle();
    pool.get()->ReleaseUnused();
  }
  pool.allow(limit);
  return take(table, path, "Cannot read the table");
}

/// The names that pandas would give: "Unnamed: 0" without a name, "a.1" for the second "a".
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

class Module final : public ArrowFiles {
 public:
  Module() { check(arrow::compute::Initialize(), "", "Cannot initialise Arrow for"); }

  // Dates and times stay text as in the file, like in pandas; so columns that Arrow takes for dates or times are read a
  // second time, and with `texts` all that it takes for anything else than texts.
  Frame read_csv(const fs::path& path, char separator, bool texts) const override {
    // Other heaps hold on to the memory of the parser's many short-lived buffers.
    const ReadPool pool(budget_of(path).limit(), arrow::system_memory_pool());
    std::error_code failure;
    if (fs::file_size(path, failure) == 0) {
      throw Error(Code::corrupt,
                  fmt::format("The table '{}' is empty: it has no line with column names.", path.string()));
    }
    check_text(path, pool.get());
    auto convert = convert_options();
    auto table = parse_csv(path, separator, convert, {}, pool);
    const auto names = unique_names(*table->schema());
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (table->schema()->field(static_cast<int>(i))->type()->id() != arrow::Type::BINARY) continue;
      throw Error(Code::corrupt,
                  fmt::format("Cannot read the table '{}': the texts of column '{}' are not UTF-8; convert "
                              "the file, for instance with iconv.",
                              path.string(), names[i]));
    }
    bool again = false;
    for (int i = 0; i < table->num_columns(); ++i) {
      const auto& type = *table->schema()->field(i)->type();
      if (texts ? type.id() == arrow::Type::STRING : !arrow::is_temporal(type)) continue;
      convert.column_types[names[static_cast<std::size_t>(i)]] = arrow::utf8();
      again = true;
    }
    if (again) {
      table.reset();  // otherwise both would be counted
      table = parse_csv(path, separator, convert, names, pool);
    }
    return frame_of(take(table->RenameColumns(names), path, "Cannot read the table"), path, pool.get());
  }

  void write_csv(const Frame& frame, const fs::path& path) const override {
    auto batch = batch_of(frame, path);
    auto stream = open_output(path);
    Output output{path};
    check(arrow::csv::WriteCSV(*batch, arrow::csv::WriteOptions::Defaults(), stream.get()), path, "Cannot write");
    check(stream->Close(), path, "Cannot write");
    output.done = true;
  }

  ParquetTable read_parquet(const fs::path& path) const override {
    auto budget = budget_of(path);
    const ReadPool pool(budget.limit());
    auto reader = open_parquet(path, pool.get());
    const auto metadata = reader->parquet_reader()->metadata();
    check_columns(metadata->num_columns(), path);
    constexpr std::uint64_t least = 1;  // a cell of a boolean column, once it is read
    budget.check(static_cast<std::uint64_t>(std::max<std::int64_t>(metadata->num_rows(), 0)),
                 least * static_cast<std::uint64_t>(metadata->num_columns()), "the table");
    auto table = take(reader->ReadTable(), path, "Cannot read the Parquet file");
    ParquetTable result;
    if (auto noted = table->schema()->metadata(); noted && noted->Contains("pandas")) {
      result.pandas_metadata = noted->Get("pandas").ValueOr("");
    }
    result.frame = frame_of(table, path, pool.get());
    return result;
  }

  void write_parquet(const Frame& frame, const std::string& pandas_metadata, const fs::path& path) const override {
    auto table = take(arrow::Table::FromRecordBatches({batch_of(frame, path)}), path, "Cannot write");
    if (!pandas_metadata.empty()) {
      table = table->ReplaceSchemaMetadata(arrow::key_value_metadata({"pandas"}, {pandas_metadata}));
    }
    auto stream = open_output(path);
    Output output{path};
    const auto properties = parquet::WriterProperties::Builder().compression(arrow::Compression::SNAPPY)->build();
    const auto arrow_properties = parquet::ArrowWriterProperties::Builder().store_schema()->build();
    constexpr std::int64_t rows_a_group = 1 << 20;
    check(parquet::arrow::WriteTable(*table, arrow::default_memory_pool(), stream, rows_a_group, properties,
                                     arrow_properties),
          path, "Cannot write");
    check(stream->Close(), path, "Cannot write");
    output.done = true;
  }

  std::int64_t parquet_rows(const fs::path& path) const override {
    const ReadPool pool(budget_of(path).limit());
    return open_parquet(path, pool.get())->parquet_reader()->metadata()->num_rows();
  }

 private:
  static std::unique_ptr<parquet::arrow::FileReader> open_parquet(const fs::path& path, arrow::MemoryPool* pool) {
    constexpr std::string_view what = "This is not a whole Parquet file:";
    parquet::arrow::FileReaderBuilder builder;
    check(builder.Open(open_file(path, pool), parquet::ReaderProperties(pool)), path, what);
    return take(builder.memory_pool(pool)->Build(), path, what);
  }
};

}  // namespace
}  // namespace lamin::format

extern "C" __attribute__((visibility("default"))) const lamin::format::ArrowFiles* lamin_arrow() {
  static const lamin::format::Module module;
  return &module;
}
