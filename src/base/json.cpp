// json.cpp -- values as text, the way Python's json.dumps and str write them.
#include "base/json.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <charconv>
#include <cmath>
#include <vector>
#include "base/time.hpp"
#include "base/utf8.hpp"
#include "lamin/error.hpp"

namespace lamin::base {
namespace {

namespace json = boost::json;

// As Python's repr(float): shortest digits that read back the same, an exponent below 1e-4 and from 1e16.
std::string real_text(double value) {
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, std::abs(value), std::chars_format::scientific).ptr;
  const std::string_view scientific(buffer, static_cast<std::size_t>(end - buffer));
  const auto e = scientific.find('e');
  const int exponent = std::atoi(std::string(scientific.substr(e + 1)).c_str());
  std::string digits(scientific.substr(0, e));
  std::string text = std::signbit(value) ? "-" : "";
  if (exponent < -4 || exponent >= 16) {
    return text + digits + fmt::format("e{}{:02}", exponent < 0 ? '-' : '+', std::abs(exponent));
  }
  std::erase(digits, '.');
  if (exponent < 0) return text + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  const auto point = static_cast<std::size_t>(exponent) + 1;
  if (digits.size() <= point) return text + digits + std::string(point - digits.size(), '0') + ".0";
  return text + digits.substr(0, point) + "." + digits.substr(point);
}

void write_string(std::string& out, std::string_view text) {
  out.push_back('"');
  for (std::size_t at = 0; at < text.size();) {
    const auto c = next_code_point(text, at);
    if (!c) throw Error(Code::invalid_argument, "A text is not UTF-8 and cannot be written as JSON.");
    switch (*c) {
      case U'"': out += "\\\""; break;
      case U'\\': out += "\\\\"; break;
      case U'\n': out += "\\n"; break;
      case U'\r': out += "\\r"; break;
      case U'\t': out += "\\t"; break;
      case U'\f': out += "\\f"; break;
      case U'\b': out += "\\b"; break;
      default:
        if (*c >= 0x20 && *c < 0x7F) {
          out.push_back(static_cast<char>(*c));
        } else if (*c < 0x10000) {
          out += fmt::format("\\u{:04x}", static_cast<unsigned>(*c));
        } else {
          const unsigned bits = static_cast<unsigned>(*c) - 0x10000;
          out += fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + (bits >> 10), 0xDC00 + (bits & 0x3FF));
        }
    }
  }
  out.push_back('"');
}

std::vector<const json::key_value_pair*> members(const json::object& object, bool sorted) {
  std::vector<const json::key_value_pair*> result;
  for (const auto& member : object) result.push_back(&member);
  if (sorted) {  // UTF-8 bytes sort as code points do
    std::sort(result.begin(), result.end(), [](auto* a, auto* b) {
      return std::string_view(a->key().data(), a->key().size()) < std::string_view(b->key().data(), b->key().size());
    });
  }
  return result;
}

void write(std::string& out, const json::value& value, bool sorted) {
  switch (value.kind()) {
    case json::kind::null: out += "null"; return;
    case json::kind::bool_: out += value.get_bool() ? "true" : "false"; return;
    case json::kind::int64: out += std::to_string(value.get_int64()); return;
    case json::kind::uint64: out += std::to_string(value.get_uint64()); return;
    case json::kind::double_: {
      const double real = value.get_double();
      out += std::isnan(real) ? "NaN" : std::isinf(real) ? (real < 0 ? "-Infinity" : "Infinity") : real_text(real);
      return;
    }
    case json::kind::string: write_string(out, {value.get_string().data(), value.get_string().size()}); return;
    case json::kind::array: {
      const char* separator = "[";
      for (const auto& element : value.get_array()) {
        out += separator;
        write(out, element, sorted);
        separator = ", ";
      }
      out += value.get_array().empty() ? "[]" : "]";
      return;
    }
    case json::kind::object: {
      const char* separator = "{";
      for (const auto* member : members(value.get_object(), sorted)) {
        out += separator;
        write_string(out, {member->key().data(), member->key().size()});
        out += ": ";
        write(out, member->value(), sorted);
        separator = ", ";
      }
      out += value.get_object().empty() ? "{}" : "}";
      return;
    }
  }
}

