// icd.cpp -- the International Classification of Diseases: the code files of ICD-9-CM and ICD-10-CM, and WHO's
// tabulation of ICD-11.
#include <algorithm>
#include <array>
#include <cctype>
#include <unordered_set>
#include "base/text.hpp"
#include "format/delimited.hpp"
#include "format/term_table.hpp"

namespace lamin::format {
namespace {

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
bool is_upper_or_digit(char c) { return is_digit(c) || (c >= 'A' && c <= 'Z'); }

/// A code without its dot and a title: "A000    Cholera due to ...", or the order file's
/// "00002 A000    1 Cholera due to ...                  Cholera due to ...".
struct Coded {
  std::string_view code, title;
};

std::string_view next_word(std::string_view& rest) {
  rest = base::trim(rest);
  const auto end = std::min(rest.find(' '), rest.size());
  const auto word = rest.substr(0, end);
  rest.remove_prefix(end);
  return word;
}

enum class Revision { none, nine, ten };

/// "0010", "V012", "E0000" of ICD-9-CM; "A000", "S72001A" of ICD-10-CM.
Revision revision_of(std::string_view code) {
  constexpr std::size_t shortest = 3, longest_of_nine = 5, longest = 7;
  if (code.size() < shortest || code.size() > longest || !std::ranges::all_of(code, is_upper_or_digit))
    return Revision::none;
  const bool digits = std::ranges::all_of(code.substr(1), is_digit);
  if (code.size() <= longest_of_nine && digits && is_digit(code[0])) return Revision::nine;
  return !is_digit(code[0]) && is_digit(code[1]) ? Revision::ten : Revision::none;  // or V012 and E0000 of ICD-9
}

Coded coded(std::string_view line) {
  constexpr std::size_t order = 5, long_title = 77;
  auto rest = line;
  const auto first = next_word(rest);
  if (first.size() == order && std::ranges::all_of(first, is_digit) && line.size() > long_title) {
    const auto code = next_word(rest);
    const auto flag = next_word(rest);
    if (revision_of(code) != Revision::none && (flag == "0" || flag == "1"))
      return {code, base::trim(line.substr(long_title))};
  }
  return revision_of(first) != Revision::none && !base::trim(rest).empty() ? Coded{first, base::trim(rest)} : Coded{};
}

/// The files have columns of fixed width, in the order of the codes: titles begin in the same place, which is that of
/// ICD-9 (after 5 signs of code and a blank) or of ICD-10 (after 7), or of the order file.
bool codes_fit(std::span<const std::string_view> head) {
  constexpr std::size_t looked_at = 20, fewest = 2;
  constexpr std::array<std::ptrdiff_t, 3> titles_at{6, 8, 77};
  const auto some = head.first(std::min(head.size(), looked_at));
  std::ptrdiff_t place = 0;
  std::string_view before;
  std::size_t n = 0;
  for (const auto line : some) {
    const auto [code, title] = coded(line);
    if (code.empty() || code <= before || line.find('\t') != line.npos) return false;
    const auto at = title.data() - line.data();
    const bool of_nine = revision_of(code) == Revision::nine || code.front() == 'V' || code.front() == 'E';
    if (std::ranges::find(titles_at, at) == titles_at.end() || (n > 0 && at != place)) return false;
    if (at == titles_at[0] && !of_nine) return false;
    if (at != titles_at[0] && revision_of(code) != Revision::ten) return false;
    place = at;
    before = code;
    ++n;
  }
  return n >= fewest;
}

/// "A00.0" for "A000"; "E000.0" for the external causes of ICD-9.
std::string dotted(std::string_view code) {
  const std::size_t at =
      code.front() == 'E' && std::ranges::all_of(code.substr(1), is_digit) && code.size() > 4 ? 4 : 3;
  return code.size() <= at ? std::string(code) : std::string(code.substr(0, at)) + "." + std::string(code.substr(at));
}

TermTable read_codes(Lines& lines, const TermFile& file) {
  enum Field : std::size_t { id, name, parents };
  TermTable table{.format = "the codes of an ICD", .source = "icd", .organism = "human"};
  TextColumns columns({"ontology_id", "name", "parents"}, file.budget);
  std::unordered_set<std::string> known;
  for (std::string_view line; lines.next(line);) {
    if (base::trim(line).empty()) continue;
    const auto [code, title] = coded(line);
    if (code.empty()) {
      table.complaints.add(Place{lines.number()}, "neither a code nor a title");
      continue;
    }
    columns.begin();
    columns.at(id) = dotted(code);
    columns.at(name) = title;
    for (auto shorter = code.substr(0, code.size() - 1); shorter.size() >= 3; shorter.remove_suffix(1)) {
      if (!known.contains(std::string(shorter))) continue;
      columns.at(parents) = dotted(shorter);
      break;
    }
    constexpr std::size_t node = 64;
    if (known.emplace(code).second) file.budget.take(1, node, "its codes");
  }
  table.frame = columns.frame();
  return table;
}

bool tabulation_fits(std::span<const std::string_view> head) {
  const auto& header = head.front();
  return header.find("Foundation URI") != header.npos && header.find("Title") != header.npos;
}

/// Titles of ICD-11 begin with one "- " for each level; chapters and blocks have no code.
TermTable read_tabulation(Lines& lines, const TermFile& file) {
  enum Field : std::size_t { id, name, parents };
  TermTable table{.format = "WHO's tabulation of ICD-11", .source = "icd", .organism = "human"};
  std::string_view header;
  lines.next(header);
  const auto separator = separator_of(header);
  const auto names = header_of(header, separator, file.budget);
  const auto column = [&](std::string_view wanted) {
    const auto at =
        std::ranges::find_if(names, [&](const auto& one) { return base::lower(base::trim(one)) == wanted; });
    return static_cast<std::size_t>(at - names.begin());
  };
  const auto code = column("code"), block = column("blockid"), title = column("title"), chapter = column("chapterno");
  TextColumns columns({"ontology_id", "name", "parents"}, file.budget);
  std::vector<std::string> above;
  TableRows rows(lines, separator, names.size(), table.complaints);
  for (std::vector<std::string> cells; rows.next(cells);) {
    cells.emplace_back();  // of columns that the file lacks
    std::string_view text = cells[title];
    std::size_t level = 0;
    for (; text.starts_with("- "); text.remove_prefix(2)) ++level;
    auto own = cells[code];
    if (own.empty()) own = cells[block];
    if (own.empty()) own = cells[chapter];
    if (own.empty() || base::trim(text).empty()) {
      table.complaints.add(Place{rows.line()}, own.empty() ? "a row without a code" : "a row without a title");
      continue;
    }
    above.resize(std::min(above.size(), level));
    columns.begin();
    columns.at(id) = own;
    columns.at(name) = base::trim(text);
    if (!above.empty()) columns.at(parents) = above.back();
    above.resize(level);
    above.push_back(own);
  }
  table.frame = columns.frame();
  return table;
}

}  // namespace

const TermReader icd_codes{codes_fit, read_codes};
const TermReader icd_tabulation{tabulation_fits, read_tabulation};

}  // namespace lamin::format
