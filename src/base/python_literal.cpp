#include "base/python_literal.hpp"

#include <boost/json.hpp>
#include <charconv>
#include <string>
#include "base/json.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "lamin/error.hpp"

namespace lamin::base {
namespace {

namespace json = boost::json;

constexpr int deepest = 64;  // dictionaries of people do not nest deeper

/// Reads one literal; a member is nullopt where the text is none.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  std::optional<json::value> whole() {
    auto value = read(0);
    skip();
    return rest_.empty() ? std::move(value) : std::nullopt;
  }

 private:
  void skip() {
    const auto first = rest_.find_first_not_of(" \t\r\n");
    rest_.remove_prefix(first == std::string_view::npos ? rest_.size() : first);
  }
  bool take(std::string_view token) {
    skip();
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }

  std::optional<json::value> read(int depth) {
    if (depth > deepest) return {};
    if (take("{")) return dictionary(depth);
    if (take("[")) return items("]", depth);
    if (take("(")) return items(")", depth);
    skip();
    if (rest_.starts_with('\'') || rest_.starts_with('"')) {
      if (auto found = text()) return json::value(*found);
      return {};
    }
    return word();
  }

  std::optional<json::value> dictionary(int depth) {
    json::object out;
    while (!take("}")) {
      skip();
      const auto key = text();
      if (!key || !take(":")) return {};
      auto value = read(depth + 1);
      if (!value) return {};
      out[*key] = std::move(*value);
      if (take(",")) continue;
      if (take("}")) break;
      return {};
    }
    return out;
  }

  std::optional<json::value> items(std::string_view end, int depth) {
    json::array out;
    while (!take(end)) {
      auto value = read(depth + 1);
      if (!value) return {};
      out.push_back(std::move(*value));
      if (take(",")) continue;
      if (take(end)) break;
      return {};
    }
    return out;
  }

  std::optional<json::value> word() {
    const auto end = std::min(rest_.find_first_of(",:]}) \t\r\n"), rest_.size());
    const auto token = rest_.substr(0, end);
    rest_.remove_prefix(end);
    if (token == "True") return json::value(true);
    if (token == "False") return json::value(false);
    if (token == "None") return json::value(nullptr);
    if (const auto integer = number<std::int64_t>(token)) return json::value(*integer);
    const bool starts_number = !token.empty() && token.find_first_of("0123456789") != std::string_view::npos;
    if (const auto real = starts_number ? number<double>(token) : std::nullopt) return json::value(*real);
    return {};
  }

  template <class Number>
  static std::optional<Number> number(std::string_view token) {
    Number value{};
    const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), value);
    if (error != std::errc() || end != token.data() + token.size()) return {};
    return value;
  }

  std::optional<std::string> text() {
    if (rest_.empty() || (rest_.front() != '\'' && rest_.front() != '"')) return {};
    const char quote = rest_.front();
    std::string out;
    for (std::size_t i = 1; i < rest_.size(); ++i) {
      const char c = rest_[i];
      if (c == quote) {
        rest_.remove_prefix(i + 1);
        return out;
      }
      if (c == '\n') return {};
      if (c != '\\') {
        out += c;
        continue;
      }
      if (++i == rest_.size() || !escape(i, out)) return {};
    }
    return {};
  }

  /// The character after a backslash at `i`, which moves to the last one that belongs to it.
  bool escape(std::size_t& i, std::string& out) const {
    constexpr std::string_view plain = "\\'\"", named = "ntrabfv", meant = "\n\t\r\a\b\f\v";
    const char c = rest_[i];
    if (plain.find(c) != std::string_view::npos) return out += c, true;
    const std::size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    if (digits == 0) {
      const auto at = named.find(c);
      if (at != std::string_view::npos) out += meant[at];
      else out.append({'\\', c});  // as Python keeps what is no escape
      return true;
    }
    const auto code = rest_.substr(i + 1, digits);
    std::uint32_t point = 0;
    const auto [end, error] = std::from_chars(code.data(), code.data() + code.size(), point, 16);
    constexpr std::uint32_t last = 0x10FFFF, surrogates = 0xD800, after_surrogates = 0xDFFF;
    if (error != std::errc() || code.size() != digits || end != code.data() + digits || point > last) return false;
    if (point >= surrogates && point <= after_surrogates) return false;
    append_code_point(out, point);
    i += digits;
    return true;
  }

  std::string_view rest_;
};

}  // namespace

std::optional<json::object> parse_dictionary(std::string_view text) {
  text = trim(text);
  if (!text.starts_with('{')) return {};
  try {
    auto value = parse_json(text);
    if (value.is_object()) return std::move(value.as_object());
  } catch (const Error&) {  // NOLINT(bugprone-empty-catch): it may be one of Python
  }
  auto value = Reader(text).whole();
  if (!value || !value->is_object()) return {};
  return std::move(value->as_object());
}

}  // namespace lamin::base
