// value.hpp -- one cell of a registry.
//
// A Value is what a field holds, in the same form for every database and language: null, bool, integer, real, text,
// point in time, date, JSON document. It is a std::variant and does no conversions: a Database rejects a Value that
// does not fit the field (validation). Columns of datasets do not use it; see frame.hpp.
//
// Example: examples/cpp/value.cpp
#pragma once
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace lamin {

/// A point in time: microseconds since 1970-01-01 00:00 UTC. Databases store nothing finer.
struct Time {
  std::int64_t micros = 0;
  /// False for a local time whose zone nobody gave, read as if it were UTC. Not part of comparisons.
  bool zoned = true;
  friend bool operator==(const Time& a, const Time& b) { return a.micros == b.micros; }
  friend std::strong_ordering operator<=>(const Time& a, const Time& b) { return a.micros <=> b.micros; }
};
/// A calendar day: days since 1970-01-01, without a time zone.
struct Date {
  std::int32_t days = 0;
  auto operator<=>(const Date&) const = default;
};
/// A JSON document as text, `{"a": 1, "b": [1, 2]}`: a space after ":" and ",", ASCII only, key order kept. It is not
/// parsed here; two documents are equal if their texts are.
struct Json {
  std::string text;
  bool operator==(const Json&) const = default;
};

/// How a column is stored; both databases convert by it. A duration is an integer number of microseconds.
enum class Type : std::uint8_t { boolean, integer, real, text, time, date, json, duration };

class Value : public std::variant<std::monostate, bool, std::int64_t, double, std::string, Time, Date, Json> {
 public:
  using variant::variant;
  Value() = default;                                       ///< null
  Value(int i) : variant(static_cast<std::int64_t>(i)) {}  // NOLINT(google-explicit-constructor)
  Value(const char* s) : variant(std::string(s)) {}        // NOLINT(google-explicit-constructor)
  Value(std::string_view s) : variant(std::string(s)) {}   // NOLINT(google-explicit-constructor)

  bool is_null() const { return index() == 0; }
  explicit operator bool() const = delete;  ///< ambiguous: "not null" or "true"

  /// The content if it has that type, otherwise nullptr or the fallback; numbers and text are not converted into each
  /// other. The pointer is valid as long as the Value.
  const std::string* text() const { return std::get_if<std::string>(this); }
  std::string_view text_or(std::string_view fallback) const {
    auto* s = text();
    return s ? std::string_view(*s) : fallback;
  }
  std::int64_t integer_or(std::int64_t fallback) const {
    auto* i = std::get_if<std::int64_t>(this);
    return i ? *i : fallback;
  }
  bool boolean_or(bool fallback) const {
    auto* b = std::get_if<bool>(this);
    return b ? *b : fallback;
  }
};

/// The type of what it holds; nullopt for null.
std::optional<Type> type_of(const Value& value);
/// For messages and logs: 'text' in single quotes, None, True, 2026-03-26, 2026-03-26 00:00:00 UTC.
std::string to_string(const Value& value);

}  // namespace lamin
