// whole_lines.hpp -- a stream that arrives in pieces, handed on by whole lines.
//
// Two streams that are kept in one file tear each other's lines where their pieces end, and what recognizes a secret by
// its beginning does not find one that is torn.
#pragma once
#include <string>
#include <string_view>
#include <utility>

namespace lamin::base {

class WholeLines {
 public:
  /// Returns the lines that are complete now, ended by \n or \r; also the beginning of one that exceeds 64 KiB.
  std::string add(std::string_view piece) {
    constexpr std::size_t longest = 1 << 16;
    const auto end = piece.find_last_of("\n\r");
    if (end == piece.npos) {
      rest_.append(piece);
      return rest_.size() > longest ? rest() : std::string();
    }
    auto lines = rest();
    lines.append(piece.substr(0, end + 1));
    rest_ = piece.substr(end + 1);
    return lines;
  }
  /// Returns what no line end has followed so far.
  std::string rest() { return std::exchange(rest_, {}); }

 private:
  std::string rest_;
};

}  // namespace lamin::base
