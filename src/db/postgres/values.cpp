#include "db/postgres/values.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <charconv>
#include <cmath>
#include "base/json.hpp"
#include "base/time.hpp"
#include "db/check_text.hpp"
#include "lamin/error.hpp"

namespace lamin::db::postgres {
namespace {

// Fixed in PostgreSQL's catalog.
constexpr Oid bool_oid = 16;
constexpr Oid int8_oid = 20;
constexpr Oid int2_oid = 21;
constexpr Oid int4_oid = 23;
constexpr Oid interval_oid = 1186;
constexpr Oid timestamptz_oid = 1184;

bool is_integer(Oid oid) { return oid == int2_oid || oid == int4_oid || oid == int8_oid; }

[[noreturn]] void wrong(std::string_view text, const char* column, std::string_view expected) {
  throw Error(Code::corrupt, fmt::format("The column {} holds '{}', which is no {}.", column, text, expected));
}

std::string encode_integer(std::int64_t integer, Oid oid) {
  if (oid == interval_oid) return fmt::format("{} microseconds", integer);
  if (oid == bool_oid && (integer == 0 || integer == 1)) return integer == 1 ? "t" : "f";
  return fmt::format("{}", integer);
}

std::string encode_real(double real, Oid oid) {
  check_real(real);
  if (std::isinf(real)) return real < 0 ? "-Infinity" : "Infinity";
  if (is_integer(oid) && real == std::floor(real)) return fmt::format("{:.0f}", real);
  return fmt::format("{}", real);
}

// "P1DT2H3M4.5S" in microseconds. Years and months are of 365 and 30 days, as in Django.
std::optional<std::int64_t> parse_interval(std::string_view text) {
  if (text.empty() || text.front() != 'P') return std::nullopt;
  text.remove_prefix(1);
  constexpr double day = 86'400e6;
  double micros = 0;
  bool in_time = false;
  while (!text.empty()) {
    if (text.front() == 'T') {
      in_time = true;
      text.remove_prefix(1);
      continue;
    }
    double number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure != std::errc{} || end == text.data() + text.size()) return std::nullopt;
    switch (*end) {
      case 'Y': micros += number * 365 * day; break;
      case 'M': micros += number * (in_time ? 60e6 : 30 * day); break;
      case 'W': micros += number * 7 * day; break;
      case 'D': micros += number * day; break;
      case 'H': micros += number * 3600e6; break;
      case 'S': micros += std::round(number * 1e6); break;
      default: return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
  }
  return static_cast<std::int64_t>(std::llround(micros));
}

// jsonb keeps no spelling: what it gives is brought into the one that LaminDB writes.
std::string ascii_json(std::string_view text) {
  const bool ascii = std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return ascii ? std::string(text) : base::write_json(base::parse_json(text));
}

}  // namespace

std::optional<std::string> encode(const Value& value, Oid oid) {
  switch (value.index()) {
    case 0: return std::nullopt;
    case 1: {
      const bool truth = *std::get_if<bool>(&value);
      if (is_integer(oid)) return truth ? "1" : "0";
      return truth ? "true" : "false";
    }
    case 2: return encode_integer(*std::get_if<std::int64_t>(&value), oid);
    case 3: return encode_real(*std::get_if<double>(&value), oid);
    case 4: check_text(*value.text()); return *value.text();
    case 5: {
      std::string text = base::sql_text(*std::get_if<Time>(&value));
      if (oid == timestamptz_oid) text += "+00";
      return text;
    }
    case 6: return base::iso(*std::get_if<Date>(&value));
    default: check_text(std::get_if<Json>(&value)->text); return std::get_if<Json>(&value)->text;
  }
}

std::int64_t decode_integer(std::string_view text, Oid oid, const char* column) {
  if (oid == bool_oid) return text == "t" ? 1 : 0;
  if (oid == interval_oid) {
    if (const auto micros = parse_interval(text)) return *micros;
    wrong(text, column, "duration");
  }
  std::int64_t integer = 0;
  const char* last = text.data() + text.size();
  const auto [end, failure] = std::from_chars(text.data(), last, integer);
  if (failure == std::errc{} && end == last) return integer;
  // A sum is numeric and may have a point.
  const double real = decode_real(text, column);
  if (real != std::floor(real) || std::abs(real) > 9e18) wrong(text, column, "integer");
  return static_cast<std::int64_t>(real);
}

double decode_real(std::string_view text, const char* column) {
  double real = 0;
  const char* last = text.data() + text.size();
  const auto [end, failure] = std::from_chars(text.data(), last, real);  // takes inf, Infinity and NaN as well
  if (failure != std::errc{} || end != last) wrong(text, column, "number");
  return real;
}

Value decode(std::string_view text, Oid oid, Type type, const char* column) {
  switch (type) {
    case Type::boolean: return decode_integer(text, oid, column) != 0;
    case Type::integer:
    case Type::duration: return decode_integer(text, oid, column);
    case Type::real: return decode_real(text, column);
    case Type::text: return std::string(text);
    case Type::json: return Json{ascii_json(text)};
    case Type::time:
      if (const auto time = base::parse_time(text)) return *time;
      wrong(text, column, "point in time");
    case Type::date:
      if (const auto date = base::parse_date(text)) return *date;
      wrong(text, column, "date");
  }
  return {};
}

}  // namespace lamin::db::postgres
