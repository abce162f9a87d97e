// icd.cpp -- the International Classification of Diseases: the code files of ICD-9-CM and ICD-10-CM, and WHO's
// tabulation of ICD-11.
#include <algorithm>
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
  rest = trimmed(rest);
  const auto end = std::min(rest.find(' '), rest.size());
  const auto word = rest.substr(0, end);
  rest.remove_prefix(end);
  return word;
}

bool is_code(std::string_view word) {
  constexpr std::size_t shortest = 3, longest = 7;
  return word.size() >= shortest && word.size() <= longest && std::ranges::all_of(word, is_upper_or_digit) &&
         is_digit(word[1]) && (is_digit(word[0]) || (word[0] >= 'A' && word[0] <= 'Z'));
}

Coded coded(std::string_view line) {
  constexpr std::size_t order = 5, long_title = 77;
  auto rest = line;
  const auto first = next_word(rest);
  if (first.size() == order && std::ranges::all_of(first, is_digit) && line.size() > long_title) {
    const auto code = next_word(rest);
    const auto flag = next_word(rest);
    if (is_code(code) && (flag == "0" || flag == "1")) return {code, trimmed(line.substr(long_title))};
  }
  return is_code(first) && !trimmed(rest).empty() ? Coded{first, trimmed(rest)} : Coded{};
}

bool codes_fit(std::span<const std::string_view> head) {
  constexpr std::size_t looked_at = 10;
  const auto some = head.first(std::min(head.size(), looked_at));
  return some.size() >= 2 && std::ranges::all_of(some, [](std::string_view line) {
           return line.find('\t') == line.npos && line.find(',') != 0 && !coded(line).code.empty();
         });
}

/// "A00.0" for "A000"; "E000.0" for the external causes of ICD-9.
std::string dotted(std::string_view code) {
  const std::size_t at =
      code.front() == 'E' && std::ranges::all_of(code.substr(1), is_digit) && code.size() > 4 ? 4 : 3;
  return code.size() <= at ? std::string(code) : std::string(code.substr(0, at)) + "." + std::string(code.substr(at));
}

TermTable read_codes(Lines& lines, const TermFile&) {
  enum Field : std::size_t { id, name, parents };
  TermTable table{.format = "the codes of an ICD", .source = "icd", .organism = "human"};
  TextColumns columns({"ontology_id", "name", "parents"});
  std::unordered_set<std::string> known;
  for (std::string_view line; lines.next(line);) {
    const auto [code, title] = coded(line);
    if (code.empty()) continue;
    columns.begin();
    columns.at(id) = dotted(code);
    columns.at(name) = title;
    for (auto shorter = code.substr(0, code.size() - 1); shorter.size() >= 3; shorter.remove_suffix(1)) {
      if (!known.contains(std::string(shorter))) continue;
      columns.at(parents) = dotted(shorter);
      break;
    }
    known.emplace(code);
  }
  table.frame = columns.frame();
  return table;
}

bool tabulation_fits(std::span<const std::string_view> head) {
  const auto& header = head.front();
  return header.find("Foundation URI") != header.npos && header.find("Title") != header.npos;
}

/// Titles of ICD-11 begin with one "- " for each level; chapters and blocks have no code.
TermTable read_tabulation(Lines& lines, const TermFile&) {
  enum Field : std::size_t { id, name, parents };
  TermTable table{.format = "WHO's tabulation of ICD-11", .source = "icd", .organism = "human"};
  std::string_view header;
  lines.next(header);
  const auto separator = separator_of(header);
  const auto names = cells_of(header, separator);
  const auto column = [&](std::string_view wanted) {
    const auto at = std::ranges::find_if(names, [&](const auto& one) { return base::lower(trimmed(one)) == wanted; });
    return static_cast<std::size_t>(at - names.begin());
  };
  const auto code = column("code"), block = column("blockid"), title = column("title"), chapter = column("chapterno");
  TextColumns columns({"ontology_id", "name", "parents"});
  std::vector<std::string> above;
  for (std::vector<std::string> cells; next_row(lines, separator, cells);) {
    cells.resize(std::max(cells.size(), names.size() + 1));
    std::string_view text = cells[title];
    std::size_t level = 0;
    for (; text.starts_with("- "); text.remove_prefix(2)) ++level;
    auto own = cells[code];
    if (own.empty()) own = cells[block];
    if (own.empty()) own = cells[chapter];
    if (own.empty() || trimmed(text).empty()) continue;
    above.resize(std::min(above.size(), level));
    columns.begin();
    columns.at(id) = own;
    columns.at(name) = trimmed(text);
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
