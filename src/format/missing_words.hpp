// missing_words.hpp -- what pandas takes for a missing value in a text file or a spreadsheet, so that a table reads the
// same in both.
#pragma once
#include <array>
#include <string_view>

namespace lamin::format {

inline constexpr std::array<std::string_view, 19> missing_words{
    "",     "#N/A", "#N/A N/A", "#NA",  "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN",
    "<NA>", "N/A",  "NA",       "NULL", "NaN",     "None",     "n/a",  "nan",  "null"};

}  // namespace lamin::format
