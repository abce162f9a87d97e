// redact_forms.hpp -- what keys and tokens look like, whatever they are called.
#pragma once
#include <cstddef>
#include <string_view>

namespace lamin::base {

/// A part of a text; empty if there is none.
struct Span {
  std::size_t begin = 0, end = 0;
  bool empty() const { return end <= begin; }
};

/// The secret that starts at the word at `at`.
Span secret_word(std::string_view text, std::size_t at);
/// The private key whose "-----BEGIN" is at `at`.
Span private_key(std::string_view text, std::size_t at);
/// The login of the URL whose "://" is at `at`: only the password, or a token that replaces user and password.
struct Login {
  Span secret = {}, url = {};
};
Login login_of_url(std::string_view text, std::size_t at);

/// Whether a value is only a placeholder: "", "<token>", "${TOKEN}", "{token}", "%s", "***", "None".
bool is_placeholder(std::string_view value);

bool is_word(char c);   ///< letter, digit or underscore of ASCII
bool is_blank(char c);  ///< blank or tab
bool is_space(char c);  ///< or the end of a line
bool is_quote(char c);

}  // namespace lamin::base
