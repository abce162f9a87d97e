#include "base/text.hpp"
#include <algorithm>
#include <deque>
#include <mutex>
#include <shared_mutex>
#include <unordered_set>
#include "base/case_map.hpp"
#include "base/utf8.hpp"
#include "lamin/text.hpp"

namespace lamin {

// The pool is never destroyed: a Text in a static object may be read while the process ends.
Text Text::intern(std::string_view text) {
  static auto& mutex = *new std::shared_mutex;
  static auto& pool = *new std::unordered_set<std::string_view>;
  static auto& texts = *new std::deque<std::string>;  // the pool points into it
  Text result;
  {
    std::shared_lock lock(mutex);
    if (auto found = pool.find(text); found != pool.end()) {
      result.view_ = *found;
      return result;
    }
  }
  std::unique_lock lock(mutex);
  auto found = pool.find(text);
  if (found == pool.end()) found = pool.insert(texts.emplace_back(text)).first;
  result.view_ = *found;
  return result;
}

}  // namespace lamin

namespace lamin::base {
namespace {

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
char lower_ascii(char c) { return is_upper(c) ? static_cast<char>(c + 32) : c; }

// Python lowers a sigma at the end of a word to U+03C2; a "word" here is a run of letters, and any code point beyond
// ASCII counts as one.
bool is_letter(char32_t c) {
  return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z') || (c >= 0xC0 && c != 0xD7 && c != 0xF7 && c < 0x2000);
}

}  // namespace

std::string snake(std::string_view camel) {
  std::string result;
  result.reserve(camel.size() + 4);
  for (std::size_t i = 0; i < camel.size(); ++i) {
    if (i > 0 && is_upper(camel[i]) && is_lower_or_digit(camel[i - 1])) result.push_back('_');
    result.push_back(lower_ascii(camel[i]));
  }
  return result;
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), lower_ascii);
  return result;
}

std::string fold(std::string_view text) {
  if (std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; })) {
    return lower(text);
  }
  std::string result;
  result.reserve(text.size() + 4);
  char32_t before = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    auto c = next_code_point(text, at);
    if (!c) {  // not UTF-8: the byte is kept, so that equal inputs stay equal
      result.push_back(text[start]);
      at = start + 1;
      before = 0;
      continue;
    }
    if (*c == 0x130) {
      result += "i\u0307";
    } else if (*c == 0x3A3) {
      std::size_t ahead = at;
      auto after = ahead < text.size() ? next_code_point(text, ahead) : std::nullopt;
      append_code_point(result, is_letter(before) && !(after && is_letter(*after)) ? 0x3C2 : 0x3C3);
    } else {
      append_code_point(result, lower_case(*c));
    }
    before = *c;
  }
  return result;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
  std::string result;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) result += separator;
    result += parts[i];
  }
  return result;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view blanks = " \t\n\r\f\v";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

int edit_distance(std::string_view a, std::string_view b) {
  // Three rows are enough: a transposition looks two back.
  const std::size_t width = b.size() + 1;
  std::vector<int> two_back(width), back(width), row(width);
  for (std::size_t j = 0; j < width; ++j) row[j] = static_cast<int>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    two_back.swap(back);
    back.swap(row);
    row[0] = static_cast<int>(i);
    for (std::size_t j = 1; j < width; ++j) {
      const int change = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({back[j] + 1, row[j - 1] + 1, back[j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], two_back[j - 2] + 1);
    }
  }
  return row[b.size()];
}

std::vector<std::string> nearest(std::string_view unknown, std::span<const std::string_view> known, std::size_t limit) {
  struct Candidate {
    int distance;
    std::string_view text;
  };
  const std::string wanted = fold(unknown);
  const int furthest = std::max(1, static_cast<int>(unknown.size() / 2));
  std::vector<Candidate> candidates;
  for (std::string_view text : known) {
    const auto gap = text.size() > wanted.size() ? text.size() - wanted.size() : wanted.size() - text.size();
    if (static_cast<int>(gap) > furthest) continue;
    // Case matters least: "t cell" is nearer to "T cell" than to "B cell".
    const int distance = edit_distance(wanted, fold(text));
    if (distance <= furthest) candidates.push_back({distance, text});
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& x, const Candidate& y) { return x.distance < y.distance; });
  std::vector<std::string> result;
  for (const auto& c : candidates) {
    if (result.size() == limit) break;
    if (std::find(result.begin(), result.end(), c.text) == result.end()) result.emplace_back(c.text);
  }
  return result;
}

}  // namespace lamin::base
