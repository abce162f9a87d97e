// values.hpp -- converts a value to the type of a column.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lamin/catalog.hpp"
#include "lamin/value.hpp"

namespace lamin::registry {

/// What a person calls the type: "integer", "text", "time".
std::string_view type_name(Type type);
std::string_view type_name(const Value& value);

/// For look-ups: text is read as a number, time or bool if the column holds one, and vice versa. nullopt if the value
/// has no such form. Null stays null.
std::optional<Value> as_looked_up(const Value& value, Type type);
/// For saving: only lossless and unambiguous conversions (1 as a real, 0 and 1 as a bool, ISO text as a time).
std::optional<Value> as_saved(const Value& value, Type type);

/// Whether a database would say so: it may reorder the keys of JSON.
bool same_value(const Value& a, const Value& b);

/// In characters, not bytes.
std::int64_t length(std::string_view utf8);

}  // namespace lamin::registry
