// scan.cpp -- CSV and Parquet part by part.
//
// A CSV file does not say types, and a block may look like integers where a later one holds words. So each block is
// read with the types that it suggests. If two blocks differ, the file is read once more from the start with the types
// that fit all of them: a column of "001" and "A01" is one of texts, not of 1 and "A01".
#include "format/arrow/scan.hpp"
#include <arrow/array/util.h>
#include <arrow/csv/api.h>
#include <arrow/io/memory.h>
#include <arrow/record_batch.h>
#include <arrow/type_traits.h>
#include <arrow/util/key_value_metadata.h>
#include <arrow/util/thread_pool.h>
#include <fmt/format.h>
#include <parquet/arrow/reader.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <utility>
#include "format/arrow/arrow_tools.hpp"
#include "format/arrow/read_pool.hpp"
#include "format/arrow/row_cutter.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

using Type = std::shared_ptr<arrow::DataType>;
constexpr std::string_view cannot_read = "Cannot read the table";

bool is_null(const Type& type) { return type == nullptr || type->id() == arrow::Type::NA; }

/// What values of both types are.
Type joined(const Type& a, const Type& b) {
  if (is_null(a) || a->Equals(b)) return b;
  const auto number = [](const Type& type) { return arrow::is_integer(type->id()) || arrow::is_floating(type->id()); };
  return number(a) && number(b) ? arrow::float64() : arrow::utf8();
}

class CsvScan {
 public:
  CsvScan(const fs::path& path, char separator, const TableScan& scan)
      : path_(path),
        separator_(separator),
        scan_(scan),
        limit_(budget_of(path).limit()),
        pool_(limit_, arrow::system_memory_pool()),
        parsing_(parsing_of(path, separator, pool_.get())) {}

  void run() {
    check_text(path_, pool_.get());
    scan_.start("");
    pass();
    if (consistent_) return;
    for (std::size_t i = 0; i < names_.size(); ++i)
      if (!is_null(types_[i])) convert_.column_types[names_[i]] = types_[i];
    consistent_ = true;
    scan_.start("");
    pass();
  }

 private:
  static constexpr std::int64_t at_once = std::int64_t{8} << 20;

  void pass() {
    const auto text = open_csv(path_, pool_.get());
    RowCutter cutter(separator_);
    std::string waiting;
    rows_ = 0;
    bool header = false;
    for (bool ends = false; !ends;) {
      const auto before = waiting.size();
      waiting.resize(before + static_cast<std::size_t>(at_once));
      const auto n = take(text->Read(at_once, waiting.data() + before), path_, cannot_read);
      waiting.resize(before + static_cast<std::size_t>(n));
      cutter.feed(std::string_view(waiting).substr(before));
      ends = n == 0;
      if (!header) {
        const auto at = ends && cutter.first_end() == 0 ? waiting.size() : cutter.first_end();
        if (at == 0) {
          check_size(waiting);
          continue;
        }
        read_header(waiting.substr(0, at));
        waiting.erase(0, at);
        cutter.cut(at);
        header = true;
      }
      const auto end = ends ? waiting.size() : cutter.last_end();
      if (end > 0) {
        add(waiting.substr(0, end));
        waiting.erase(0, end);
        cutter.cut(end);
      } else {
        check_size(waiting);
      }
    }
    if (!header)
      throw Error(Code::corrupt,
                  fmt::format("The table '{}' is empty: it has no line with column names.", path_.string()));
    if (rows_ == 0 && consistent_) scan_.add(frame_of(header_, path_, pool_.get()));
  }

  void check_size(const std::string& row) const {
    if (static_cast<std::int64_t>(row.size()) > limit_) budget_of(path_).refuse("one row");
  }

  void read_header(std::string line) {
    auto table = parse(std::move(line), {});
    names_ = unique_names(*table->schema());
    types_.resize(names_.size());
    header_ = take(table->RenameColumns(names_), path_, cannot_read);
  }

  void add(std::string text) {
    if (text.find_first_not_of("\r\n") == text.npos) return;
    auto table = parse(text, names_);
    check_utf8(*table->schema(), names_, path_);
    // Dates and times stay text as in the file, like in pandas.
    bool again = false;
    for (int i = 0; i < table->num_columns(); ++i) {
      if (!arrow::is_temporal(*table->schema()->field(i)->type())) continue;
      convert_.column_types[names_[static_cast<std::size_t>(i)]] = arrow::utf8();
      again = true;
    }
    if (again) table = parse(std::move(text), names_);
    note_types(*table->schema());
    rows_ += table->num_rows();
    if (consistent_) scan_.add(frame_of(with_types(std::move(table)), path_, pool_.get()));
  }

