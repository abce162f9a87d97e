// worksheet.hpp -- the cells of a worksheet as a table.
#pragma once
#include <string_view>
#include "format/xlsx.hpp"
#include "format/xlsx/workbook.hpp"

namespace lamin::format {

constexpr std::int64_t most_rows = 1'048'576;  ///< of a worksheet
constexpr int most_columns = 16'384;

Worksheet read_table(Workbook& book, const Workbook::Sheet& sheet);
/// 1 -> "A", 28 -> "AB".
std::string letters_of(int column);

}  // namespace lamin::format
