#include "format/delimited.hpp"
#include <algorithm>

namespace lamin::format {
namespace {

/// Takes one quoted cell from behind its opening quote; false if it does not end within `rest`.
bool take_quoted(std::string_view& rest, std::string& cell) {
  std::string text;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (rest[i] != '"') {
      text += rest[i];
    } else if (i + 1 < rest.size() && rest[i + 1] == '"') {
      text += '"';
      ++i;
    } else {
      cell = std::move(text);
      rest.remove_prefix(i + 1);
      return true;
    }
  }
  return false;
}

/// False if a quoted cell goes on in the next line.
bool split(std::string_view line, char separator, std::vector<std::string>& cells) {
  cells.clear();
  for (;;) {
    std::string cell;
    if (line.starts_with('"')) {
      auto rest = line.substr(1);
      if (take_quoted(rest, cell)) line = rest;
      else if (separator != '\t') return false;
    }
    const auto end = std::min(line.find(separator), line.size());
    cell += line.substr(0, end);
    cells.push_back(std::move(cell));
    if (end == line.size()) return true;
    line.remove_prefix(end + 1);
  }
}

}  // namespace

char separator_of(std::string_view header) {
  char best = '\0';
  std::ptrdiff_t most = 0;
  for (const char sign : {'\t', ',', ';'}) {
    if (const auto n = std::ranges::count(header, sign); n > most) {
      most = n;
      best = sign;
    }
  }
  return best;
}

std::vector<std::string> cells_of(std::string_view line, char separator) {
  std::vector<std::string> cells;
  split(line, separator, cells);
  return cells;
}

bool next_row(Lines& lines, char separator, std::vector<std::string>& cells) {
  std::string_view line;
  do {
    if (!lines.next(line)) return false;
  } while (line.empty());
  if (split(line, separator, cells)) return true;
  std::string whole(line);
  constexpr std::size_t longest = std::size_t{16} << 20;
  while (whole.size() < longest && lines.next(line)) {
    whole += '\n';
    whole += line;
    if (split(whole, separator, cells)) return true;
  }
  return true;  // a quote that never ends: what could be read of the row
}

}  // namespace lamin::format
