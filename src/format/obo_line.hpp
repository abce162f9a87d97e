// obo_line.hpp -- the pieces of one OBO line: `tag: value {qualifiers} ! comment`.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lamin::format::obo {

/// "\n", "\W" (a blank), "\t" and escaped punctuation become what they stand for.
std::string unescape(std::string_view text);

/// An unquoted value without its trailing qualifiers and comment, which start with a blank and "{" or "!".
std::string_view strip_trailers(std::string_view value);

/// Takes the next word off `rest`; empty at the end, before a qualifier and before a comment.
std::string_view next_word(std::string_view& rest);

/// Takes a leading `"..."` off `rest`, still escaped. nullopt if it does not start with a quote; a view whose data is
/// null if the quote is never closed.
std::optional<std::string_view> next_quoted(std::string_view& rest);

/// The ids of a list "[PMID:1, GOC:tfm \"her words\"]" at the start of `rest`; none without a bracket.
std::vector<std::string> xref_list(std::string_view rest);

/// Whether each "(" in OWL's functional syntax has its ")"; those in texts and addresses do not count.
bool is_closed(std::string_view axioms);

std::string_view trim(std::string_view text);

/// Valid UTF-8 is returned as it is; anything else is taken for Latin-1 and converted into `storage`.
std::string_view as_utf8(std::string_view text, std::string& storage);

}  // namespace lamin::format::obo
