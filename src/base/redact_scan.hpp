// redact_scan.hpp -- finds names, values and literals in a text. Positions are in bytes; npos means "none".
#pragma once
#include <cstddef>
#include <string_view>

namespace lamin::base {

/// A quoted literal: its content, and where the text after it starts.
struct Literal {
  std::size_t begin = std::string_view::npos, end = 0, after = 0;
  explicit operator bool() const { return begin != std::string_view::npos; }
};
/// The literal at `at`, which is its quote or the letters before it (b"", f''); quotes may be escaped, as in JSON.
Literal literal_at(std::string_view text, std::size_t at);

/// The name that ends before `end`, and how it is written.
struct Name {
  std::string_view text = {};
  std::size_t begin = 0;
  bool quoted = false;  ///< "name", ["name"]
};
Name name_before(std::string_view text, std::size_t end);
/// The same with up to two more words before it: "secret access key".
Name longer_name(std::string_view text, const Name& name);

/// How far a rule looks ahead for the end of a value.
inline constexpr std::size_t longest_value = 1024;

/// A literal that is filled in elsewhere: "Bearer {token}", "%s:%s".
bool is_template(std::string_view value);

std::size_t skip_blanks(std::string_view text, std::size_t at);
std::size_t skip_spaces(std::string_view text, std::size_t at);
std::size_t end_of_line(std::string_view text, std::size_t at);  ///< at most longest_value ahead

}  // namespace lamin::base
