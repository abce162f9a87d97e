#include "db/postgres/values.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <iterator>
#include <limits>
#include "base/json.hpp"
#include "base/time.hpp"
#include "db/check_text.hpp"
#include "lamin/error.hpp"

namespace lamin::db::postgres {
namespace {

// Fixed in PostgreSQL's catalog.
constexpr Oid bool_oid = 16, int8_oid = 20, int2_oid = 21, int4_oid = 23, float4_oid = 700, float8_oid = 701;
constexpr Oid date_oid = 1082, timestamp_oid = 1114, timestamptz_oid = 1184, interval_oid = 1186;
constexpr Oid name_oid = 19, text_oid = 25, json_oid = 114, bpchar_oid = 1042, varchar_oid = 1043, jsonb_oid = 3802;

constexpr std::int64_t day = 86'400'000'000;  // microseconds
constexpr std::int32_t first_day = 10'957;    // PostgreSQL counts from 2000-01-01
constexpr std::int64_t first_moment = first_day * day;

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

// "P1DT2H3M4.5S" in microseconds. Years and months have 365 and 30 days, as in Django.
std::optional<std::int64_t> parse_interval(std::string_view text) {
  if (text.empty() || text.front() != 'P') return std::nullopt;
  text.remove_prefix(1);
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
      case 'Y': micros += number * 365 * static_cast<double>(day); break;
      case 'M': micros += number * (in_time ? 60e6 : 30 * static_cast<double>(day)); break;
      case 'W': micros += number * 7 * static_cast<double>(day); break;
      case 'D': micros += number * static_cast<double>(day); break;
      case 'H': micros += number * 3600e6; break;
      case 'S': micros += std::round(number * 1e6); break;
      default: return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
  }
  return static_cast<std::int64_t>(std::llround(micros));
}

// jsonb does not keep the spelling: converts what it returns to the one that LaminDB writes.
std::string ascii_json(std::string_view text) {
  const bool ascii = std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return ascii ? std::string(text) : base::write_json(base::parse_json(text));
}

// Numbers arrive big-endian.
template <class Number>
Number number_of(std::string_view bytes, const char* column, std::size_t at = 0) {
  if (bytes.size() < at + sizeof(Number)) {
    throw Error(Code::corrupt, fmt::format("The column {} has {} bytes, too few for its type.", column, bytes.size()));
  }
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i) bits = bits << 8 | static_cast<unsigned char>(bytes[at + i]);
  if constexpr (sizeof(Number) == 8) return std::bit_cast<Number>(bits);
  else if constexpr (sizeof(Number) == 4) return std::bit_cast<Number>(static_cast<std::uint32_t>(bits));
  else return std::bit_cast<Number>(static_cast<std::uint16_t>(bits));
}

// Counts years and months as parse_interval does.
std::int64_t interval_of(std::string_view bytes, const char* column) {
  const auto months = number_of<std::int32_t>(bytes, column, 12);
  const std::int64_t days = number_of<std::int32_t>(bytes, column, 8) + months / 12 * 365 + months % 12 * 30;
  return number_of<std::int64_t>(bytes, column) + days * day;
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
  // A sum is numeric and may have a decimal point.
  const double real = decode_real(text, column);
  if (real != std::floor(real) || std::abs(real) > 9e18) wrong(text, column, "integer");
  return static_cast<std::int64_t>(real);
}

double decode_real(std::string_view text, const char* column) {
  double real = 0;
  const char* last = text.data() + text.size();
  const auto [end, failure] = std::from_chars(text.data(), last, real);  // accepts inf, Infinity and NaN as well
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
      if (const auto time = base::parse_time(text)) return Time{time->micros};
      wrong(text, column, "point in time");
    case Type::date:
      if (const auto date = base::parse_date(text)) return *date;
      wrong(text, column, "date");
  }
  return {};
}

bool has_bytes(Oid oid) {
  constexpr Oid known[] = {bool_oid, int8_oid,      int2_oid,        int4_oid,     float4_oid, float8_oid,
                           date_oid, timestamp_oid, timestamptz_oid, interval_oid, name_oid,   text_oid,
                           json_oid, bpchar_oid,    varchar_oid,     jsonb_oid};
  return std::find(std::begin(known), std::end(known), oid) != std::end(known);
}

std::int64_t integer_of(std::string_view bytes, Oid oid, const char* column) {
  switch (oid) {
    case bool_oid: return bytes.empty() || bytes[0] == 0 ? 0 : 1;
    case int2_oid: return number_of<std::int16_t>(bytes, column);
    case int4_oid: return number_of<std::int32_t>(bytes, column);
    case int8_oid: return number_of<std::int64_t>(bytes, column);
    case interval_oid: return interval_of(bytes, column);
    case float4_oid:
    case float8_oid: return decode_integer(spell(bytes, oid, column), oid, column);
    default: return decode_integer(text_of(bytes, oid, column), oid, column);
  }
}

double real_of(std::string_view bytes, Oid oid, const char* column) {
  switch (oid) {
    case float4_oid: return decode_real(spell(bytes, oid, column), column);  // 0.1, not the nearest 32-bit number
    case float8_oid: return number_of<double>(bytes, column);
    case bool_oid:
    case int2_oid:
    case int4_oid:
    case int8_oid: return static_cast<double>(integer_of(bytes, oid, column));
    default: return decode_real(text_of(bytes, oid, column), column);
  }
}

bool is_number(Oid oid) { return is_integer(oid) || oid == bool_oid || oid == float4_oid || oid == float8_oid; }

std::string spell(std::string_view bytes, Oid oid, const char* column) {
  if (oid == bool_oid) return integer_of(bytes, oid, column) != 0 ? "t" : "f";
  if (oid == float4_oid) return fmt::format("{}", number_of<float>(bytes, column));
  if (oid == float8_oid) return fmt::format("{}", number_of<double>(bytes, column));
  return fmt::format("{}", integer_of(bytes, oid, column));
}

std::string_view text_of(std::string_view bytes, Oid oid, const char* column) {
  switch (oid) {
    case name_oid:
    case text_oid:
    case json_oid:
    case bpchar_oid:
    case varchar_oid: return bytes;
    case jsonb_oid: return bytes.substr(std::min<std::size_t>(1, bytes.size()));  // after the version byte
    default: throw Error(Code::internal, fmt::format("The column {} is no text.", column));
  }
}

Value value_of(std::string_view bytes, Oid oid, Type type, const char* column) {
  switch (type) {
    case Type::boolean: return integer_of(bytes, oid, column) != 0;
    case Type::integer:
    case Type::duration: return integer_of(bytes, oid, column);
    case Type::real: return real_of(bytes, oid, column);
    case Type::time:
      if (oid == timestamptz_oid || oid == timestamp_oid) {
        const auto micros = number_of<std::int64_t>(bytes, column);
        constexpr auto all = std::numeric_limits<std::int64_t>();
        if (micros == all.max() || micros == all.min()) wrong("infinity", column, "point in time");
        return Time{micros + first_moment};
      }
      break;
    case Type::date:
      if (oid == date_oid) {
        const auto days = number_of<std::int32_t>(bytes, column);
        constexpr auto all = std::numeric_limits<std::int32_t>();
        if (days == all.max() || days == all.min()) wrong("infinity", column, "date");
        return Date{days + first_day};
      }
      break;
    case Type::text:
      if (is_number(oid)) return spell(bytes, oid, column);
      break;
    case Type::json: break;
  }
  return decode(text_of(bytes, oid, column), oid, type, column);
}

}  // namespace lamin::db::postgres
