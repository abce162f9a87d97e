// diff.cpp -- an edit between two lists of lines, as hunks: Myers 1986 in its linear space form.
//
// A box (lines a0..a1 of the one text, b0..b1 of the other) is searched from both of its ends at once, and split where
// the two searches meet, which a shortest edit passes. A search beyond `most_edits` is given up, and the box split at
// the furthest place reached: very different texts give an edit that is right, but not the shortest.
#include "base/diff.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

namespace lamin::base {
namespace {

using Index = std::ptrdiff_t;

constexpr std::size_t around = 3;
constexpr Index most_edits = 1024;

/// ' ' in both, '-' only before, '+' only after.
struct Line {
  char mark;
  std::string_view text;
};

using Texts = std::vector<std::string_view>;

struct Box {
  Index a0, a1, b0, b1;
};

/// How far a search gets on each diagonal (x - y) of a box of n times m lines, -1 = not at all.
class Reach {
 public:
  void start(Index n, Index m) {
    n_ = n;
    m_ = m;
    edits_ = -1;
    if (std::ssize(furthest_) < n + m + 3) furthest_.resize(static_cast<std::size_t>(n + m + 3));
  }
  Index at(Index k) const { return std::abs(k) > edits_ || k < -m_ || k > n_ ? -1 : place(k); }
  Index first() const { return -clipped(m_); }
  Index last() const { return clipped(n_); }

  /// One more edit, then equal lines; `same` says whether line x of the one is line y of the other.
  template <class Same>
  void go_on(const Same& same) {
    ++edits_;
    for (auto k = first(); k <= last(); k += 2) {
      Index x = edits_ == 0 ? 0 : -1;
      if (const auto before = at_before(k + 1); before >= 0 && before - k <= m_) x = before;
      if (const auto before = at_before(k - 1); before >= 0 && before < n_) x = std::max(x, before + 1);
      while (x >= 0 && x < n_ && x - k < m_ && same(x, x - k)) ++x;
      place(k) = x;
    }
  }

 private:
  /// The outermost diagonal of this number of edits within the box.
  Index clipped(Index most) const { return edits_ <= most ? edits_ : most - (edits_ - most) % 2; }
  Index at_before(Index k) const { return std::abs(k) >= edits_ || k < -m_ || k > n_ ? -1 : place(k); }
  Index& place(Index k) { return furthest_[static_cast<std::size_t>(k + m_ + 1)]; }
  Index place(Index k) const { return furthest_[static_cast<std::size_t>(k + m_ + 1)]; }

  std::vector<Index> furthest_;
  Index n_ = 0, m_ = 0, edits_ = -1;
};

class Edit {
 public:
  Edit(const Texts& before, const Texts& after) : before_(before), after_(after) {
    std::unordered_map<std::string_view, int> numbers;
    const auto number = [&](std::string_view line) {
      return numbers.emplace(line, static_cast<int>(numbers.size())).first->second;
    };
    std::ranges::transform(before, std::back_inserter(a_), number);
    std::ranges::transform(after, std::back_inserter(b_), number);
    removed_.resize(a_.size());
    added_.resize(b_.size());
  }
  std::vector<Line> lines() {
    boxes_.push_back({0, std::ssize(a_), 0, std::ssize(b_)});
    while (!boxes_.empty()) {
      const auto box = boxes_.back();
      boxes_.pop_back();
      compare(box);
    }
    std::vector<Line> lines;
    for (std::size_t x = 0, y = 0; x < a_.size() || y < b_.size();) {
      if (x < a_.size() && removed_[x]) lines.push_back({'-', before_[x++]});
      else if (y < b_.size() && added_[y]) lines.push_back({'+', after_[y++]});
      else lines.push_back({' ', before_[x++]}), ++y;
    }
    return lines;
  }

 private:
  static std::size_t place(Index i) { return static_cast<std::size_t>(i); }
  bool same(Index x, Index y) const { return a_[place(x)] == b_[place(y)]; }

  void compare(Box box) {
    while (box.a0 < box.a1 && box.b0 < box.b1 && same(box.a0, box.b0)) ++box.a0, ++box.b0;
    while (box.a0 < box.a1 && box.b0 < box.b1 && same(box.a1 - 1, box.b1 - 1)) --box.a1, --box.b1;
    if (box.a0 == box.a1 || box.b0 == box.b1) {
      std::fill(added_.begin() + box.b0, added_.begin() + box.b1, true);
      std::fill(removed_.begin() + box.a0, removed_.begin() + box.a1, true);
      return;
    }
    const auto [x, y] = split(box);
    boxes_.push_back({x, box.a1, y, box.b1});
    boxes_.push_back({box.a0, x, box.b0, y});
  }

