#include "format/obo_line.hpp"
#include <cstdint>
#include <cstring>
#include "base/utf8.hpp"

namespace lamin::format::obo {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

bool is_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    while (text.size() - at >= 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, text.data() + at, 8);
      if (word & 0x8080808080808080U) break;
      at += 8;
    }
    if (at < text.size() && !base::next_code_point(text, at)) return false;
  }
  return true;
}

/// Whether the byte before `at` escapes it: an odd number of backslashes.
bool is_escaped(std::string_view text, std::size_t at) {
  std::size_t count = 0;
  while (count < at && text[at - 1 - count] == '\\') ++count;
  return count % 2 == 1;
}

}  // namespace

std::string_view trim(std::string_view text) {
  while (!text.empty() && (is_blank(text.front()) || text.front() == '\r')) text.remove_prefix(1);
  while (!text.empty() && (is_blank(text.back()) || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

std::string unescape(std::string_view text) {
  if (text.find('\\') == std::string_view::npos) return std::string(text);
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    switch (char c = text[++i]) {
      case 'n': out += '\n'; break;
      case 't': out += '\t'; break;
      case 'W': out += ' '; break;
      default: out += c;
    }
  }
  return out;
}

std::string_view strip_trailers(std::string_view value) {
  for (std::size_t at = value.find('!'); at != std::string_view::npos; at = value.find('!', at + 1)) {
    if (at == 0 || is_blank(value[at - 1])) {
      value = value.substr(0, at);
      break;
    }
  }
  value = trim(value);
  if (value.ends_with('}') && !is_escaped(value, value.size() - 1)) {
    auto open = value.rfind('{');
    if (open != std::string_view::npos && open > 0 && is_blank(value[open - 1])) value = trim(value.substr(0, open));
  }
  return value;
}

std::string_view next_word(std::string_view& rest) {
  rest = trim(rest);
  if (rest.empty() || rest.front() == '{' || rest.front() == '!') return {};
  std::size_t end = 0;
  while (end < rest.size() && !is_blank(rest[end])) end += rest[end] == '\\' ? 2 : 1;
  end = end < rest.size() ? end : rest.size();
  auto word = rest.substr(0, end);
  rest.remove_prefix(end);
  return word;
}

std::optional<std::string_view> next_quoted(std::string_view& rest) {
  rest = trim(rest);
  if (!rest.starts_with('"')) return std::nullopt;
  for (auto end = rest.find('"', 1); end != std::string_view::npos; end = rest.find('"', end + 1)) {
    if (is_escaped(rest, end)) continue;
    auto text = rest.substr(1, end - 1);
    rest.remove_prefix(end + 1);
    return text;
  }
  return std::string_view();
}

std::vector<std::string> xref_list(std::string_view rest) {
  std::vector<std::string> ids;
  rest = trim(rest);
  if (!rest.starts_with('[')) return ids;
  rest.remove_prefix(1);
  while (true) {
    rest = trim(rest);
    std::size_t end = 0;
    while (end < rest.size() && rest[end] != ',' && rest[end] != ']' && !is_blank(rest[end]) && rest[end] != '"')
      end += rest[end] == '\\' ? 2 : 1;
    end = end < rest.size() ? end : rest.size();
    if (end > 0) ids.push_back(unescape(rest.substr(0, end)));
    rest = trim(rest.substr(end));
    if (rest.starts_with('"')) {
      if (const auto words = next_quoted(rest); !words->data()) return ids;
      continue;
    }
    if (rest.empty() || rest.front() == ']') return ids;
    if (rest.front() == ',') rest.remove_prefix(1);
  }
}

bool is_closed(std::string_view axioms) {
  int depth = 0;
  char until = '\0';  // the end of a text or an address
  for (std::size_t i = 0; i < axioms.size(); ++i) {
    const char c = axioms[i];
    if (c == '\\') ++i;
    else if (until != '\0') until = c == until ? '\0' : until;
    else if (c == '"' || c == '<') until = c == '"' ? '"' : '>';
    else if (c == '(') ++depth;
    else if (c == ')' && --depth < 0) return false;
  }
  return depth == 0 && until == '\0';
}

std::string_view as_utf8(std::string_view text, std::string& storage) {
  if (is_utf8(text)) return text;
  storage.reserve(text.size() + text.size() / 8);
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      storage += c;
    } else {
      storage += static_cast<char>(0xC0 | (byte >> 6));
      storage += static_cast<char>(0x80 | (byte & 0x3F));
    }
  }
  return storage;
}

}  // namespace lamin::format::obo
