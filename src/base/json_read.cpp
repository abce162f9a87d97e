// json_read.cpp -- a parser that accepts what Python's json.loads accepts.
//
// Boost.JSON 1.81 is not used: it rounds some doubles wrongly, and a stored value must come back unchanged.
#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <charconv>
#include <limits>
#include "base/json.hpp"
#include "base/utf8.hpp"
#include "lamin/error.hpp"

namespace lamin::base {
namespace {

namespace json = boost::json;

constexpr int deepest = 500;  // nesting; a limit keeps hostile input from overflowing the stack

class Parser {
 public:
  Parser(std::string_view text, bool exact) : text_(text), exact_(exact) {}

  json::value parse() {
    json::value result = value(0);
    skip_blanks();
    if (at_ < text_.size()) fail("the document ended before this");
    return result;
  }

 private:
  [[noreturn]] void fail(std::string_view why) const {
    std::size_t line = 1;
    std::size_t column = 1;
    for (std::size_t i = 0; i < at_ && i < text_.size(); ++i) {
      column = text_[i] == '\n' ? 1 : column + 1;
      line += text_[i] == '\n' ? 1 : 0;
    }
    throw Error(Code::invalid_argument, fmt::format("This is no JSON: {} at line {}, column {}.", why, line, column));
  }

  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r'))
      ++at_;
  }
  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool take(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  json::value value(int depth) {
    if (depth > deepest) fail("values nest deeper than 500 levels");
    skip_blanks();
    if (at_ >= text_.size()) fail("a value is missing");
    switch (text_[at_]) {
      case '{': return object(depth);
      case '[': return array(depth);
      case '"': return json::value(string());
      default: break;
    }
    if (take("true")) return true;
    if (take("false")) return false;
    if (take("null")) return nullptr;
    // Python writes and reads these three.
    if (take("NaN")) return std::numeric_limits<double>::quiet_NaN();
    if (take("Infinity")) return std::numeric_limits<double>::infinity();
    if (take("-Infinity")) return -std::numeric_limits<double>::infinity();
    return number();
  }

  json::value object(int depth) {
    json::object result;
    ++at_;
    skip_blanks();
    if (take('}')) return result;
    do {
      skip_blanks();
      if (at_ >= text_.size() || text_[at_] != '"') fail("a key in double quotes is missing");
      std::string key = string();
      skip_blanks();
      if (!take(':')) fail("':' is missing");
      result.insert_or_assign(key, value(depth + 1));
      skip_blanks();
    } while (take(','));
    if (!take('}')) fail("',' or '}' is missing");
    return result;
  }

  json::value array(int depth) {
    json::array result;
    ++at_;
    skip_blanks();
    if (take(']')) return result;
    do {
      result.push_back(value(depth + 1));
      skip_blanks();
    } while (take(','));
    if (!take(']')) fail("',' or ']' is missing");
    return result;
  }

  char32_t four_hex() {
    std::uint32_t unit = 0;
    const auto part = text_.substr(at_, 4);
    const auto [end, failure] = std::from_chars(part.data(), part.data() + part.size(), unit, 16);
    if (failure != std::errc{} || part.size() < 4 || end != part.data() + 4) fail("\\u needs four hexadecimal digits");
    at_ += 4;
    return unit;
  }

  void escape(std::string& result) {
    if (at_ >= text_.size()) fail("a string does not end");
    const char c = text_[at_++];
    constexpr std::string_view names = "\"\\/bfnrt";
    constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
    if (const auto found = names.find(c); found != std::string_view::npos) {
      result.push_back(meanings[found]);
      return;
    }
    if (c != 'u') {
      --at_;
      fail("there is no such escape");
    }
    char32_t unit = four_hex();
    if (unit >= 0xD800 && unit < 0xDC00 && text_.substr(at_).starts_with("\\u")) {
      const std::size_t before = at_;
      at_ += 2;
      const char32_t low = four_hex();
      if (low >= 0xDC00 && low < 0xE000) {
        unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
      } else {
        at_ = before;
      }
    }
    append_code_point(result, unit);
  }

  std::string string() {
    std::string result;
    ++at_;
    for (;;) {
      if (at_ >= text_.size()) fail("a string does not end");
      const char c = text_[at_];
      if (c == '"') {
        ++at_;
        return result;
      }
      if (c == '\\') {
        ++at_;
        escape(result);
        continue;
      }
      if (static_cast<unsigned char>(c) < 0x20) fail("a string has a control character");
      const std::size_t start = at_;
      if (!next_code_point(text_, at_)) fail("a string is not UTF-8");
      result.append(text_.substr(start, at_ - start));
    }
  }

  bool digits() {
    const std::size_t start = at_;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
    return at_ > start;
  }

  json::value number() {
    const std::size_t start = at_;
    const bool negative = take('-');
    if (!take('0') && !digits()) fail(negative ? "digits are missing" : "a value is missing");
    bool whole = true;
    if (take('.')) {
      whole = false;
      if (!digits()) fail("digits are missing");
    }
    if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
      whole = false;
      ++at_;
      if (!take('-')) take('+');
      if (!digits()) fail("digits are missing");
    }
    const char* first = text_.data() + start;
    const char* last = text_.data() + at_;
    if (whole) {
      std::int64_t integer = 0;
      if (std::from_chars(first, last, integer).ec == std::errc{}) return integer;
      std::uint64_t large = 0;
      if (!negative && std::from_chars(first, last, large).ec == std::errc{}) return large;
      if (exact_) fail("an integer is beyond 64 bits, and would be rounded: write it as text");
    }
    double real = 0;
    if (std::from_chars(first, last, real).ec == std::errc::result_out_of_range) {
      real = std::strtod(std::string(first, last).c_str(), nullptr);  // 0 or infinity, as in Python
    }
    return real;
  }

  std::string_view text_;
  bool exact_;
  std::size_t at_ = 0;
};

}  // namespace

json::value parse_json(std::string_view text) { return Parser(text, false).parse(); }

json::value parse_exact_json(std::string_view text) { return Parser(text, true).parse(); }

}  // namespace lamin::base
