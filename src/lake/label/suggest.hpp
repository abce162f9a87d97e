// suggest.hpp -- ranked guesses for a value that is neither registered nor a synonym.
//
// Similarity is the best of edit distance, shared trigrams and shared words, over names and synonyms of every scope,
// ignoring case. A few spellings that biologists use are also tried: "CD4+" for "CD4-positive", a plural, a missing
// "cell".
#pragma once
#include <string_view>
#include <vector>

#include "lake/label/value_index.hpp"
#include "lamin/label.hpp"

namespace lamin::lake {

/// The text without white space around it, and with one blank for any other white space (also that of Unicode).
std::string squeezed(std::string_view text);

/// Best first, one per row, at most `limit`; none with a similarity below one half.
std::vector<Suggestion> suggest(const ValueIndex& index, std::string_view value, std::size_t limit = 3);

/// Where one is more alike than another by this, the other would only distract.
constexpr double distracts = 0.15;
/// The best of two lists; of equals those of the first. What would only distract is left out.
std::vector<Suggestion> best_of(std::vector<Suggestion> first, std::vector<Suggestion> second, std::size_t limit = 3);

/// The first 80 % of the letters of a text with more than five.
std::string beginning(std::string_view value);

/// Values that contain the `beginning` of `value` (ignoring case), for LaminDB's warning about duplicates; best first.
std::vector<std::string> values_like(const ValueIndex& index, std::string_view value, std::size_t limit = 3);

}  // namespace lamin::lake
