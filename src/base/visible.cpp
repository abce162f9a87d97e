#include "base/visible.hpp"
#include "base/utf8.hpp"

namespace lamin::base {
namespace {

bool is_obeyed(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x61C || c == 0x200E || c == 0x200F || c == 0x2028 ||
         c == 0x2029 || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

void append_escape(std::string& out, char32_t c) {
  constexpr std::string_view digits = "0123456789abcdef";
  out += c < 0x100 ? "\\x" : "\\u";
  for (int shift = c < 0x100 ? 4 : 12; shift >= 0; shift -= 4) out += digits[(c >> shift) & 15];
}

std::string with_escapes(std::string_view text, bool lines) {
  const auto plain = [&](char c) {
    return (static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7F) ||
           (lines && (c == '\n' || c == '\t'));
  };
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    if (plain(text[at])) {
      out += text[at++];
    } else if (const auto c = next_code_point(text, at); !c || (*c >= 0xD800 && *c < 0xE000)) {
      at = start + 1;
      append_escape(out, static_cast<unsigned char>(text[start]));
    } else if (!is_obeyed(*c)) {
      out.append(text.substr(start, at - start));
    } else if (*c == '\n' || *c == '\t' || *c == '\r') {
      out += *c == '\n' ? "\\n" : *c == '\t' ? "\\t" : "\\r";
    } else {
      append_escape(out, *c);
    }
  }
  return out;
}

}  // namespace

std::string visible(std::string_view text) { return with_escapes(text, true); }

std::string visible_line(std::string_view text) { return with_escapes(text, false); }

}  // namespace lamin::base
