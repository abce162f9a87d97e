#include "format/delimited.hpp"
#include <fmt/format.h>
#include <algorithm>
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

/// Takes a quoted cell, or what of it is in this line, from after its opening quote; false if it is not closed there.
bool take_closed(std::string_view& rest, std::string& cell) {
  for (;;) {
    const auto quote = std::min(rest.find('"'), rest.size());
    cell += rest.substr(0, quote);
    rest.remove_prefix(quote);
    if (rest.empty()) return false;
    rest.remove_prefix(1);
    if (!rest.starts_with('"')) return true;
    cell += '"';
    rest.remove_prefix(1);
  }
}

bool ends_cell(std::string_view rest, char separator) { return rest.empty() || rest.front() == separator; }

/// A quote that is closed within the line, at the end of its cell; otherwise it is part of the text.
bool take_in_line(std::string_view& line, char separator, std::string& cell) {
  std::string text;
  auto rest = line.substr(1);
  if (!take_closed(rest, text) || !ends_cell(rest, separator)) return false;
  cell = std::move(text);
  line = rest;
  return true;
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
  for (;;) {
    auto& cell = cells.emplace_back();
    if (line.starts_with('"')) take_in_line(line, separator, cell);
    const auto end = std::min(line.find(separator), line.size());
    cell += line.substr(0, end);
    if (end == line.size()) return cells;
    line.remove_prefix(end + 1);
  }
}

void TableRows::fail(std::int64_t line, std::string_view why) const {
  throw Error(Code::corrupt, fmt::format("'{}', line {}: {}.", lines_.name(), line, why));
}

/// A quoted cell, which may go on in further lines.
bool TableRows::take_quoted(std::string& cell) {
  if (separator_ == '\t') return take_in_line(rest_, separator_, cell);
  const auto opened = lines_.number();
  auto whole = rest_;
  whole.remove_prefix(1);
  while (!take_closed(whole, cell)) {
    if (cell.size() > longest_cell)
      fail(opened, fmt::format("a quote is opened but not closed within {} MiB", longest_cell >> 20));
    if (!lines_.next(whole)) fail(opened, "a quote is opened but never closed");
    cell += '\n';
  }
  const bool one_line = opened == lines_.number();
  if (!ends_cell(whole, separator_)) {
    if (!one_line) {
      fail(opened, fmt::format("a quote is opened that ends in line {}, in the middle of a cell: one of the two is "
                               "part of the text and must be doubled",
                               lines_.number()));
    }
    cell.clear();  // 5" or "a" b: a text with quotes in it
    return false;
  }
  rest_ = whole;
  return true;
}

/// The cells of the line at hand; of a row that is too long, only as many as the header has are kept. False if their
/// number is not the header's.
bool TableRows::split(std::vector<std::string>& cells) {
  cells.resize(columns_);
  std::size_t n = 0;
  bool beyond = false;  // a cell that is not empty
  for (std::string further;; rest_.remove_prefix(1), ++n) {
    auto& cell = n < columns_ ? cells[n] : further;
    cell.clear();
    if (rest_.starts_with('"')) take_quoted(cell);
    const auto end = std::min(rest_.find(separator_), rest_.size());
    cell += rest_.substr(0, end);
    beyond = beyond || (n >= columns_ && !cell.empty());
    rest_.remove_prefix(end);
    if (rest_.empty()) break;
  }
  ++n;
  if (n >= columns_ && !beyond) return true;
  complain(n);
  return false;
}

void TableRows::complain(std::size_t cells) {
  const bool last = !lines_.ended_by_newline();
  complaints_.add(Place{line_}, fmt::format("{} cell{} in a table of {} column{}{}", cells, cells == 1 ? "" : "s",
                                            columns_, columns_ == 1 ? "" : "s",
                                            last && cells < columns_ ? ", where the file ends: it was cut short" : ""));
}

bool TableRows::next(std::vector<std::string>& cells) {
  while (lines_.next(rest_)) {
    line_ = lines_.number();
    if (!rest_.empty() && split(cells)) return true;
  }
  return false;
}

}  // namespace lamin::format
