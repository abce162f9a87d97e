// frame_edit.hpp -- a frame with some values replaced. Columns are shared, so a copy costs only the changes.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "lamin/frame.hpp"

namespace lamin::lake {

/// The same frame with one column replaced.
Frame with_column(const Frame& frame, std::string_view name, const Column& column);
/// The same frame with columns renamed. Throws conflict if two would have the same name.
Frame with_names(const Frame& frame, const std::map<std::string, std::string>& names);
/// Replaces texts; categories that become equal are merged.
Column replace_texts(const Column& column, const std::map<std::string, std::string>& texts);
/// Distinct texts of a text or category column; for others, their numbers as text.
std::vector<std::string> unique_labels(const Column& column);

/// One value as what a column of a kind holds; nullopt if it cannot be converted.
std::optional<Value> converted(const Value& value, Column::Kind kind);
/// The values as another kind; nullopt unless every one can be converted.
std::optional<Column> converted(const Column& column, Column::Kind kind);

}  // namespace lamin::lake
