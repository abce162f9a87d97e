#include "lake/feature/json.hpp"

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
  throw Error(Code::validation, "value " + to_string(value) + " does not fit feature '" + std::string(feature) +
                                    "', whose dtype is " + (dtype.list ? "list[" + dtype.base + "]" : dtype.base));
}

bool is_time(const std::string& base) { return base == "datetime" || base == "datetime64[ns, UTC]"; }

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

json::value to_json(std::string_view feature, const Dtype& dtype, const Value& value) {
  const std::string& base = dtype.base;
  const bool integer = std::holds_alternative<std::int64_t>(value), real = std::holds_alternative<double>(value);
  if (base == "object") return plain_json(value);
  if (base == "int" && integer) return plain_json(value);
  if ((base == "float" || base == "num") && (integer || real)) return plain_json(value);
  if (base == "bool" && std::holds_alternative<bool>(value)) return plain_json(value);
  if ((base == "str" || base == "path" || base == "url") && value.text()) return plain_json(value);
  if (base == "dict" && std::holds_alternative<Json>(value)) {
    json::value parsed = plain_json(value);
    if (parsed.is_object()) return parsed;
  }
  if (base == "date") {
    if (const auto* date = std::get_if<Date>(&value)) return json::value(base::iso(*date));
    if (value.text() && base::parse_date(*value.text())) return plain_json(value);
  }
  if (is_time(base)) {
    const bool zone = base != "datetime";
    if (const auto* time = std::get_if<Time>(&value)) return json::value(python_iso(*time, zone));
    if (value.text()) {
      if (const auto time = base::parse_time(*value.text())) return json::value(python_iso(*time, zone));
    }
  }
  refuse(feature, dtype, value);
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
  const std::string text(value.as_string());
  if (dtype.base == "date") {
    if (const auto date = base::parse_date(text)) return *date;
  }
  if (is_time(dtype.base)) {
    if (const auto time = base::parse_time(text)) return *time;
  }
  return Value(text);
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
      items.push_back(to_json(feature, dtype, from_json(Dtype{.base = "object"}, item)));
    }
  }
  all.push_back(stored(items));
  return all;
}

Value to_compare(const Dtype& dtype, const Value& value) {
  if (!is_time(dtype.base)) return value;
  const bool zone = dtype.base != "datetime";
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
