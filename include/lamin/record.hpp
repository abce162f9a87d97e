// record.hpp -- a row of any registry.
//
// A Record is a value: the table it belongs to and one Value per column. It is not tied to a database; a Database reads
// and writes it. Copying copies the values, and copies of a row are independent. It does not hold links to other rows:
// see database.hpp. `at` takes field names ("created_by") and column names ("created_by_id"). A Record must not outlive
// the catalog of its table.
//
// Example: examples/cpp/record.cpp
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>
#include "lamin/catalog.hpp"
#include "lamin/value.hpp"

namespace lamin {

class Record {
 public:
  Record() = default;  ///< without a registry, converts to false; only to be assigned to
  /// A new, unsaved record with constants filled in; save fills uid, times, branch and space.
  explicit Record(const schema::Table& table);
  /// A row as stored: one value per column, in the table's order.
  Record(const schema::Table& table, std::vector<Value> values) : table_(&table), values_(std::move(values)) {}

  const schema::Table& table() const { return *table_; }  ///< not for an empty Record
  explicit operator bool() const { return table_ != nullptr; }

  const Value& at(std::string_view field) const;  ///< throws unknown_field, naming the nearest
  const Value& operator[](int position) const { return values_[static_cast<std::size_t>(position)]; }
  /// In memory only, until a Database saves the record, which also checks the type. Throws unknown_field. Returns the
  /// record: `Record(labels).set("name", "donor 7").set("description", "female")`.
  Record& set(std::string_view field, Value value);
  /// By Column::position.
  Record& set(int position, Value value) {
    values_[static_cast<std::size_t>(position)] = std::move(value);
    set_ |= bit_of(position);
    return *this;
  }
  /// Takes the values of the row as it is stored now, except those that were set since this record was read or saved:
  /// what others changed meanwhile stays.
  void rebase(const Record& stored);
  /// What was set has been stored.
  void note_stored() { set_ = 0; }
  /// Only this column has: its value is that of the row.
  void note_stored(int position, const Record& row) {
    values_[static_cast<std::size_t>(position)] = row[position];
    if (position < 63) set_ &= ~bit_of(position);
  }
  /// The same row in a catalog with the same columns.
  void move_to(const schema::Table& table) { table_ = &table; }

  /// It has an id, so it was read from or saved to a database.
  bool saved() const { return !values_.empty() && !values_[0].is_null(); }
  std::int64_t id() const { return values_.empty() ? 0 : values_[0].integer_or(0); }  ///< 0 if unsaved
  std::string_view uid() const;                                                       ///< "" if it has none
  /// "" if the field is null or not text. Throws unknown_field. Valid until the field is set.
  std::string_view text(std::string_view field) const { return at(field).text_or(""); }

  std::vector<Value>& values() { return values_; }  ///< one per column, in the table's order
  const std::vector<Value>& values() const { return values_; }

 private:
  /// Columns from the 64th on share a bit.
  static constexpr std::uint64_t bit_of(int position) { return std::uint64_t{1} << (position < 63 ? position : 63); }

  const schema::Table* table_ = nullptr;
  std::vector<Value> values_;
  std::uint64_t set_ = 0;  ///< the columns that were set since the record was read or saved
};

/// "CellType(uid='22LvKd01YyNA1a', name='T cell', ...)": uid first, then simple fields, then references. For display;
/// private fields (_aux, ...) and source code are left out.
std::string to_string(const Record& record);
/// What messages call a record: its class, uid and what people know it by: "CellType('22LvKd01YyNA1a', name='T cell')".
std::string named(const Record& record);

}  // namespace lamin
