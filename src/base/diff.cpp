// diff.cpp -- the shortest edit between two lists of lines (Myers 1986), as hunks.
#include "base/diff.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <vector>
#include "base/text.hpp"

namespace lamin::base {
namespace {

constexpr std::size_t around = 3;

/// ' ' in both, '-' only before, '+' only after.
struct Line {
  char mark;
  std::string_view text;
};

using Texts = std::vector<std::string>;
using Reach = std::vector<std::ptrdiff_t>;

/// Furthest points by diagonal, one vector per number of edits; the last reaches the end of both.
std::vector<Reach> reaches(const Texts& a, const Texts& b) {
  const auto n = std::ssize(a), m = std::ssize(b), most = n + m;
  Reach at(static_cast<std::size_t>(2 * most + 3), 0);
  std::vector<Reach> all;
  const auto place = [&](std::ptrdiff_t k) -> std::ptrdiff_t& { return at[static_cast<std::size_t>(k + most + 1)]; };
  for (std::ptrdiff_t edits = 0; edits <= most; ++edits) {
    all.push_back(at);
    for (auto k = -edits; k <= edits; k += 2) {
      const bool down = k == -edits || (k != edits && place(k - 1) < place(k + 1));
      auto x = down ? place(k + 1) : place(k - 1) + 1;
      auto y = x - k;
      while (x < n && y < m && a[static_cast<std::size_t>(x)] == b[static_cast<std::size_t>(y)]) ++x, ++y;
      place(k) = x;
      if (x >= n && y >= m) return all;
    }
  }
  return all;
}

/// From the end of both texts back to their beginning.
std::vector<Line> edit(const Texts& a, const Texts& b) {
  const auto all = reaches(a, b);
  const auto most = std::ssize(a) + std::ssize(b);
  std::vector<Line> lines;
  auto x = std::ssize(a), y = std::ssize(b);
  for (auto edits = std::ssize(all) - 1; edits >= 0; --edits) {
    const auto& at = all[static_cast<std::size_t>(edits)];
    const auto place = [&](std::ptrdiff_t k) { return at[static_cast<std::size_t>(k + most + 1)]; };
    const auto k = x - y;
    const bool down = k == -edits || (k != edits && place(k - 1) < place(k + 1));
    const auto before_k = down ? k + 1 : k - 1;
    const auto before_x = place(before_k), before_y = before_x - before_k;
    while (x > before_x && y > before_y && x > 0 && y > 0)
      lines.push_back({' ', a[static_cast<std::size_t>(--x)]}), --y;
    if (edits == 0) break;
    if (down) lines.push_back({'+', b[static_cast<std::size_t>(--y)]});
    else lines.push_back({'-', a[static_cast<std::size_t>(--x)]});
  }
  std::ranges::reverse(lines);
  return lines;
}

Texts lines_of(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  return text.empty() ? Texts{} : split(text, '\n');
}

std::string hunk(const std::vector<Line>& lines, std::size_t begin, std::size_t end) {
  std::size_t a = 1, b = 1, a_size = 0, b_size = 0;
  for (std::size_t i = 0; i < begin; ++i) {
    a += lines[i].mark != '+' ? 1 : 0;
    b += lines[i].mark != '-' ? 1 : 0;
  }
  std::string text;
  for (auto i = begin; i < end; ++i) {
    a_size += lines[i].mark != '+' ? 1 : 0;
    b_size += lines[i].mark != '-' ? 1 : 0;
    text += fmt::format("{}{}\n", lines[i].mark, lines[i].text);
  }
  return fmt::format("@@ -{},{} +{},{} @@\n", a_size == 0 ? a - 1 : a, a_size, b_size == 0 ? b - 1 : b, b_size) + text;
}

}  // namespace

std::string unified_diff(std::string_view before, std::string_view after, std::string_view name_before,
                         std::string_view name_after) {
  if (before == after) return "";
  const auto a = lines_of(before), b = lines_of(after);
  const auto lines = edit(a, b);
  std::string text = fmt::format("--- {}\n+++ {}\n", name_before, name_after);
  for (std::size_t i = 0; i < lines.size();) {
    if (lines[i].mark == ' ') {
      ++i;
      continue;
    }
    auto last = i;  // of the hunk: changes that are no more than twice `around` apart
    for (auto j = i; j < lines.size() && j <= last + 2 * around; ++j) last = lines[j].mark == ' ' ? last : j;
    const auto end = std::min(last + around + 1, lines.size());
    text += hunk(lines, i > around ? i - around : 0, end);
    i = end;
  }
  return text;
}

}  // namespace lamin::base
