// delimited.hpp -- rows of delimited text, as texts, in little memory.
#pragma once
#include <string>
#include <string_view>
#include <vector>
#include "format/byte_stream.hpp"

namespace lamin::format {

/// The sign between the cells of a header: tab, comma or semicolon; '\0' for a line of one cell.
char separator_of(std::string_view header);
/// The cells of the next row; false at the end. Cells in double quotes may hold the separator and, unless that is a
/// tab, line ends.
bool next_row(Lines& lines, char separator, std::vector<std::string>& cells);
std::vector<std::string> cells_of(std::string_view line, char separator);

}  // namespace lamin::format
