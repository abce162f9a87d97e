// search_trigrams.hpp -- the texts of a large registry on PostgreSQL: an index of their trigrams (pg_trgm) and of their
// words and elements, and the conditions that it can answer.
//
// Created when a large registry is first searched, never by `init` and never by a save; after that PostgreSQL keeps it
// up to date, whoever writes.
//
// Invariants
//   1. A condition holds for every row that has the text; it may hold for others, so callers look at the row itself.
//   2. The sample chooses the way to the rows, never the rows.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "registry/search.hpp"
#include "registry/search_sample.hpp"

namespace lamin::registry {

/// Where a text occurs in another: anywhere, at the start of a word, as a word.
enum class Place : std::uint8_t { part, word_begin, word };

/// A condition on the rows "t".
struct Candidates {
  std::string where;
  std::vector<Value> parameters;
};

struct TrigramIndex {
  bool by_icu = false;  ///< how texts are folded
  SearchSample sample;
};

/// The index of a registry of about `size` rows, created now if needed; nullptr if that is impossible.
const TrigramIndex* trigram_index(Database& database, const schema::Table& table, std::int64_t size);

class TrigramSearch {
 public:
  /// `wanted`: the folded text. `most`: how many rows are enough.
  TrigramSearch(const TrigramIndex& index, const SearchRequest& request, std::string wanted, std::int64_t size,
                std::int64_t most);

  /// False if the text is too short for the index.
  bool has_trigrams() const;
  /// True if, by the sample, more than half of `most` rows have the text.
  bool is_common() const;
  /// Rows that have the text, found by its rarest words; nullopt if that would take long.
  std::optional<Candidates> by_words() const;
  /// Rows that have it as a whole element.
  Candidates elements() const;
  /// Rows that have it in that place.
  Candidates in_place(Place place) const;

 private:
  struct Comparison {
    bool by_index = false;
    const char* comparator = "";
    std::string value;
  };
  using Columns = std::vector<const schema::Column*>;

  Columns columns_with_words() const;
  std::string any(const Columns& columns, const std::vector<Comparison>& comparisons, Candidates& candidates) const;
  std::string has_terms(const std::vector<std::string>& terms, Candidates& candidates) const;
  Comparison has_text(bool by_index) const;
  Comparison has_text_at_begin(bool by_index) const;
  double with_words(std::vector<std::pair<double, std::string>>& words) const;

  const TrigramIndex& index_;
  const SearchRequest& request_;
  const std::string wanted_;
  const double size_;
  const double most_;
};

}  // namespace lamin::registry
