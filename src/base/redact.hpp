// redact.hpp -- secrets out of what is kept or shown: source code, parameters, arguments, logs, messages, URLs.
//
// One table of forms (redact_forms.cpp: what keys and tokens of known services look like) and one list of names
// (redact_name.cpp: what a variable, option or field is called that holds one). Everything that is kept goes through
// here, below all faces. A text is read once, forwards; what a rule looks back or ahead at is bounded, so time grows
// with the length of the text and with nothing else. What was redacted once comes out as it went in.
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace lamin::base {

/// What stands in the place of a secret; LaminDB's.
inline constexpr std::string_view redaction_mark = "***REDACTED***";

/// Whether a value of this name is a secret: "api-key", "API key", "apiKey", "DB_PASSWORD", "--token"; but not
/// "tokenizer", "n_tokens", "author", "key", "token_path".
bool is_secret_name(std::string_view name);

struct Redaction {
  std::string text;
  std::size_t count = 0;  ///< how many places were redacted
};

/// Source code of any language: secrets by their form, literals that are assigned to secret names, logins in URLs. Code
/// that takes a secret from elsewhere stays as it is.
Redaction redact_source(std::string_view source);
/// Logs, messages, URLs, lists of variables: the same, and values without quotes ("TOKEN=x", "password: x", "--token
/// x").
std::string redact_text(std::string_view text);
/// The arguments of a command, joined by blanks.
std::string redact_arguments(std::span<const std::string> arguments);
/// A JSON document: values of secret names, at any depth, and whatever has the form of a secret, names included. Text
/// that is no JSON is redacted as text.
std::string redact_json(std::string_view json);

/// A message as people see it: without secrets, and with what a terminal would obey as escapes.
std::string shown(std::string_view message);

}  // namespace lamin::base
