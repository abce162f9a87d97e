// search_text.hpp -- the form of a text that a trigram index keeps, so that whole words and whole elements have their
// own trigrams.
//
// Case-folded; every word delimiter is a blank; every "|" and both ends are " \x02 ". So " t " occurs once in the form
// of "T cell|t2", and "\x02 t2 \x02" says that "t2" is a whole element. A text contains another only if its form
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
