#include "db/check_text.hpp"
#include <fmt/format.h>
#include <cmath>
#include <cstring>
#include "base/utf8.hpp"
#include "lamin/error.hpp"

namespace lamin::db {
namespace {

// True for eight bytes that are all ASCII and contain no NUL.
bool plain(const char* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  constexpr std::uint64_t high = 0x8080808080808080;
  constexpr std::uint64_t ones = 0x0101010101010101;
  return (word & high) == 0 && ((word - ones) & ~word & high) == 0;
}

}  // namespace

void check_text(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (at + 8 <= text.size() && plain(text.data() + at)) {
      at += 8;
      continue;
    }
    const std::size_t start = at;
    const auto c = base::next_code_point(text, at);
    if (c && *c != 0 && (*c < 0xD800 || *c > 0xDFFF)) continue;
    throw Error(Code::validation, fmt::format("A text {} at byte {}: it cannot be stored. It begins with '{}'.",
                                              c && *c == 0 ? "has a NUL character" : "is not UTF-8", start,
                                              text.substr(0, std::min<std::size_t>(start, 40))));
  }
}

void check_real(double value) {
  if (!std::isnan(value)) return;
  throw Error(Code::validation, "NaN is no value that both databases can hold: leave the field null.");
}

}  // namespace lamin::db
