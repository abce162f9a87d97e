// columns.hpp -- which columns of a registry a list shows, and their values as text: the shell's tables, the UI's grid.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>
#include "lamin/catalog.hpp"
#include "lamin/record.hpp"

namespace lamin::faces {

/// Positions of the columns to show first, most telling first: uid, the name, then the rest that is neither private,
/// hidden nor a reference.
std::vector<int> shown_columns(const schema::Table& table);
/// A value as a person reads it: no quotes, "" for null, times in UTC to the second.
std::string display(const Value& value);
/// Aligned columns, row by row, in constant memory: the first thousand rows decide how wide each column is, and later
/// cells that are longer move only the rest of their line. Beyond `width` characters in all, the last columns are left
/// out; cells of more than 48 are cut with an ellipsis. Terminal control characters are shown as escapes.
class TextTable {
 public:
  using Write = std::function<void(std::string_view)>;
  /// `bold`: the header, for a terminal with colours.
  TextTable(std::vector<std::string> header, std::size_t width, bool bold, Write write);
  void add(std::vector<std::string> row);
  void finish();  ///< after the last row

 private:
  void settle();
  void line(const std::vector<std::string>& cells, std::size_t most) const;

  std::vector<std::string> header_;
  std::size_t width_;
  bool bold_, settled_ = false;
  Write write_;
  std::vector<std::vector<std::string>> first_;
  std::vector<std::size_t> widths_;  ///< of the columns that are shown
};
/// A record as a JSON object on one line: every column by its field name.
std::string json_object(const Record& record);

}  // namespace lamin::faces
