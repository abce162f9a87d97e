#include "registry/rank.hpp"

namespace lamin::registry {

bool is_delimiter(char c) { return std::string_view(" |.,;:").find(c) != std::string_view::npos; }

int rank_text(std::string_view text, std::string_view part) {
  if (part.empty()) return 0;
  bool element = false, delimited = false, begins = false, after = false, before = false, contains = false;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) {
    const std::size_t end = at + part.size();
    const bool starts = at == 0 || text[at - 1] == '|';
    const bool ends = end == text.size() || text[end] == '|';
    const bool delimited_left = at == 0 || is_delimiter(text[at - 1]);
    const bool delimited_right = end == text.size() || is_delimiter(text[end]);
    contains = true;
    element |= starts && ends;
    delimited |= delimited_left && delimited_right;
    if (starts) {
      // No blank between it and the end of an element.
      const std::size_t blank = text.find(' ', end), bar = text.find('|', end);
      begins |= blank == std::string_view::npos || bar < blank;
    }
    after |= starts || text[at - 1] == ' ';
    before |= delimited_right;
  }
  return (text == part ? 200 : 0) + (element ? 200 : 0) + (delimited ? 10 : 0) + (begins ? 8 : 0) + (after ? 2 : 0) +
         (before ? 2 : 0) + (contains ? 1 : 0);
}

}  // namespace lamin::registry
