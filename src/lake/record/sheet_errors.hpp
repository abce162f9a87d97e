// sheet_errors.hpp -- what is wrong in a table, collected cell by cell.
#pragma once
#include <string>
#include <vector>
#include "lamin/sheet.hpp"

namespace lamin::lake {

class CellErrors {
 public:
  explicit CellErrors(const SheetTable& table)
      : table_(table), bad_(static_cast<std::size_t>(table.frame.rows()), false) {}

  /// Of a cell or, with row -1, of a column; a column beyond the last one is missing in the table.
  CellError& add(std::int64_t row, std::size_t column, std::string rule, std::string why);
  /// "B3", "row 3", "column B"; "" if the table is not of a file.
  std::string place(std::int64_t row, std::size_t column) const;
  /// Whether the row, or a column as a whole, has an error.
  bool spoils(std::size_t row) const { return all_bad_ || bad_[row]; }
  /// Row by row, those of columns first.
  std::vector<CellError> sorted() &&;

 private:
  const SheetTable& table_;
  std::vector<CellError> errors_;
  std::vector<bool> bad_;
  bool all_bad_ = false;
};

}  // namespace lamin::lake
