#include "base/front_matter.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <vector>
#include "base/text.hpp"
#include "lamin/error.hpp"

namespace lamin::base {
namespace {

constexpr std::string_view group = "lamindb:", key = "uid";

struct Header {
  std::vector<std::string> lines;
  std::string_view body;  ///< after the line that closes the header
  bool there = false;
};

/// The first line of `text`, without its end; what follows stays in `text`.
std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  auto line = text.substr(0, end);
  text.remove_prefix(end == text.npos ? text.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool is_fence(std::string_view line) { return line.starts_with("---") && trim(line) == "---"; }

Header header_of(std::string_view text) {
  Header header{.lines = {}, .body = text};
  auto rest = text;
  if (!is_fence(take_line(rest))) return header;
  while (!rest.empty()) {
    const auto line = take_line(rest);
    if (is_fence(line)) {
      header.body = rest;
      header.there = true;
      return header;
    }
    header.lines.emplace_back(line);
  }
  header.lines.clear();  // never closed: a rule across the page
  return header;
}

bool is_indented(std::string_view line) { return !line.empty() && (line[0] == ' ' || line[0] == '\t'); }
bool is_key(std::string_view line) {
  return !line.empty() && !is_indented(line) && line[0] != '#' && line.find(':') != line.npos;
}
bool is_uid(std::string_view line) {
  const auto trimmed = trim(line);
  return is_indented(line) && trim(trimmed.substr(0, trimmed.find(':'))) == key && trimmed.find(':') != trimmed.npos;
}

/// The lines below `lamindb:`, as positions [begin, end); both the size if there is no such key.
std::pair<std::size_t, std::size_t> members(const std::vector<std::string>& lines) {
  const auto at =
      std::ranges::find_if(lines, [](const std::string& line) { return trim(line) == group && is_key(line); });
  if (at == lines.end()) return {lines.size(), lines.size()};
  const auto end = std::find_if(at + 1, lines.end(), is_key);
  return {static_cast<std::size_t>(at - lines.begin()) + 1, static_cast<std::size_t>(end - lines.begin())};
}

std::string joined(const std::vector<std::string>& lines, std::string_view body, bool blank_line) {
  std::string out = "---\n";
  for (const auto& line : lines) out += line + "\n";
  out += "---\n";
  if (blank_line && !body.empty() && body[0] != '\n' && body[0] != '\r') out += "\n";
  return out.append(body);
}

}  // namespace

std::string record_uid_in(std::string_view text) {
  const auto header = header_of(text);
  const auto [begin, end] = members(header.lines);
  for (auto i = begin; i < end; ++i) {
    if (!is_uid(header.lines[i])) continue;
    auto value = trim(std::string_view(header.lines[i]).substr(header.lines[i].find(':') + 1));
    if (value.size() >= 2 && value.front() == value.back() && (value.front() == '"' || value.front() == '\''))
      value = value.substr(1, value.size() - 2);
    if (value.empty())
      throw Error(Code::invalid_argument,
                  "the header of the note has lamindb.uid without a value, it is empty: remove the line");
    return std::string(value);
  }
  return "";
}

std::string with_record_uid(std::string_view text, std::string_view uid) {
  auto header = header_of(text);
  auto& lines = header.lines;
  const auto [begin, end] = members(lines);
  const auto line = fmt::format("  {}: {}", key, uid);
  const auto first = lines.begin() + static_cast<std::ptrdiff_t>(begin),
             last = lines.begin() + static_cast<std::ptrdiff_t>(end);
  const auto held = std::find_if(first, last, is_uid);
  if (begin == lines.size() && begin == end && (lines.empty() || trim(lines.back()) != group)) {
    lines.emplace_back(group);
    lines.push_back(line);
  } else if (held != last) {
    *held = line;
    lines.erase(std::remove_if(held + 1, last, is_uid), last);
  } else {
    lines.insert(last, line);
  }
  return joined(lines, header.body, true);
}

std::string without_record_uid(std::string_view text) {
  auto header = header_of(text);
  if (!header.there) return std::string(text);
  auto& lines = header.lines;
  const auto [begin, end] = members(lines);
  if (begin == lines.size() && begin == end) return std::string(text);
  const auto first = lines.begin() + static_cast<std::ptrdiff_t>(begin),
             last = lines.begin() + static_cast<std::ptrdiff_t>(end);
  const auto kept = std::remove_if(first, last, is_uid);
  const bool others = std::any_of(first, kept, [](const std::string& line) { return !trim(line).empty(); });
  lines.erase(others ? kept : first - 1, last);
  if (std::ranges::any_of(lines, [](const std::string& line) { return !trim(line).empty(); }))
    return joined(lines, header.body, false);
  auto body = header.body;
  if (body.starts_with("\r\n")) body.remove_prefix(2);
  else if (body.starts_with('\n')) body.remove_prefix(1);
  return std::string(body);
}

std::string_view below_header(std::string_view text) {
  const auto header = header_of(text);
  if (!header.there) return text;
  auto body = header.body;
  while (body.starts_with('\n') || body.starts_with("\r\n")) body.remove_prefix(body[0] == '\r' ? 2 : 1);
  return body;
}

std::string header_text(std::string_view text, std::string_view key) {
  const auto header = header_of(text);
  std::string found;
  bool inside = false;
  for (const auto& line : header.lines) {
    if (is_key(line)) {
      const auto colon = line.find(':');
      inside = trim(std::string_view(line).substr(0, colon)) == key;
      if (inside) found = trim(std::string_view(line).substr(colon + 1));
    } else if (inside && is_indented(line)) {
      found += (found.empty() ? "" : " ") + std::string(trim(line));
    }
  }
  return found;
}

}  // namespace lamin::base