// Beyond ASCII, Python's repr() escapes blanks, formats, surrogates, private use.
bool is_printable(char32_t c) {
  struct Range {
    char32_t first;
    char32_t last;
  };
  static constexpr Range hidden[] = {{0x7F, 0xA0},       {0xAD, 0xAD},       {0x600, 0x605},      {0x61C, 0x61C},
                                     {0x6DD, 0x6DD},     {0x70F, 0x70F},     {0x890, 0x891},      {0x8E2, 0x8E2},
                                     {0x1680, 0x1680},   {0x180E, 0x180E},   {0x2000, 0x200F},    {0x2028, 0x202F},
                                     {0x205F, 0x2064},   {0x2066, 0x206F},   {0x3000, 0x3000},    {0xD800, 0xF8FF},
                                     {0xFEFF, 0xFEFF},   {0xFFF9, 0xFFFB},   {0x110BD, 0x110BD},  {0x110CD, 0x110CD},
                                     {0x13430, 0x13438}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A},  {0xE0001, 0xE0001},
                                     {0xE0020, 0xE007F}, {0xF0000, 0xFFFFD}, {0x100000, 0x10FFFD}};
  return c >= 0x20 && std::none_of(std::begin(hidden), std::end(hidden),
                                   [c](const Range& range) { return c >= range.first && c <= range.last; });
}

void repr_string(std::string& out, std::string_view text) {
  const bool has_single = text.find('\'') != std::string_view::npos;
  const char quote = has_single && text.find('"') == std::string_view::npos ? '"' : '\'';
  out.push_back(quote);
  for (std::size_t at = 0; at < text.size();) {
    const auto c = next_code_point(text, at);
    if (!c) throw Error(Code::invalid_argument, "A text is not UTF-8 and has no Python form.");
    const auto number = static_cast<unsigned>(*c);
    if (*c == static_cast<char32_t>(quote) || *c == U'\\') {
      out.push_back('\\');
      out.push_back(static_cast<char>(*c));
    } else if (*c == U'\n') {
      out += "\\n";
    } else if (*c == U'\r') {
      out += "\\r";
    } else if (*c == U'\t') {
      out += "\\t";
    } else if (is_printable(*c)) {
      append_code_point(out, *c);
    } else {
      out += number < 0x100     ? fmt::format("\\x{:02x}", number)
             : number < 0x10000 ? fmt::format("\\u{:04x}", number)
                                : fmt::format("\\U{:08x}", number);
    }
  }
  out.push_back(quote);
}

void repr(std::string& out, const json::value& value) {
  switch (value.kind()) {
    case json::kind::null: out += "None"; return;
    case json::kind::bool_: out += value.get_bool() ? "True" : "False"; return;
    case json::kind::string: repr_string(out, {value.get_string().data(), value.get_string().size()}); return;
    case json::kind::double_: {
      const double real = value.get_double();
      out += std::isnan(real) ? "nan" : std::isinf(real) ? (real < 0 ? "-inf" : "inf") : real_text(real);
      return;
    }
    case json::kind::array: {
      const char* separator = "[";
      for (const auto& element : value.get_array()) {
        out += separator;
        repr(out, element);
        separator = ", ";
      }
      out += value.get_array().empty() ? "[]" : "]";
      return;
    }
    case json::kind::object: {
      const char* separator = "{";
      for (const auto& member : value.get_object()) {
        out += separator;
        repr_string(out, {member.key().data(), member.key().size()});
        out += ": ";
        repr(out, member.value());
        separator = ", ";
      }
      out += value.get_object().empty() ? "{}" : "}";
      return;
    }
    default: write(out, value, false);
  }
}

}  // namespace

std::string write_json(const json::value& value) {
  std::string out;
  write(out, value, false);
  return out;
}

std::string write_json_sorted(const json::value& value) {
  std::string out;
  write(out, value, true);
  return out;
}

std::string python_iso(Time time, bool with_zone) {
  std::string text = iso(time);
  text.resize(std::min(text.find('+'), text.size()));
  if (text.ends_with(".000000")) text.resize(text.size() - 7);
  return with_zone ? text + "+00:00" : text;
}

json::value to_json(const Value& value) {
  if (const auto* v = std::get_if<bool>(&value)) return *v;
  if (const auto* v = std::get_if<std::int64_t>(&value)) return *v;
  if (const auto* v = std::get_if<double>(&value)) {
    if (!std::isfinite(*v)) throw Error(Code::validation, fmt::format("{} is no number that JSON can hold", *v));
    return *v;
  }
  if (const auto* v = value.text()) return json::value(*v);
  if (const auto* v = std::get_if<Time>(&value)) return json::value(python_iso(*v, v->zoned));
  if (const auto* v = std::get_if<Date>(&value)) return json::value(iso(*v));
  if (const auto* v = std::get_if<Json>(&value)) return parse_exact_json(v->text);
  return nullptr;
}

std::string json_array(std::span<const Value> items) {
  json::array array;
  for (const Value& item : items) array.push_back(to_json(item));
  return write_json(array);
}

std::string json_object(std::span<const std::pair<std::string, Value>> members) {
  json::object object;
  for (const auto& [name, value] : members) object[name] = to_json(value);
  return write_json(object);
}

std::string python_str(const json::value& value) {
  if (value.is_string()) return {value.get_string().data(), value.get_string().size()};
  std::string out;
  repr(out, value);
  return out;
}

}  // namespace lamin::base
