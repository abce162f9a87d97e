// search_text.hpp -- what a trigram index keeps of a text, so that whole words and whole elements have trigrams of
// their own.
//
// Folded; every delimiter of words is a blank, every "|" and both ends are " \x02 ". So " t " is in the form of
// "T cell|t2" once, and "\x02 t2 \x02" says that "t2" is a whole element. A text contains another only if its form
// contains the other's `search_words`.
#pragma once
#include <string>
#include <string_view>

namespace lamin::db {

/// Without the ends: the form of a part of a text.
std::string search_words(std::string_view text);
/// The form of a whole text; "" for "".
std::string search_document(std::string_view text);

}  // namespace lamin::db