  /// A place inside of the box that the edit passes. Its first and last lines differ.
  std::pair<Index, Index> split(const Box& box) {
    const auto n = box.a1 - box.a0, m = box.b1 - box.b0, delta = n - m;
    const auto forward = [&](Index x, Index y) { return same(box.a0 + x, box.b0 + y); };
    const auto backward = [&](Index x, Index y) { return same(box.a1 - 1 - x, box.b1 - 1 - y); };
    from_start_.start(n, m);
    from_end_.start(n, m);
    for (Index edits = 0; edits < most_edits; ++edits) {
      from_start_.go_on(forward);
      if (delta % 2 != 0) {
        if (const auto k = meeting(from_start_, from_end_, n, delta)) return on(box, *k);
      }
      from_end_.go_on(backward);
      if (delta % 2 == 0) {
        if (const auto k = meeting(from_start_, from_end_, n, delta)) return on(box, *k);
      }
    }
    const auto passed = [&](Index k) { return from_start_.at(k) < 0 ? -1 : 2 * from_start_.at(k) - k; };  // x + y
    auto best = from_start_.first();
    for (auto k = best; k <= from_start_.last(); k += 2) best = passed(k) > passed(best) ? k : best;
    return on(box, best);
  }
  /// The diagonal on which both searches have passed each other.
  static std::optional<Index> meeting(const Reach& start, const Reach& end, Index n, Index delta) {
    for (auto k = start.first(); k <= start.last(); k += 2) {
      const auto x = start.at(k), back = end.at(delta - k);
      if (x >= 0 && back >= 0 && x + back >= n) return k;
    }
    return std::nullopt;
  }
  std::pair<Index, Index> on(const Box& box, Index k) const {
    const auto x = from_start_.at(k);
    return {box.a0 + x, box.b0 + x - k};
  }

  const Texts &before_, &after_;
  std::vector<int> a_, b_;  // lines as numbers: equal ones are the same
  std::vector<bool> removed_, added_;
  std::vector<Box> boxes_;
  Reach from_start_, from_end_;
};

Texts lines_of(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  Texts lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    if (end + 1 == text.size()) lines.emplace_back();
    text.remove_prefix(std::min(text.size(), end + 1));
  }
  return lines;
}

/// Lines of the two texts before a hunk.
struct Before {
  std::size_t a = 0, b = 0;
  void pass(const Line& line) {
    a += line.mark != '+' ? 1 : 0;
    b += line.mark != '-' ? 1 : 0;
  }
};

void add_hunk(std::string& text, std::span<const Line> lines, const Before& before) {
  auto after = before;
  for (const auto& line : lines) after.pass(line);
  const auto a_size = after.a - before.a, b_size = after.b - before.b;
  text += fmt::format("@@ -{},{} +{},{} @@\n", a_size == 0 ? before.a : before.a + 1, a_size,
                      b_size == 0 ? before.b : before.b + 1, b_size);
  for (const auto& [mark, line] : lines) {
    text += mark;
    text += line;
    text += '\n';
  }
}

}  // namespace

std::string unified_diff(std::string_view before, std::string_view after, std::string_view name_before,
                         std::string_view name_after) {
  if (before == after) return "";
  const auto a = lines_of(before), b = lines_of(after);
  const auto lines = Edit(a, b).lines();
  std::string text = fmt::format("--- {}\n+++ {}\n", name_before, name_after);
  Before passed;
  std::size_t counted = 0;
  for (std::size_t i = 0; i < lines.size();) {
    if (lines[i].mark == ' ') {
      ++i;
      continue;
    }
    auto last = i;  // of the hunk: changes that are no more than twice `around` apart
    for (auto j = i; j < lines.size() && j <= last + 2 * around; ++j) last = lines[j].mark == ' ' ? last : j;
    const auto begin = i > around ? i - around : 0, end = std::min(last + around + 1, lines.size());
    for (; counted < begin; ++counted) passed.pass(lines[counted]);
    add_hunk(text, std::span(lines).subspan(begin, end - begin), passed);
    i = end;
  }
  return text;
}

}  // namespace lamin::base
