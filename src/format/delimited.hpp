// delimited.hpp -- rows of delimited text, as texts, in little memory.
#pragma once
#include <string>
#include <string_view>
#include <vector>
#include "format/byte_stream.hpp"
#include "format/complaints.hpp"

namespace lamin::format {

/// The sign between the cells of a header: tab, comma or semicolon; '\0' for a line of one cell.
char separator_of(std::string_view header);
/// The cells of one line. Cells in double quotes may hold the separator.
std::vector<std::string> cells_of(std::string_view line, char separator);

/// The rows below a header. Blank lines are passed over; a row with more or fewer cells than the header (empty ones at
/// its end do not count) is a complaint, and left out. Cells in double quotes may hold the separator and, unless that
/// is a tab, line ends. Throws corrupt for a quote that is not closed, or not at the end of its cell, naming the line
/// where it was opened.
class TableRows {
 public:
  static constexpr std::size_t longest_cell = std::size_t{16} << 20;
  TableRows(Lines& lines, char separator, std::size_t columns, Complaints& complaints)
      : lines_(lines), separator_(separator), columns_(columns), complaints_(complaints) {}
  /// False at the end; `cells` has as many as the header.
  bool next(std::vector<std::string>& cells);
  std::int64_t line() const { return line_; }  ///< where the row begins, from 1

 private:
  bool next_line();
  bool split(std::vector<std::string>& cells);
  bool take_quoted(std::string& cell);
  void complain(std::size_t cells);
  [[noreturn]] void fail(std::int64_t line, std::string_view why) const;

  Lines& lines_;
  char separator_;
  std::size_t columns_;
  Complaints& complaints_;
  std::string_view rest_;  // of the line
  std::int64_t line_ = 0;
};

}  // namespace lamin::format
