// names.hpp -- names derived from other names at compile time: "CellType" -> "links_cell_type".
//
// A schema is full of such regularities. Name<> is a literal that can be a template argument; text<...>() turns the
// result into a Text.
#pragma once
#include <cstddef>
#include "lamin/text.hpp"
#include "schema/plural.hpp"

namespace lamin::modules {

template <std::size_t n>
struct Name {
  char text[n] = {};
  constexpr Name() = default;
  constexpr Name(const char (&literal)[n]) {  // NOLINT(google-explicit-constructor)
    for (std::size_t i = 0; i < n; ++i) text[i] = literal[i];
  }
};

template <std::size_t n, std::size_t m>
constexpr auto operator+(const Name<n>& a, const Name<m>& b) {
  Name<n + m - 1> out;
  for (std::size_t i = 0; i + 1 < n; ++i) out.text[i] = a.text[i];
  for (std::size_t i = 0; i < m; ++i) out.text[n - 1 + i] = b.text[i];
  return out;
}
template <std::size_t n, std::size_t m>
constexpr auto operator+(const char (&a)[n], const Name<m>& b) {
  return Name<n>(a) + b;
}
template <std::size_t n, std::size_t m>
constexpr auto operator+(const Name<n>& a, const char (&b)[m]) {
  return a + Name<m>(b);
}

constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr char to_lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

/// "CellType" -> "celltype"
template <Name name>
inline constexpr auto lower = [] {
  auto out = name;
  for (char& c : out.text) c = to_lower(c);
  return out;
}();

/// "CellType" -> "cell_type", "ULabel" -> "ulabel": a word starts at a capital that follows a small letter.
template <Name name>
inline constexpr auto snake = [] {
  constexpr auto starts_word = [](std::size_t i) {
    return i > 0 && is_upper(name.text[i]) && !is_upper(name.text[i - 1]);
  };
  constexpr std::size_t size = [=] {
    std::size_t count = sizeof(name.text);
    for (std::size_t i = 0; i < sizeof(name.text); ++i) count += starts_word(i) ? 1 : 0;
    return count;
  }();
  Name<size> out;
  std::size_t at = 0;
  for (std::size_t i = 0; i < sizeof(name.text); ++i) {
    if (starts_word(i)) out.text[at++] = '_';
    out.text[at++] = to_lower(name.text[i]);
  }
  return out;
}();

/// "Tissue" -> "tissues", "Ethnicity" -> "ethnicities"
template <Name name>
inline constexpr auto plural = [] {
  constexpr std::size_t n = sizeof(snake<name>.text) - 1;
  if constexpr (schema::plural_in_ies({snake<name>.text, n})) {
    Name<n> stem;
    for (std::size_t i = 0; i + 1 < n; ++i) stem.text[i] = snake<name>.text[i];
    return stem + "ies";
  } else {
    return snake<name> + "s";
  }
}();

template <Name name>
consteval Text text() {
  return Text(name.text);
}

}  // namespace lamin::modules
