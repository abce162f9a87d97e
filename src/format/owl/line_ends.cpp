#include "format/owl/line_ends.hpp"
#include <algorithm>

namespace lamin::format::owl {
namespace {

constexpr std::size_t block = std::size_t{1} << 16;

}  // namespace

LineEnds::LineEnds(std::string_view text) : size_(text.size()) {
  for (std::size_t begin = 0; begin < text.size() || begin == 0; begin += block) {
    first_.push_back(ends_.size());
    const auto part = text.substr(begin, block);
    for (auto end = part.find('\n'); end != part.npos; end = part.find('\n', end + 1))
      ends_.push_back(static_cast<std::uint16_t>(end));
  }
}

std::size_t LineEnds::end(std::size_t line) const {
  const auto of = static_cast<std::size_t>(std::ranges::upper_bound(first_, line) - first_.begin()) - 1;
  return of * block + ends_[line];
}

Place LineEnds::at(std::size_t offset) const {
  offset = std::min(offset, size_);
  const auto of = std::min(offset / block, first_.size() - 1);
  const auto from = ends_.begin() + static_cast<std::ptrdiff_t>(first_[of]);
  const auto to = of + 1 < first_.size() ? ends_.begin() + static_cast<std::ptrdiff_t>(first_[of + 1]) : ends_.end();
  const auto within = std::min(offset - of * block, block);
  const auto found = std::partition_point(from, to, [&](std::size_t end) { return end < within; });
  const auto before = static_cast<std::size_t>(found - ends_.begin());  // ends of lines
  const auto begin = before == 0 ? 0 : end(before - 1) + 1;
  return {static_cast<std::int64_t>(before) + 1, static_cast<std::int64_t>(offset - begin) + 1};
}

}  // namespace lamin::format::owl
