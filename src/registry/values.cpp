// values.cpp -- conversions between what a caller passes and what a column holds.
#include "registry/values.hpp"

#include <boost/json/value.hpp>
#include <charconv>
#include <cmath>

#include "base/json.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace lamin::registry {
namespace {

constexpr std::int64_t day_micros = 86'400'000'000;

template <class Number>
std::optional<Value> number(std::string_view text) {
  text = base::trim(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  Number n{};
  const char* end = text.data() + text.size();
  const auto r = std::from_chars(text.data(), end, n);
  if (r.ec != std::errc() || r.ptr != end) return std::nullopt;
  return Value(n);
}

std::int32_t day_of(Time time) {
  auto days = time.micros / day_micros;
  if (time.micros % day_micros < 0) --days;
  return static_cast<std::int32_t>(days);
}

std::optional<Value> as_boolean(const Value& v) {
  if (std::holds_alternative<bool>(v)) return v;
  if (const auto* i = std::get_if<std::int64_t>(&v); i && (*i == 0 || *i == 1)) return Value(*i == 1);
  return std::nullopt;
}

std::optional<Value> as_time(const Value& v) {
  if (std::holds_alternative<Time>(v)) return v;
  if (const auto* d = std::get_if<Date>(&v)) return Value(Time{d->days * day_micros});
  if (const auto* s = v.text()) {
    if (const auto t = base::parse_time(*s)) return Value(*t);
    if (const auto d = base::parse_date(*s)) return Value(Time{d->days * day_micros});
  }
  return std::nullopt;
}

std::optional<Value> as_date(const Value& v, bool from_time) {
  if (std::holds_alternative<Date>(v)) return v;
  if (const auto* t = std::get_if<Time>(&v); t && from_time) return Value(Date{day_of(*t)});
  if (const auto* s = v.text())
    if (const auto d = base::parse_date(*s)) return Value(*d);
  return std::nullopt;
}

/// A real with a fraction stays a real: `size > 1.5` means what it says.
std::optional<Value> as_number(const Value& v) {
  if (std::holds_alternative<std::int64_t>(v)) return v;
  if (const auto* b = std::get_if<bool>(&v)) return Value(static_cast<std::int64_t>(*b));
  if (const auto* d = std::get_if<double>(&v)) {
    if (std::floor(*d) == *d && std::fabs(*d) < 9e15) return Value(static_cast<std::int64_t>(*d));
    return v;
  }
  if (const auto* s = v.text()) return number<std::int64_t>(*s);
  return std::nullopt;
}

std::optional<Value> as_real(const Value& v) {
  if (std::holds_alternative<double>(v)) return v;
  if (const auto* i = std::get_if<std::int64_t>(&v)) return Value(static_cast<double>(*i));
  if (const auto* s = v.text()) return number<double>(*s);
  return std::nullopt;
}

std::optional<Value> as_text(const Value& v) {
  if (v.text()) return v;
  if (const auto* i = std::get_if<std::int64_t>(&v)) return Value(std::to_string(*i));
  if (const auto* d = std::get_if<double>(&v)) return Value(base::python_str(boost::json::value(*d)));
  if (const auto* b = std::get_if<bool>(&v)) return Value(*b ? "True" : "False");
  if (const auto* t = std::get_if<Time>(&v)) return Value(base::sql_text(*t));
  if (const auto* d = std::get_if<Date>(&v)) return Value(base::iso(*d));
  return std::nullopt;
}

}  // namespace

std::string_view type_name(Type type) {
  switch (type) {
    case Type::boolean: return "boolean";
    case Type::integer: return "integer";
    case Type::real: return "real";
    case Type::text: return "text";
    case Type::time: return "time";
    case Type::date: return "date";
    case Type::json: return "JSON";
    case Type::duration: return "duration";
  }
  return "?";
}

std::string_view type_name(const Value& value) {
  constexpr std::string_view names[] = {"null", "boolean", "integer", "real", "text", "time", "date", "JSON"};
  return names[value.index()];
}

std::optional<Value> as_looked_up(const Value& value, Type type) {
  if (value.is_null()) return value;
  switch (type) {
    case Type::boolean: {
      if (const auto* s = value.text()) {
        const auto word = base::lower(*s);
        if (word == "true" || word == "1") return Value(true);
        if (word == "false" || word == "0") return Value(false);
        return std::nullopt;
      }
      return as_boolean(value);
    }
    case Type::integer:
    case Type::duration: return as_number(value);
    case Type::real: return as_real(value);
    case Type::text: return as_text(value);
    case Type::time: return as_time(value);
    case Type::date: return as_date(value, true);
    case Type::json: return value;
  }
  return std::nullopt;
}

std::optional<Value> as_saved(const Value& value, Type type) {
  if (value.is_null()) return value;
  switch (type) {
    case Type::boolean: return as_boolean(value);
    case Type::integer:
    case Type::duration: return std::holds_alternative<std::int64_t>(value) ? std::optional(value) : std::nullopt;
    case Type::real: return value.text() ? std::nullopt : as_real(value);
    case Type::text: return value.text() ? std::optional(value) : std::nullopt;
    case Type::time: return as_time(value);
    case Type::date: return as_date(value, false);
    case Type::json: return std::holds_alternative<Json>(value) ? std::optional(value) : std::nullopt;
  }
  return std::nullopt;
}

bool same_value(const Value& a, const Value& b) {
  if (a == b) return true;
  const auto* x = std::get_if<Json>(&a);
  const auto* y = std::get_if<Json>(&b);
  return x && y &&
         base::write_json_sorted(base::parse_json(x->text)) == base::write_json_sorted(base::parse_json(y->text));
}

std::int64_t length(std::string_view utf8) {
  std::int64_t n = 0;
  for (const char c : utf8) n += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return n;
}

}  // namespace lamin::registry
