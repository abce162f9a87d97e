#include "registry/near.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "registry/rank.hpp"

namespace lamin::registry {

Wording::Wording(std::string_view text) : text_(text) {
  if (text.size() > 64) return;
  for (std::size_t i = 0; i < text.size(); ++i) places_[static_cast<unsigned char>(text[i])] |= std::uint64_t{1} << i;
}

int Wording::distance(std::string_view other) const {
  if (text_.size() > 64) return base::edit_distance(text_, other);
  if (text_.empty()) return static_cast<int>(other.size());
  const std::uint64_t last = std::uint64_t{1} << (text_.size() - 1);
  std::uint64_t up = ~std::uint64_t{0}, down = 0, diagonal = 0, before = 0;
  int distance = static_cast<int>(text_.size());
  for (char c : other) {
    const std::uint64_t here = places_[static_cast<unsigned char>(c)];
    const std::uint64_t swapped = ((~diagonal & here) << 1U) & before;
    diagonal = (((here & up) + up) ^ up) | here | down | swapped;
    std::uint64_t right = down | ~(diagonal | up);
    std::uint64_t left = diagonal & up;
    distance += (right & last) != 0 ? 1 : 0;
    distance -= (left & last) != 0 ? 1 : 0;
    right = (right << 1U) | 1U;
    left <<= 1U;
    up = left | ~(diagonal | right);
    down = right & diagonal;
    before = here;
  }
  return distance;
}

double Wording::likeness(std::string_view other) const {
  const auto longer = static_cast<double>(std::max(text_.size(), other.size()));
  return longer == 0 ? 0 : 1.0 - distance(other) / longer;
}

namespace {

using Range = std::pair<std::size_t, std::size_t>;

/// Where each character starts, and the end.
std::vector<std::size_t> characters(std::string_view text) {
  std::vector<std::size_t> begins;
  for (std::size_t at = 0; at < text.size();) {
    begins.push_back(at);
    if (!base::next_code_point(text, at)) ++at;
  }
  begins.push_back(text.size());
  return begins;
}

std::vector<Range> words_of(std::string_view text) {
  std::vector<Range> words;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && !is_delimiter(text[end])) ++end;
    if (end > at) words.emplace_back(at, end);
    at = end + 1;
  }
  return words;
}

}  // namespace

int most_wrong(std::string_view text) {
  const auto n = characters(text).size() - 1;
  return n < 3 ? 0 : n < 10 ? 1 : 2;
}

double likeness_in(const Wording& wanted, std::string_view text) {
  constexpr double of_a_part = 0.9;
  const int most = most_wrong(wanted.text());
  const auto size = static_cast<std::ptrdiff_t>(wanted.text().size());
  double best = 0;
  const auto compare = [&](std::string_view other, double weight) {
    if (std::abs(static_cast<std::ptrdiff_t>(other.size()) - size) > most * 4) return;  // a letter has up to four bytes
    const int wrong = wanted.distance(other);
    const auto longer = static_cast<double>(std::max(wanted.text().size(), other.size()));
    if (wrong <= most && longer > 0) best = std::max(best, weight * (1.0 - wrong / longer));
  };
  const std::size_t n = std::max<std::size_t>(1, words_of(wanted.text()).size());
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('|', begin), text.size());
    const std::string_view element = text.substr(begin, end - begin);
    compare(element, 1);
    const auto words = words_of(element);
    // The wrong letter may be what parts two words: "gamma delta" for "gamma-delta".
    for (std::size_t count = std::max<std::size_t>(2, n) - 1; count <= n + 1 && count < words.size(); ++count) {
      for (std::size_t i = 0; i + count <= words.size(); ++i) {
        compare(element.substr(words[i].first, words[i + count - 1].second - words[i].first), of_a_part);
      }
    }
    begin = end + 1;
  }
  return best;
}

std::vector<std::vector<std::string>> pieces_left(std::string_view text, int wrong) {
  const auto begins = characters(text);
  const std::size_t n = begins.size() - 1;
  // One wrong letter spoils a window of at most two neighbours. For two wrong letters, windows of three at every second
  // position are fewer, and any two neighbours are inside one of them.
  const std::size_t width = wrong > 1 ? 3 : 2, step = width - 1;
  std::vector<std::size_t> windows;
  for (std::size_t at = 0; at + 1 < n || at == 0; at += step) windows.push_back(at);
  std::vector<std::vector<std::string>> lists;
  const auto add = [&](std::size_t first, std::size_t second) {
    std::vector<std::string> pieces;
    const auto piece = [&](std::size_t from, std::size_t to) {
      if (from < std::min(to, n)) {
        pieces.emplace_back(text.substr(begins[from], begins[std::min(to, n)] - begins[from]));
      }
    };
    piece(0, first);
    piece(first + width, second);
    piece(second + width, n);
    lists.push_back(std::move(pieces));
  };
  for (std::size_t i = 0; i < windows.size(); ++i) {
    if (wrong < 2) add(windows[i], windows[i]);
    for (std::size_t j = i + 1; wrong > 1 && j < windows.size(); ++j) add(windows[i], windows[j]);
  }
  return lists;
}

}  // namespace lamin::registry
