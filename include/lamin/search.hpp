// search.hpp -- rows that answer a text, best first: of one registry or of all.
//
// A row answers if one of its texts contains the searched one. The order is LaminDB's: a text that is the searched one
// comes first, then one of whose elements ("a|b") it is, then those that have it as a word, at a beginning, anywhere;
// what several fields earn adds up. Large registries are searched through a stored index (docs/database-format.md),
// which is made by the first search and follows whatever anybody writes. Of a text that is in more than 500 rows of
// a registry of more than 50,000, up to 1,000 are ranked: whole elements first, then whole words, then any.
//
// Example: examples/cpp/search.cpp
#pragma once
#include <string>
#include <string_view>
#include <vector>
#include "lamin/instance.hpp"

namespace lamin {

struct SearchOptions {
  std::vector<std::string> fields = {};  ///< look in these only; default: every text of the registry
  std::int64_t limit = 20;               ///< -1 = all
  bool case_sensitive = false;
  /// Behind the rows that have the text come those that have it with a wrong letter, or two if it has ten.
  bool fuzzy = false;
  Expr within = {};         ///< only these rows
  bool any_branch = false;  ///< true: do not hide trash, archive and other branches
};

/// The score is LaminDB's rank, or a likeness below 1 of a row that was found by `fuzzy`.
struct Found {
  Record record;
  double score = 0;
};

/// Throws invalid_argument (no text, a field without texts), not_found (registry), unknown_field.
std::vector<Found> search(Instance& instance, std::string_view registry, std::string_view text,
                          const SearchOptions& options = {});
/// Rows of every registry whose rows have a uid. With `fields` those that have such a text; `within` is not for this.
std::vector<Found> search_all(Instance& instance, std::string_view text, const SearchOptions& options = {});

}  // namespace lamin
