#include "format/python_text.hpp"
#include <algorithm>
#include <array>
#include <cctype>

namespace lamin::format {
namespace {

constexpr std::string_view blanks = " \t\r\f\v";

bool is_letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 && static_cast<unsigned char>(c) < 0x80;
}
bool is_blank(char c) { return blanks.find(c) != blanks.npos; }

std::string_view without_blanks(std::string_view text) {
  const auto begin = text.find_first_not_of(blanks);
  return begin == text.npos ? std::string_view() : text.substr(begin);
}
bool is_empty(std::string_view line) { return without_blanks(line).empty(); }

/// Without "# " or "#", any number of them.
std::string_view without_comments(std::string_view text) {
  while (text.starts_with('#')) text.remove_prefix(text.starts_with("# ") ? 2 : 1);
  return text;
}

/// "%x", "%%x", "%%%x"
bool is_percent_command(std::string_view text) {
  const auto percents = std::min(text.find_first_not_of('%'), text.size());
  return percents >= 1 && percents <= 3 && percents < text.size() && is_letter(text[percents]);
}

bool is_help_or_bash(std::string_view line) {
  auto text = without_blanks(line);
  if (text.starts_with('#')) text = without_blanks(without_comments(text));
  if (!text.starts_with('?') && !text.starts_with('!')) return false;
  text = without_blanks(text.substr(1));
  constexpr std::string_view others = ".~$\\/{}";
  return !text.empty() && (is_letter(text[0]) || others.find(text[0]) != others.npos);
}

/// x = %magic, x = !command
bool is_assigned_magic(std::string_view line) {
  auto text = without_blanks(without_comments(line));
  const auto is_name = [](char c) { return is_letter(c) || c == '_' || c == '$' || (c >= '0' && c <= '9'); };
  if (text.empty() || !(is_letter(text[0]) || text[0] == '_')) return false;
  while (!text.empty() && is_name(text[0])) text.remove_prefix(1);
  text = without_blanks(text);
  if (!text.starts_with('=')) return false;
  text = without_blanks(text.substr(1));
  return is_percent_command(text) || (text.size() > 1 && text[0] == '!' && is_letter(text[1]));
}

/// "print?", which IPython answers with help
bool is_help(std::string_view line) {
  auto text = without_blanks(line);
  while (text.starts_with("# ")) text.remove_prefix(2);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text.ends_with('?') && text.find_first_of(blanks) == text.npos;
}

/// A command of the shell that is neither assigned to nor called.
bool is_shell_word(std::string_view line) {
  constexpr std::array words = {"cat",  "cd",   "cp",   "mv", "rm",   "rmdir", "mkdir",
                                "copy", "ddir", "echo", "ls", "ldir", "ren"};
  const auto text = without_comments(line);
  return std::ranges::any_of(words, [&](std::string_view word) {
    if (!text.starts_with(word)) return false;
    const auto rest = text.substr(word.size());
    if (rest.empty()) return true;
    if (!is_blank(rest[0])) return false;
    return rest.size() == 1 || (rest[1] != '=' && rest[1] != ',');
  });
}

bool continues(std::string_view line) {
  while (!line.empty() && is_blank(line.back())) line.remove_suffix(1);
  return line.ends_with('\\');
}

template <class Change>
void change_magics(std::vector<std::string>& lines, Change&& change) {
  QuoteScan scan;
  bool continued = false;
  for (auto& line : lines) {
    const std::string before = line;
    if (!scan.quoted() && (continued || is_magic(line))) {
      line = change(before, continued);
      continued = continues(before);
    }
    scan.read(before);
  }
}

bool starts_definition(std::string_view line) {
  return line.starts_with("def ") || line.starts_with("async ") || line.starts_with("class ");
}

bool begins_with_definition(std::span<const std::string> lines) {
  QuoteScan scan;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = lines[i];
    const bool quoted = scan.quoted();
    scan.read(line);
    if (quoted) continue;
    if (is_empty(line)) {
      if (i > 0 && is_empty(lines[i - 1])) return false;
      continue;
    }
    if (starts_definition(line)) return true;
    constexpr std::string_view passed = "#@ )";
    if (passed.find(line[0]) == passed.npos) return false;
  }
  return false;
}

