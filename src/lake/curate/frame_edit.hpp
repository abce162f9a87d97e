// frame_edit.hpp -- a frame with some values replaced. Columns are shared, so a copy costs only what changes.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "lamin/frame.hpp"

namespace lamin::lake {

/// The same frame with one column exchanged.
Frame with_column(const Frame& frame, std::string_view name, const Column& column);
/// The same frame with columns renamed. Throws conflict if two would have one name.
Frame with_names(const Frame& frame, const std::map<std::string, std::string>& names);
/// Texts exchanged; categories that become equal are joined.
Column replace_texts(const Column& column, const std::map<std::string, std::string>& texts);
/// Texts as they are of a text or category column, the numbers of others as text.
std::vector<std::string> unique_labels(const Column& column);

/// The values as another kind, where every one of them can be read as such; nullopt otherwise.
std::optional<Column> converted(const Column& column, Column::Kind kind);

}  // namespace lamin::lake
