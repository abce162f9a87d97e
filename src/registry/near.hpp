// near.hpp -- texts with wrong letters: how similar two are, and which pieces a nearly right text must still have.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lamin::registry {

/// Distance of a fixed text to others in insertions, deletions, changes and swaps of neighbours (bytes). Up to 64 bytes
/// by bit-parallel columns (Hyyrö 2003): one step per byte of the other text.
class Wording {
 public:
  explicit Wording(std::string_view text);
  int distance(std::string_view other) const;
  /// 1 = equal, 0 = nothing in common.
  double likeness(std::string_view other) const;
  std::string_view text() const { return text_; }

 private:
  std::string text_;
  std::array<std::uint64_t, 256> places_{};  // byte -> where it occurs in the text
};

/// How many letters of a text may be wrong: none if it has two, one if up to nine, otherwise two.
int most_wrong(std::string_view text);

/// How similar a folded text is: the best of its elements ("|") as a whole, and of runs of as many words as were
/// searched for (weighted nine tenths). 0 if more than `most_wrong` letters differ.
double likeness_in(const Wording& wanted, std::string_view text);

/// Any text with at most `wrong` letters different from `text` contains all pieces of at least one of these lists.
std::vector<std::vector<std::string>> pieces_left(std::string_view text, int wrong);

}  // namespace lamin::registry
