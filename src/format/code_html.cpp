#include "format/code_html.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include "base/html_text.hpp"
#include "base/text.hpp"

namespace lamin::format {
namespace {

using base::escaped;

constexpr std::array keywords = {"False",   "None",  "True",     "and",    "as",  "assert", "async", "await",
                                 "break",   "class", "continue", "def",    "del", "elif",   "else",  "except",
                                 "finally", "for",   "from",     "global", "if",  "import", "in",    "is",
                                 "lambda",  "match", "nonlocal", "not",    "or",  "pass",   "raise", "return",
                                 "try",     "while", "with",     "yield"};

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || static_cast<signed char>(c) < 0;
}

/// How long the text is that begins with a quote at the beginning of `code`.
std::size_t quoted_size(std::string_view code) {
  const char quote = code[0];
  const bool three = code.size() >= 3 && code[1] == quote && code[2] == quote;
  const std::size_t marks = three ? 3 : 1;
  for (std::size_t i = marks; i < code.size(); ++i) {
    if (code[i] == '\\') ++i;
    else if (!three && code[i] == '\n') return i;
    else if (code[i] == quote && (!three || code.substr(i).starts_with(std::string(3, quote)))) return i + marks;
  }
  return code.size();
}

std::size_t word_size(std::string_view code) {
  return static_cast<std::size_t>(std::ranges::find_if_not(code, is_word) - code.begin());
}

std::string span(std::string_view kind, std::string_view text) {
  return fmt::format(R"(<span class="{}">{}</span>)", kind, escaped(text));
}

// -- terminal --------------------------------------------------------------------------------------------------------

struct Look {
  int colour = 0;  ///< 1 to 15, 0 = none
  bool bold = false;

  void obey(int code) {
    if (code == 0) *this = {};
    if (code == 1) bold = true;
    if (code == 22) bold = false;
    if (code == 39) colour = 0;
    if (code >= 31 && code <= 37) colour = code - 30;
    if (code >= 90 && code <= 97) colour = code - 90 + 8;
  }
  bool plain() const { return colour == 0 && !bold; }
  std::string classes() const {
    std::string names = colour == 0 ? "" : fmt::format("fg{}", colour);
    if (bold) names += names.empty() ? "b" : " b";
    return names;
  }
};

/// "\r" goes back to the beginning of the line.
std::string last_of_overwritten(std::string_view line) {
  while (line.ends_with('\r')) line.remove_suffix(1);
  const auto back = line.rfind('\r');
  return std::string(back == line.npos ? line : line.substr(back + 1));
}

void obey_all(Look& look, std::string_view codes) {
  std::size_t begin = 0;
  while (begin <= codes.size()) {
    const auto end = std::min(codes.find(';', begin), codes.size());
    int code = 0;
    std::from_chars(codes.data() + begin, codes.data() + end, code);
    if (code == 38 || code == 48) return;  // a palette of 256 colours or more: as without
    look.obey(code);
    begin = end + 1;
  }
}

}  // namespace

std::string python_html(std::string_view code) {
  std::string out;
  while (!code.empty()) {
    std::size_t size = 1;
    std::string_view kind;
    if (code[0] == '#') {
      size = std::min(code.find('\n'), code.size());
      kind = "c";
    } else if (code[0] == '"' || code[0] == '\'') {
      size = quoted_size(code);
      kind = "s";
    } else if (is_word(code[0])) {
      size = word_size(code);
      if (std::ranges::find(keywords, code.substr(0, size)) != keywords.end()) kind = "k";
      else if (code[0] >= '0' && code[0] <= '9') kind = "n";
    }
    out += kind.empty() ? escaped(code.substr(0, size)) : span(kind, code.substr(0, size));
    code.remove_prefix(size);
  }
  return out;
}

std::string terminal_html(std::string_view text) {
  std::string whole;
  for (const auto& line : base::split(text, '\n')) whole += (whole.empty() ? "" : "\n") + last_of_overwritten(line);
  std::string_view rest = whole;
  std::string out;
  Look look;
  while (!rest.empty()) {
    const auto escape = rest.find("\x1b[");
    const auto shown = rest.substr(0, escape);
    if (!shown.empty())
      out +=
          look.plain() ? escaped(shown) : fmt::format(R"(<span class="{}">{}</span>)", look.classes(), escaped(shown));
    if (escape == rest.npos) break;
    rest.remove_prefix(escape + 2);
    const auto end = rest.find_first_not_of("0123456789;?");
    if (end == rest.npos) break;
    if (rest[end] == 'm') obey_all(look, rest.substr(0, end));
    rest.remove_prefix(end + 1);
  }
  return out;
}

}  // namespace lamin::format
