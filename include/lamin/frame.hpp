// frame.hpp -- a table in memory: named columns of equal length.
//
// Holds obs or var of a dataset, a CSV or a Parquet file, never the matrix of a dataset. Buffers have the layout of the
// Arrow C data interface (validity bitmap, offsets, values), so pandas, polars, pyarrow and DuckDB take a Frame without
// a copy. Columns are read-only and share their buffers when copied. Rows are counted from 0 and not checked: a row
// past the end is a bug in the caller.
//
// Example: examples/cpp/frame.cpp
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include "lamin/value.hpp"

struct ArrowSchema;  // the Arrow C data interface, https://arrow.apache.org/docs/format/CDataInterface.html
struct ArrowArray;

namespace lamin {

struct ColumnData;  ///< the buffers; src/frame/column_data.hpp

/// Values of one kind, some of which may be null. Asking for values of another kind throws invalid_argument.
class Column {
 public:
  enum class Kind : std::uint8_t {
    boolean,
    int64,
    float64,
    text,
    time,
    date,
    category,
    list,    ///< each cell a list of cells of one kind
    object,  ///< cells of any type
  };

  Column();                                                             ///< no rows
  static Column from_values(Kind kind, std::span<const Value> values);  ///< throws validation for other types
  /// `valid` marks the values that are not null; empty = all. Throws invalid_argument if its length differs.
  static Column booleans(const std::vector<bool>& values, const std::vector<bool>& valid = {});
  static Column integers(std::vector<std::int64_t> values, const std::vector<bool>& valid = {});
  static Column reals(std::vector<double> values);  ///< NaN is a missing value
  static Column texts(std::span<const std::string> values, const std::vector<bool>& valid = {});
  /// Codes into `categories`, -1 = missing.
  static Column categories(std::vector<std::int32_t> codes, const std::vector<std::string>& categories,
                           bool ordered = false);
  /// Cells of `lengths[row]` consecutive items, -1 = missing. Throws invalid_argument if the lengths do not add up.
  static Column lists(const std::vector<std::int64_t>& lengths, const Column& items);
  /// `foreign` names what a Value cannot hold, by row: {2: "bytes"}.
  static Column objects(std::vector<Value> values, std::map<std::int64_t, std::string> foreign = {});
  Column with_zone(bool zoned) const;  ///< time only: the same times, with or without a time zone

  Kind kind() const;
  std::int64_t size() const;
  bool is_null(std::int64_t row) const;
  /// For a category its text, for a list a JSON array. Throws validation for what a Value cannot hold.
  Value value(std::int64_t row) const;
  std::string_view text(std::int64_t row) const;  ///< text and category only
  /// These spans are valid as long as any copy of the column.
  std::span<const std::int64_t> integers() const;   ///< int64 only; 0 where null
  std::span<const double> reals() const;            ///< float64 only; NaN where null
  std::span<const std::int32_t> codes() const;      ///< category only; -1 where null
  std::vector<std::string> category_names() const;  ///< category only
  bool ordered() const;
  Column items() const;                                        ///< list only; of all rows, in order
  std::vector<std::int64_t> lengths() const;                   ///< list only; -1 where null
  const std::map<std::int64_t, std::string>& foreign() const;  ///< see objects; empty for other kinds
  bool has_zone() const;                                       ///< time only
  /// Distinct non-null texts in order of first appearance (for a category: those in use, in category order; for a list:
  /// of its items).
  std::vector<std::string> unique_texts() const;

  /// Fills in the two structs, whose `release` the receiver calls. The buffers are shared and outlive the column.
  /// Throws unsupported for objects.
  void export_arrow(ArrowSchema* schema, ArrowArray* array) const;

  explicit Column(std::shared_ptr<const ColumnData> data) : data_(std::move(data)) {}
  const std::shared_ptr<const ColumnData>& data() const { return data_; }

 private:
  std::shared_ptr<const ColumnData> data_;
};

/// "int64", "text": what messages call a kind of column.
std::string_view name_of(Column::Kind kind);

/// Columns of equal length, in order, with unique names.
class Frame {
 public:
  void add(std::string name, Column column);  ///< throws invalid_argument for a duplicate or a different length
  std::int64_t rows() const { return rows_; }
  const std::vector<std::string>& names() const { return names_; }
  const Column* find(std::string_view name) const;  ///< null if there is none; valid until the next add
  const Column& at(std::string_view name) const;    ///< throws not_found, listing the existing ones
  const Column& at(std::size_t i) const { return columns_[i]; }
  std::size_t size() const { return columns_.size(); }  ///< columns

  /// The column that names the rows (obs_names, a DataFrame's index), if there is one.
  std::string index;

  /// As one struct array.
  void export_arrow(ArrowSchema* schema, ArrowArray* array) const;
  /// Takes ownership of both, even if it throws: integers and reals of any width, bool, utf8, dictionaries of texts,
  /// timestamps, dates, lists, structs and maps. A column of another type keeps its place, and its values are foreign.
  /// Throws validation for a broken array, naming the column.
  static Frame import_arrow(ArrowSchema* schema, ArrowArray* array);

 private:
  std::int64_t rows_ = 0;
  std::vector<std::string> names_;
  std::vector<Column> columns_;
};

/// A table of a dataset: its slot and its columns. Only obs, var and plain tables; never the matrix.
struct Slot {
  std::string name = {};  ///< "obs", "var", "uns"; "" for a plain table
  Frame frame = {};
};

}  // namespace lamin
