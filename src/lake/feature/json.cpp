#include "lake/feature/json.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

#include "base/hash.hpp"
#include "base/json.hpp"
#include "base/python_literal.hpp"
#include "base/time.hpp"
#include "lamin/error.hpp"

namespace lamin::lake {
namespace {

namespace json = boost::json;

[[noreturn]] void refuse(std::string_view feature, const Dtype& dtype, const Value& value, std::string_view why = "") {
  const auto name = row(dtype.base).name;
  throw Error(Code::validation,
              fmt::format("value {} does not fit feature '{}', whose dtype is {}{} (WRONG_DATATYPE)", to_string(value),
                          feature, dtype.list ? fmt::format("list[{}]", name) : name, why));
}

constexpr std::string_view not_a_dict = ": non-null values must be dicts or strings representing dicts";

bool holds(const Dtype& dtype, Type type) { return row(dtype.base).values == std::vector<Type>{type}; }
std::string_view zone_advice(bool zoned) { return zoned ? ": remove the time zone" : ": say which time zone it is in"; }

bool has_zone(const Dtype& dtype) { return dtype.base == Dtype::Base::datetime_utc; }

/// A time, date or dictionary in its own type, also where it was given as text; any other value as it is.
Value read(const Dtype& dtype, const Value& value) {
  if (value.text() == nullptr) return value;
  if (dtype.base == Dtype::Base::dict) {
    if (auto document = base::parse_dictionary(*value.text())) return Json{base::write_json(*document)};
  }
  if (holds(dtype, Type::time)) {
    if (const auto time = base::parse_time(*value.text())) return *time;
    constexpr std::size_t minutes = std::string_view("2026-11-22 14:52").size();
    if (value.text()->size() == minutes) {
      if (const auto time = base::parse_time(*value.text() + ":00")) return *time;
    }
  }
  if (holds(dtype, Type::date)) {
    // Other writers store a day as the time at its start.
    constexpr std::size_t day = 10;
    const auto date = base::parse_date(std::string_view(*value.text()).substr(0, day));
    if (date && (value.text()->size() == day || base::parse_time(*value.text()))) return *date;
  }
  return value;
}

json::value to_json(std::string_view feature, const Dtype& dtype, const Value& given, bool coerce) {
  const Value value = read(dtype, given);
  const auto& types = row(dtype.base).values;
  const auto type = type_of(value);
  if (!types.empty() && (!type || std::ranges::find(types, *type) == types.end()))
    refuse(feature, dtype, given, dtype.base == Dtype::Base::dict ? not_a_dict : "");
  if (const auto* time = std::get_if<Time>(&value)) {
    if (!types.empty() && !coerce && time->zoned != has_zone(dtype))
      refuse(feature, dtype, given, zone_advice(time->zoned));
    return json::value(base::python_iso(*time, time->zoned || has_zone(dtype)));
  }
  if (const auto* real = std::get_if<double>(&value); real != nullptr && !std::isfinite(*real)) {
    refuse(feature, dtype, given, ": a value is stored as JSON, which knows no infinite numbers");
  }
  json::value written = base::to_json(value);
  if (dtype.base == Dtype::Base::dict && !written.is_object()) refuse(feature, dtype, given, not_a_dict);
  return written;
}

StoredValue stored(const json::value& value) {
  const std::string hashed = value.is_object() ? base::write_json_sorted(value) : base::python_str(value);
  return {Json{base::write_json(value)}, base::md5_base64(hashed)};
}

Value from_json(const Dtype& dtype, const json::value& value) {
  if (value.is_null()) return {};
  if (value.is_bool()) return Value(value.as_bool());
  if (value.is_int64()) return Value(value.as_int64());
  if (value.is_uint64()) return Value(static_cast<std::int64_t>(value.as_uint64()));
  if (value.is_double()) return Value(value.as_double());
  if (!value.is_string()) return Json{base::write_json(value)};
  return read(dtype, Value(std::string(value.as_string())));
}

}  // namespace

std::vector<StoredValue> store_values(std::string_view feature, const Dtype& dtype, const std::vector<Value>& values,
                                      bool coerce) {
  std::vector<StoredValue> all;
  if (!dtype.list) {
    for (const Value& value : values) {
      if (!value.is_null()) all.push_back(stored(to_json(feature, dtype, value, coerce)));
    }
    return all;
  }
  json::array items;
  for (const Value& value : values) {
    const auto* document = std::get_if<Json>(&value);
    json::value parsed = document ? base::parse_json(document->text) : json::value();
    if (!parsed.is_array()) {
      items.push_back(to_json(feature, dtype, value, coerce));
      continue;
    }
    for (const json::value& item : parsed.as_array()) {
      items.push_back(to_json(feature, dtype, from_json(Dtype{}, item), coerce));
    }
  }
  all.push_back(stored(items));
  return all;
}

Value to_compare(const Dtype& dtype, const Value& value) {
  if (!holds(dtype, Type::time)) return value;
  const bool zone = has_zone(dtype);
  if (const auto* time = std::get_if<Time>(&value)) return Value(base::python_iso(*time, zone));
  if (const auto* date = std::get_if<Date>(&value)) return Value(base::iso(*date));
  const auto time =
      value.text() != nullptr && value.text()->size() > 10 ? base::parse_time(*value.text()) : std::nullopt;
  return time ? Value(base::python_iso(*time, zone)) : value;
}

void load_value(const Dtype& dtype, const Json& document, std::vector<Value>& values) {
  const json::value value = base::parse_json(document.text);
  if (dtype.list && value.is_array()) {
    for (const json::value& item : value.as_array()) values.push_back(from_json(dtype, item));
  } else {
    values.push_back(from_json(dtype, value));
  }
}

}  // namespace lamin::lake
