// redact.hpp -- takes secrets out of what is kept or shown: source code, parameters, arguments, logs, messages, URLs.
//
// One table of forms (redact_forms.cpp: what keys and tokens of known services look like) and one list of names
// (redact_name.cpp: what variables, options and fields that hold one are called). Everything that is kept passes
// through here, below all faces. A text is read once, forwards; how far a rule looks back or ahead is bounded, so time
// is linear in the length of the text. Redaction is idempotent.
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace lamin::base {

/// Replaces a secret; the same as LaminDB's.
inline constexpr std::string_view redaction_mark = "***REDACTED***";

/// Whether a value of this name is a secret: true for "api-key", "API key", "apiKey", "DB_PASSWORD", "--token"; false
/// for "tokenizer", "n_tokens", "author", "key", "token_path".
bool is_secret_name(std::string_view name);

struct Redaction {
  std::string text;
  std::size_t count = 0;  ///< how many places were redacted
};

/// Source code in any language: secrets by their form, literals assigned to secret names, logins in URLs. Code that
/// takes a secret from elsewhere stays as it is.
Redaction redact_source(std::string_view source);
/// Logs, messages, URLs, lists of variables: the same, and unquoted values ("TOKEN=x", "password: x", "--token x").
std::string redact_text(std::string_view text);
/// The arguments of a command, joined by blanks.
std::string redact_arguments(std::span<const std::string> arguments);
/// A JSON document: values of secret names at any depth, and anything that has the form of a secret, names included.
/// Text that is not JSON is redacted as text.
std::string redact_json(std::string_view json);

/// A message as people see it: without secrets, and with terminal control characters escaped.
std::string shown(std::string_view message);

}  // namespace lamin::base
