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
#include "format/arrow/arrow_tools.hpp"
#include "format/arrow/csv_input.hpp"
#include "format/arrow/read_pool.hpp"
#include "format/arrow/scan.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

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

class Module final : public ArrowFiles {
 public:
  Module() { check(arrow::compute::Initialize(), "", "Cannot initialise Arrow for"); }

  // Dates and times stay text as in the file, like in pandas; so columns that Arrow takes for dates or times are read a
  // second time, and with `texts` all that it takes for anything else than texts.
  Frame read_csv(const fs::path& path, char separator, bool texts) const override {
    // Other heaps hold on to the memory of the parser's many short-lived buffers.
    const ReadPool pool(budget_of(path).limit(), arrow::system_memory_pool());
    check_not_empty(path);
    check_text(path, pool.get());
    auto convert = convert_options();
    auto table = parse_csv(path, separator, convert, {}, pool);
    const auto names = unique_names(*table->schema());
    check_utf8(*table->schema(), names, path);
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

  void write_parquet(const NextPart& next, const std::string& pandas_metadata, const fs::path& path) const override {
    const auto part = [&]() -> std::shared_ptr<arrow::Table> {
      const auto frame = next();
      if (!frame) return nullptr;
      auto table = take(arrow::Table::FromRecordBatches({batch_of(*frame, path)}), path, "Cannot write");
      if (pandas_metadata.empty()) return table;
      return table->ReplaceSchemaMetadata(arrow::key_value_metadata({"pandas"}, {pandas_metadata}));
    };
    auto table = part();
    if (!table) throw Error(Code::invalid_argument, fmt::format("There is nothing to write to '{}'.", path.string()));
    auto stream = open_output(path);
    Output output{path};
    const auto properties = parquet::WriterProperties::Builder().compression(arrow::Compression::SNAPPY)->build();
    const auto arrow_properties = parquet::ArrowWriterProperties::Builder().store_schema()->build();
    constexpr std::int64_t rows_a_group = 1 << 20;
    auto writer = take(parquet::arrow::FileWriter::Open(*table->schema(), arrow::default_memory_pool(), stream,
                                                        properties, arrow_properties),
                       path, "Cannot write");
    for (; table; table = part()) check(writer->WriteTable(*table, rows_a_group), path, "Cannot write");
    check(writer->Close(), path, "Cannot write");
    check(stream->Close(), path, "Cannot write");
    output.done = true;
  }

  void scan_csv(const fs::path& path, char separator, const TableScan& scan) const override {
    scan_csv_file(path, separator, scan);
  }
  void scan_parquet(const fs::path& path, const TableScan& scan) const override { scan_parquet_file(path, scan); }

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
