// line_ends.hpp -- lines and columns in a text that is changed while it is parsed: where its lines end is kept before.
//
// Two bytes for each line: an end is kept as its place in its block of the text.
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>
#include "format/complaints.hpp"

namespace lamin::format::owl {

class LineEnds {
 public:
  explicit LineEnds(std::string_view text);
  /// Of the byte at `offset`. Columns count bytes.
  Place at(std::size_t offset) const;

 private:
  std::size_t end(std::size_t line) const;
  std::size_t size_;
  std::vector<std::uint16_t> ends_;
  std::vector<std::size_t> first_;  // line ends before each block
};

}  // namespace lamin::format::owl
