// search.hpp -- rows that match a text, best first: of one registry or of all.
//
// A row matches if one of its texts contains the searched text. The order is LaminDB's: texts equal to it come first,
// then those with an equal element ("a|b"), then those that contain it as a word, at the start of a word, anywhere; the
// scores of several fields add up. Large registries are searched through a stored index (docs/database-format.md),
// which is created by the first search and follows all writes, by any program. If a text is in more than 500 rows of a
// registry of more than 50,000, up to 1,000 are ranked: whole elements first, then whole words, then any.
//
// Example: examples/cpp/search.cpp
#pragma once
#include <string>
#include <string_view>
#include <vector>
#include "lamin/instance.hpp"

namespace lamin {

struct SearchOptions {
  std::vector<std::string> fields = {};  ///< search only these; default: every text of the registry
  std::int64_t limit = 20;               ///< -1 = all
  bool case_sensitive = false;
  /// After the rows that contain the text, return those that contain it with one wrong letter, or two if it has ten.
  bool fuzzy = false;
  Expr within = {};         ///< only these rows
  bool any_branch = false;  ///< true: include trash, archive and other branches
};

/// The score is LaminDB's rank, or a similarity below 1 for a row found by `fuzzy`.
struct Found {
  Record record;
  double score = 0;
};

/// Throws invalid_argument (empty text, a field that is not text), not_found (registry), unknown_field.
std::vector<Found> search(Instance& instance, std::string_view registry, std::string_view text,
                          const SearchOptions& options = {});
/// Rows of every registry that has uids. With `fields`, of those that have such a text field; `within` does not apply.
std::vector<Found> search_all(Instance& instance, std::string_view text, const SearchOptions& options = {});

}  // namespace lamin
