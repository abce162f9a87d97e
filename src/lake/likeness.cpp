#include "lake/likeness.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace lamin::lake {

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

}  // namespace lamin::lake
