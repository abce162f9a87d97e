// likeness.hpp -- how many letters are wrong, asked of one text against very many.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace lamin::lake {

/// Distance of a fixed text to others in insertions, deletions, changes and swaps of neighbours (bytes). Up to 64 bytes
/// by bit-parallel columns (Hyyrö 2003): one step a byte of the other text.
class Wording {
 public:
  explicit Wording(std::string_view text);
  int distance(std::string_view other) const;
  /// 1 = equal, 0 = nothing in common.
  double likeness(std::string_view other) const;
  std::string_view text() const { return text_; }

 private:
  std::string text_;
  std::array<std::uint64_t, 256> places_{};  // byte -> where it stands in the text
};

}  // namespace lamin::lake
