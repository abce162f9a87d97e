#include "base/redact_scan.hpp"
#include <algorithm>
#include "base/redact_forms.hpp"

namespace lamin::base {
namespace {

constexpr std::size_t longest_name = 100;
constexpr std::size_t longest_literal = 20'000;

bool is_name(char c) { return is_word(c) || c == '-' || c == '.' || (c & 0x80) != 0; }

/// How many backslashes precede `at`.
std::size_t backslashes(std::string_view text, std::size_t at) {
  std::size_t n = 0;
  while (n < at && n < 8 && text[at - 1 - n] == '\\') ++n;
  return n;
}

/// The quote that closes a literal opened by `quote`; npos if there is none in sight.
std::size_t closing(std::string_view text, std::size_t at, char quote, std::size_t depth, bool lines) {
  const auto stop = std::min(text.size(), at + longest_literal);
  for (auto i = at; i < stop; ++i) {
    if (text[i] == '\n' && !lines) return text.npos;
    if (text[i] == quote && backslashes(text, i) <= depth) return i;
    if (text[i] == '\\' && depth == 0) ++i;  // an escaped character ends nothing
  }
  return text.npos;
}

}  // namespace

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  while (at < text.size() && is_blank(text[at])) ++at;
  return at;
}

std::size_t skip_spaces(std::string_view text, std::size_t at) {
  while (at < text.size() && is_space(text[at])) ++at;
  return at;
}

std::size_t end_of_line(std::string_view text, std::size_t at) {
  const auto size = text.substr(at, longest_value).find('\n');
  return size == text.npos ? std::min(text.size(), at + longest_value) : at + size;
}

Literal literal_at(std::string_view text, std::size_t at) {
  constexpr std::string_view prefixes = "rRbBuUfF";
  auto quote = at;
  while (quote < text.size() && quote - at < 2 && prefixes.find(text[quote]) != prefixes.npos) ++quote;
  std::size_t depth = 0;
  while (quote < text.size() && depth < 3 && text[quote] == '\\') ++quote, ++depth;
  if (quote >= text.size() || !is_quote(text[quote])) return {};
  const char c = text[quote];
  const char three[] = {c, c, c};
  const std::string_view triple(three, 3);
  if (depth == 0 && text.substr(quote).starts_with(triple)) {
    const auto end = text.substr(0, std::min(text.size(), quote + longest_literal)).find(triple, quote + 3);
    return end == text.npos ? Literal{} : Literal{quote + 3, end, end + 3};
  }
  const auto end = closing(text, quote + 1, c, depth, c == '`');
  return end == text.npos ? Literal{} : Literal{quote + 1, end - std::min(depth, backslashes(text, end)), end + 1};
}

Name name_before(std::string_view text, std::size_t end) {
  while (end > 0 && is_blank(text[end - 1])) --end;
  if (end > 0 && text[end - 1] == ']') --end;
  while (end > 0 && is_blank(text[end - 1])) --end;
  const bool quoted = end > 0 && is_quote(text[end - 1]);
  const auto least = end > longest_name ? end - longest_name : 0;
  if (!quoted) {
    auto begin = end;
    while (begin > least && is_name(text[begin - 1])) --begin;
    return {text.substr(begin, end - begin), begin, false};
  }
  const char c = text[--end];
  while (end > 0 && text[end - 1] == '\\') --end;
  auto begin = end;
  while (begin > least && text[begin - 1] != c && text[begin - 1] != '\n') --begin;
  if (begin == 0 || text[begin - 1] != c) return {};
  return {text.substr(begin, end - begin), begin, true};
}

Name longer_name(std::string_view text, const Name& name) {
  auto begin = name.begin;
  for (int word = 0; word < 2; ++word) {
    if (begin == 0 || text[begin - 1] != ' ') break;
    auto before = begin - 1;
    while (before > 0 && begin - before < 32 && is_word(text[before - 1])) --before;
    if (before == begin - 1) break;
    begin = before;
  }
  return {text.substr(begin, name.begin + name.text.size() - begin), begin, false};
}

bool is_template(std::string_view value) {
  std::size_t kept = 0, holes = 0;
  const auto last = value.rfind('}');
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    const auto close = c == '{' && last != value.npos && i < last ? value.find('}', i) : value.npos;
    if (close != value.npos) {
      i = close;
      ++holes;
    } else if (c == '%' && i + 1 < value.size() && (is_word(value[i + 1]) || value[i + 1] == '(')) {
      i = value[i + 1] == '(' ? std::min(value.substr(0, i + 64).find(')', i), value.size()) + 1 : i + 1;
      ++holes;
    } else if (is_word(c)) {
      ++kept;
    }
  }
  const bool scheme = value.starts_with("Bearer ") || value.starts_with("Basic ") || value.starts_with("Token ");
  return holes > 0 && kept <= (scheme ? 9U : 3U);
}

}  // namespace lamin::base
