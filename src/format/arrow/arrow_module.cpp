#include "format/arrow_module.hpp"
#include <arrow/array.h>
#include <arrow/c/bridge.h>
#include <arrow/compute/initialize.h>
#include <arrow/csv/api.h>
#include <arrow/io/compressed.h>
#include <arrow/io/file.h>
#include <arrow/record_batch.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <arrow/type_traits.h>
#include <arrow/util/compression.h>
#include <arrow/util/key_value_metadata.h>
#include <fmt/format.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/writer.h>
#include <parquet/exception.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <set>
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const arrow::Status& status, const fs::path& path, std::string_view what) {
  Code code = status.IsIOError()          ? Code::unavailable
              : status.IsNotImplemented() ? Code::unsupported
              : status.IsOutOfMemory()    ? Code::unavailable
                                          : Code::corrupt;
  throw Error(code, fmt::format("{} '{}': {}.", what, path.string(), status.message()));
}

void check(const arrow::Status& status, const fs::path& path, std::string_view what) {
  if (!status.ok()) fail(status, path, what);
}

template <class T>
T take(arrow::Result<T> result, const fs::path& path, std::string_view what) {
  if (!result.ok()) fail(result.status(), path, what);
  return std::move(result).ValueUnsafe();
}

std::shared_ptr<arrow::io::ReadableFile> open_file(const fs::path& path) {
  auto opened = arrow::io::ReadableFile::Open(path.string());
  if (!opened.ok()) {
    throw Error(Code::no_access, fmt::format("Cannot read '{}': {}.", path.string(), opened.status().message()));
  }
  return std::move(opened).ValueUnsafe();
}

Frame frame_of(const std::shared_ptr<arrow::Table>& table, const fs::path& path) {
  constexpr std::string_view what = "Cannot read";
  // Chunks may have dictionaries of their own.
  auto unified = take(arrow::DictionaryUnifier::UnifyTable(*table), path, what);
  auto batch = take(unified->CombineChunksToBatch(), path, what);
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

/// Removes what was half written, unless `done`.
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

std::shared_ptr<arrow::io::InputStream> open_csv(const fs::path& path) {
  std::shared_ptr<arrow::io::InputStream> input = open_file(path);
  const auto extension = path.extension();
  const auto kind = extension == ".gz"    ? arrow::Compression::GZIP
                    : extension == ".zst" ? arrow::Compression::ZSTD
                    : extension == ".bz2" ? arrow::Compression::BZ2
                                          : arrow::Compression::UNCOMPRESSED;
  if (kind == arrow::Compression::UNCOMPRESSED) return input;
  auto codec = take(arrow::util::Codec::Create(kind), path, "Cannot read");
  return take(arrow::io::CompressedInputStream::Make(codec.get(), input), path, "Cannot read");
}

// What pandas takes for missing and for booleans, so that a file reads the same here and there.
arrow::csv::ConvertOptions convert_options() {
  auto options = arrow::csv::ConvertOptions::Defaults();
  options.null_values = {"",     "#N/A", "#N/A N/A", "#NA",  "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN",
                         "<NA>", "N/A",  "NA",       "NULL", "NaN",     "None",     "n/a",  "nan",  "null"};
  options.true_values = {"True", "TRUE", "true"};
  options.false_values = {"False", "FALSE", "false"};
  options.strings_can_be_null = true;
  return options;
}

std::shared_ptr<arrow::Table> parse_csv(const fs::path& path, char separator, const arrow::csv::ConvertOptions& convert,
                                        const std::vector<std::string>& names) {
  auto read = arrow::csv::ReadOptions::Defaults();
  auto parse = arrow::csv::ParseOptions::Defaults();
  parse.delimiter = separator;
  parse.newlines_in_values = true;
  if (!names.empty()) {
    read.column_names = names;
    read.skip_rows = 1;
  }
  auto reader =
      take(arrow::csv::TableReader::Make(arrow::io::default_io_context(), open_csv(path), read, parse, convert), path,
           "Cannot read the table");
  return take(reader->Read(), path, "Cannot read the table");
}

/// As pandas names them: "Unnamed: 0" without a name, "a.1" for the second "a".
std::vector<std::string> unique_names(const arrow::Schema& schema) {
  std::vector<std::string> names;
  std::set<std::string> taken;
  for (int i = 0; i < schema.num_fields(); ++i) {
    const auto given = schema.field(i)->name().empty() ? fmt::format("Unnamed: {}", i) : schema.field(i)->name();
    auto name = given;
    for (int copy = 1; !taken.insert(name).second; ++copy) name = fmt::format("{}.{}", given, copy);
    names.push_back(std::move(name));
  }
  return names;
}

class Module final : public ArrowFiles {
 public:
  Module() { check(arrow::compute::Initialize(), "", "Cannot initialise Arrow for"); }

  // Dates and times stay the text that they are in the file, as in pandas; so columns that Arrow takes for them are
  // read a second time.
  Frame read_csv(const fs::path& path, char separator) const override {
    std::error_code failure;
    if (fs::file_size(path, failure) == 0) {
      throw Error(Code::corrupt,
                  fmt::format("The table '{}' is empty: it has no line with column names.", path.string()));
    }
    auto convert = convert_options();
    auto table = parse_csv(path, separator, convert, {});
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
      if (!arrow::is_temporal(*table->schema()->field(i)->type())) continue;
      convert.column_types[names[static_cast<std::size_t>(i)]] = arrow::utf8();
      again = true;
    }
    if (again) table = parse_csv(path, separator, convert, names);
    return frame_of(take(table->RenameColumns(names), path, "Cannot read the table"), path);
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
    auto reader = open_parquet(path);
    auto table = take(reader->ReadTable(), path, "Cannot read the Parquet file");
    ParquetTable result;
    if (auto metadata = table->schema()->metadata(); metadata && metadata->Contains("pandas")) {
      result.pandas_metadata = metadata->Get("pandas").ValueOr("");
    }
    result.frame = frame_of(table, path);
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
    return open_parquet(path)->parquet_reader()->metadata()->num_rows();
  }

 private:
  static std::unique_ptr<parquet::arrow::FileReader> open_parquet(const fs::path& path) {
    return take(parquet::arrow::OpenFile(open_file(path), arrow::default_memory_pool()), path,
                "This is not a whole Parquet file:");
  }
};

}  // namespace
}  // namespace lamin::format

extern "C" __attribute__((visibility("default"))) const lamin::format::ArrowFiles* lamin_arrow() {
  static const lamin::format::Module module;
  return &module;
}
