// rank.hpp -- how well a text matches a search, as LaminDB counts it.
#pragma once
#include <string_view>

namespace lamin::registry {

/// Whether the character separates words.
bool is_delimiter(char c);

/// Sum of: 200 equal; 200 one whole element of a "|" list; 10 delimited on both sides; 8 begins an element's word; 2
/// preceded by start, blank or "|"; 2 followed by end or a delimiter; 1 contains it. 0 = does not contain it. Both
/// texts must be in the same case.
int rank_text(std::string_view text, std::string_view part);

}  // namespace lamin::registry
