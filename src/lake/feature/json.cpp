#include "lake/feature/json.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "base/hash.hpp"
#include "base/json.hpp"
#include "base/time.hpp"
#include "lamin/error.hpp"

namespace lamin::lake {
namespace {

namespace json = boost::json;

/// "2025-03-04T05:06:07" as Python's isoformat() writes it: no fraction if it is zero.
std::string python_iso(Time time, bool with_zone) {
  std::string text = base::iso(time);
  text.resize(text.find('+') == std::string::npos ? text.size() : text.find('+'));
  if (text.ends_with(".000000")) text.resize(text.size() - 7);
  return with_zone ? text + "+00:00" : text;
}

[[noreturn]] void refuse(std::string_view feature, const Dtype& dtype, const Value& value) {
  const std::string name(row(dtype.base).name);
  throw Error(Code::validation, "value " + to_string(value) + " does not fit feature '" + std::string(feature) +
                                    "', whose dtype is " + (dtype.list ? "list[" + name + "]" : name));
}

bool holds(const Dtype& dtype, Type type) { return row(dtype.base).values == std::vector<Type>{type}; }
bool has_zone(const Dtype& dtype) { return dtype.base == Dtype::Base::datetime_utc; }

json::value plain_json(const Value& value) {
  if (const auto* v = std::get_if<bool>(&value)) return *v;
  if (const auto* v = std::get_if<std::int64_t>(&value)) return *v;
  if (const auto* v = std::get_if<double>(&value)) return *v;
  if (const auto* v = value.text()) return json::value(*v);
  if (const auto* v = std::get_if<Time>(&value)) return json::value(python_iso(*v, true));
  if (const auto* v = std::get_if<Date>(&value)) return json::value(base::iso(*v));
  if (const auto* v = std::get_if<Json>(&value)) return base::parse_json(v->text);
  return nullptr;
}

/// A time or date in its own type, also where it was given as text; any other value as it is.
Value read(const Dtype& dtype, const Value& value) {
  if (value.text() == nullptr) return value;
  if (holds(dtype, Type::time)) {
    if (const auto time = base::parse_time(*value.text())) return *time;
  }
  if (holds(dtype, Type::date)) {
    if (const auto date = base::parse_date(*value.text())) return *date;
  }
  return value;
}

json::value to_json(std::string_view feature, const Dtype& dtype, const Value& given) {
  const Value value = read(dtype, given);
  const auto& types = row(dtype.base).values;
  const auto type = type_of(value);
  if (!types.empty() && (!type || std::ranges::find(types, *type) == types.end())) refuse(feature, dtype, given);
  if (const auto* time = std::get_if<Time>(&value)) {
    return json::value(python_iso(*time, types.empty() || has_zone(dtype)));
  }
  json::value written = plain_json(value);
  if (dtype.base == Dtype::Base::dict && !written.is_object()) refuse(feature, dtype, given);
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

std::vector<StoredValue> store_values(std::string_view feature, const Dtype& dtype, const std::vector<Value>& values) {
  std::vector<StoredValue> all;
  if (!dtype.list) {
    for (const Value& value : values) {
      if (!value.is_null()) all.push_back(stored(to_json(feature, dtype, value)));
    }
    return all;
  }
  json::array items;
  for (const Value& value : values) {
    const auto* document = std::get_if<Json>(&value);
    json::value parsed = document ? base::parse_json(document->text) : json::value();
    if (!parsed.is_array()) {
      items.push_back(to_json(feature, dtype, value));
      continue;
    }
    for (const json::value& item : parsed.as_array()) {
      items.push_back(to_json(feature, dtype, from_json(Dtype{}, item)));
    }
  }
  all.push_back(stored(items));
  return all;
}

Value to_compare(const Dtype& dtype, const Value& value) {
  if (!holds(dtype, Type::time)) return value;
  const bool zone = has_zone(dtype);
  if (const auto* time = std::get_if<Time>(&value)) return Value(python_iso(*time, zone));
  if (const auto* date = std::get_if<Date>(&value)) return Value(base::iso(*date));
  const auto time =
      value.text() != nullptr && value.text()->size() > 10 ? base::parse_time(*value.text()) : std::nullopt;
  return time ? Value(python_iso(*time, zone)) : value;
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
