#include "db/postgres/places.hpp"
#include <algorithm>

namespace lamin::db::postgres {
namespace {

// Position after the `end` that closes what starts at `at`.
std::size_t behind(std::string_view sql, std::size_t at, std::size_t opening, std::string_view end) {
  const auto found = sql.find(end, at + opening);
  return found == std::string_view::npos ? sql.size() : found + end.size();
}

// E'...' takes backslash escapes; elsewhere a backslash is an ordinary character. A doubled quote simply starts a
// second text.
std::size_t behind_text(std::string_view sql, std::size_t at) {
  const bool escapes = at > 0 && (sql[at - 1] == 'E' || sql[at - 1] == 'e');
  for (std::size_t i = at + 1; i < sql.size(); ++i) {
    if (escapes && sql[i] == '\\') {
      ++i;
    } else if (sql[i] == '\'') {
      return i + 1;
    }
  }
  return sql.size();
}

// $tag$ ... $tag$; returns `at` if this is not a dollar quote ("$1").
std::size_t behind_dollar(std::string_view sql, std::size_t at) {
  const auto close = sql.find('$', at + 1);
  if (close == std::string_view::npos) return at;
  const std::string_view tag = sql.substr(at, close - at + 1);
  const bool named = std::all_of(tag.begin() + 1, tag.end() - 1, [](char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  });
  if (!named || (tag.size() > 2 && tag[1] >= '0' && tag[1] <= '9')) return at;
  return behind(sql, at, tag.size(), tag);
}

}  // namespace

std::string number_places(std::string_view sql) {
  std::string result;
  result.reserve(sql.size() + 16);
  int place = 0;
  for (std::size_t at = 0; at < sql.size();) {
    const char c = sql[at];
    std::size_t end = at;
    if (c == '\'') end = behind_text(sql, at);
    if (c == '"') end = behind(sql, at, 1, "\"");
    if (c == '$') end = behind_dollar(sql, at);
    if (sql.substr(at).starts_with("--")) end = behind(sql, at, 2, "\n");
    if (sql.substr(at).starts_with("/*")) end = behind(sql, at, 2, "*/");
    if (end > at) {
      result.append(sql.substr(at, end - at));
      at = end;
    } else if (sql.substr(at).starts_with("??")) {
      result.push_back('?');
      at += 2;
    } else if (c == '?') {
      result += '$' + std::to_string(++place);
      ++at;
    } else {
      result.push_back(c);
      ++at;
    }
  }
  return result;
}

}  // namespace lamin::db::postgres