bool ends_with_definition(std::span<const std::string> lines) {
  std::vector<std::string_view> outside;
  QuoteScan scan;
  for (const auto& line : lines) {
    if (!scan.quoted()) outside.push_back(line);
    scan.read(line);
  }
  std::ranges::reverse(outside);
  for (std::size_t i = 0; i < outside.size(); ++i) {
    const auto line = outside[i];
    if (is_empty(line)) {
      if (i > 0 && is_empty(outside[i - 1])) return false;
      continue;
    }
    constexpr std::string_view passed = "# )";
    if (passed.find(line[0]) != passed.npos) continue;
    return starts_definition(line);
  }
  return false;
}

bool has_code(std::span<const std::string> lines) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto text = without_blanks(lines[i]);
    if (text.starts_with('#')) continue;
    if (!text.empty()) return true;
    if (i > 0 && is_empty(lines[i - 1])) return false;
  }
  return false;
}

}  // namespace

void QuoteScan::read(std::string_view line) {
  if (triple_ == 0 && without_blanks(line).starts_with('#')) return;
  char single = 0;
  std::ptrdiff_t triple_at = -1;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (single == 0 && triple_ == 0 && c == '#') break;
    if (c != '"' && c != '\'') continue;
    if (i > 0 && line[i - 1] == '\\') continue;
    if (single == c) {
      single = 0;
      continue;
    }
    if (single != 0) continue;
    const bool three = i >= 2 && line[i - 1] == c && line[i - 2] == c;
    if (three && static_cast<std::ptrdiff_t>(i) >= triple_at + 3) {
      if (triple_ == c) {
        triple_ = 0;
        triple_at = static_cast<std::ptrdiff_t>(i);
      } else if (triple_ == 0) {
        triple_ = c;
        triple_at = static_cast<std::ptrdiff_t>(i);
      }
      continue;
    }
    if (triple_ == 0) single = c;
  }
}

std::vector<std::string> lines_of_cell(std::string_view source) {
  std::vector<std::string> lines;
  for (;;) {
    const auto end = source.find('\n');
    auto line = source.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.emplace_back(line);
    if (end == source.npos) return lines;
    source.remove_prefix(end + 1);
  }
}

bool is_magic(std::string_view line) {
  const auto text = without_blanks(line);
  if (const auto command = without_comments(text); is_percent_command(command)) {
    const auto mark = command.find('#');
    const auto word = mark == command.npos ? std::string_view() : without_blanks(command.substr(mark + 1));
    return !word.starts_with("noescape");
  }
  return is_help_or_bash(line) || is_assigned_magic(line) || is_help(line) || is_shell_word(line);
}

void comment_magics(std::vector<std::string>& lines) {
  change_magics(lines, [](const std::string& line, bool continued) {
    if (continued) return "# " + line;
    const auto text = without_blanks(line);
    return line.substr(0, line.size() - text.size()) + "# " + std::string(text);
  });
}

void uncomment_magics(std::vector<std::string>& lines) {
  change_magics(lines, [](const std::string& line, bool) {
    auto text = without_blanks(line);
    const auto indent = line.substr(0, line.size() - text.size());
    if (text.starts_with('#')) text.remove_prefix(text.starts_with("# ") ? 2 : 1);
    return indent + std::string(text);
  });
}

int blank_lines_between(std::span<const std::string> before, std::span<const std::string> after) {
  if (after.empty()) return 1;
  if (before.empty()) return 0;
  if (ends_with_definition(before)) return has_code(after) ? 2 : 1;
  const std::string_view last = before.back();
  const bool ends_with_code = !is_empty(last) && !last.starts_with('#');
  return ends_with_code && begins_with_definition(after) ? 2 : 1;
}

}  // namespace lamin::format
