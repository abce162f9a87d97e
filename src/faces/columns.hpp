// columns.hpp -- which columns of a registry a list shows, and their values as text: the shell's tables, the UI's grid.
#pragma once
#include <cstdint>
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
/// Aligned columns; beyond `width` characters in all, cells are cut with an ellipsis and the last columns are left out
/// first. Terminal control characters are shown as escapes.
std::string text_table(const std::vector<std::string>& header, std::vector<std::vector<std::string>> rows,
                       std::size_t width);
/// Records of one registry as JSON, one object per line: every column by its field name.
std::string json_lines(const std::vector<Record>& records);
std::string json_object(const Record& record);

}  // namespace lamin::faces