  void note_types(const arrow::Schema& schema) {
    for (std::size_t i = 0; i < types_.size(); ++i) {
      const auto& here = schema.field(static_cast<int>(i))->type();
      if (is_null(here)) continue;
      auto type = joined(types_[i], here);
      const bool as_before = is_null(types_[i]) ? rows_ == 0 : type->Equals(types_[i]) && type->Equals(here);
      if (!as_before) consistent_ = false;
      types_[i] = std::move(type);
    }
  }

  /// A block without a value in a column has no type for it.
  std::shared_ptr<arrow::Table> with_types(std::shared_ptr<arrow::Table> table) const {
    for (std::size_t i = 0; i < types_.size(); ++i) {
      const int at = static_cast<int>(i);
      if (is_null(types_[i]) || !is_null(table->schema()->field(at)->type())) continue;
      auto nulls = take(arrow::MakeArrayOfNull(types_[i], table->num_rows(), pool_.get()), path_, cannot_read);
      table = take(table->SetColumn(at, arrow::field(names_[i], types_[i]),
                                    std::make_shared<arrow::ChunkedArray>(std::move(nulls))),
                   path_, cannot_read);
    }
    return table;
  }

  std::shared_ptr<arrow::Table> parse(std::string text, const std::vector<std::string>& names) const {
    auto read = arrow::csv::ReadOptions::Defaults();
    read.use_threads = parsing_.threads;
    read.column_names = names;
    auto parse = arrow::csv::ParseOptions::Defaults();
    parse.delimiter = separator_;
    parse.newlines_in_values = true;
    pool_.allow(ReadPool::only_counted);  // if the parser gets no memory, it ends the process
    const auto table = [&]() -> arrow::Result<std::shared_ptr<arrow::Table>> {
      auto input = std::make_shared<arrow::io::BufferReader>(arrow::Buffer::FromString(std::move(text)));
      ARROW_ASSIGN_OR_RAISE(
          auto reader, arrow::csv::TableReader::Make(arrow::io::IOContext(pool_.get()), input, read, parse, convert_));
      return reader->Read();
    }();
    // Some tasks still wait for a thread, and a process that ended now would wait for them forever.
    if (!table.ok()) arrow::internal::GetCpuThreadPool()->WaitForIdle();
    pool_.allow(limit_);
    return take(table, path_, cannot_read);
  }

  const fs::path& path_;
  char separator_;
  const TableScan& scan_;
  std::int64_t limit_;
  ReadPool pool_;
  Parsing parsing_;
  arrow::csv::ConvertOptions convert_ = convert_options();
  std::vector<std::string> names_;
  std::vector<Type> types_;  ///< that fit all blocks so far; null or NA = no value yet
  std::shared_ptr<arrow::Table> header_;
  std::int64_t rows_ = 0;
  bool consistent_ = true;  ///< the parts that were handed out have these types
};

}  // namespace

void scan_csv_file(const fs::path& path, char separator, const TableScan& scan) {
  check_not_empty(path);
  CsvScan(path, separator, scan).run();
}

void scan_parquet_file(const fs::path& path, const TableScan& scan) {
  constexpr std::string_view what = "This is not a whole Parquet file:";
  const ReadPool pool(budget_of(path).limit());
  parquet::ReaderProperties properties(pool.get());
  properties.enable_buffered_stream();  // otherwise a column of a row group is in memory as a whole
  parquet::ArrowReaderProperties arrow_properties;
  arrow_properties.set_batch_size(std::int64_t{1} << 15);
  arrow_properties.set_pre_buffer(false);
  parquet::arrow::FileReaderBuilder builder;
  check(builder.Open(open_file(path, pool.get()), properties), path, what);
  const auto reader = take(builder.memory_pool(pool.get())->properties(arrow_properties)->Build(), path, what);
  check_columns(reader->parquet_reader()->metadata()->num_columns(), path);
  const auto batches = take(reader->GetRecordBatchReader(), path, cannot_read);
  const auto noted = batches->schema()->metadata();
  scan.start(noted && noted->Contains("pandas") ? noted->Get("pandas").ValueOr("") : "");
  const auto add = [&](std::shared_ptr<arrow::Table> table) { scan.add(frame_of(table, path, pool.get())); };
  bool any = false;
  for (;;) {
    std::shared_ptr<arrow::RecordBatch> batch;
    check(batches->ReadNext(&batch), path, "Cannot read the Parquet file");
    if (batch == nullptr) break;
    add(take(arrow::Table::FromRecordBatches({std::move(batch)}), path, cannot_read));
    any = true;
  }
  if (!any) add(take(arrow::Table::MakeEmpty(batches->schema(), pool.get()), path, cannot_read));
}

}  // namespace lamin::format
