// search_index.hpp -- stored trigrams of the texts of a large registry on SQLite, by FTS5.
//
// Created when a large registry is first searched, never by `init` and never by a save. LaminDB and plain SQL go on
// writing as if there were none.
//
// Invariants
//   1. The index lamin_search_<table> holds every row up to lamin_search.last_id, except those noted in
//      lamin_search_change: triggers note what anybody changes or inserts below last_id. They name no column but the
//      id, so that any migration of the table can run; one that rebuilds the table drops them, and without them the
//      index is rebuilt as well.
//   2. A search asks the index and also reads the rows above last_id and the noted ones, all in one snapshot. So an
//      index that lags behind is right, only slower; it catches up when a thousand rows wait and nobody else writes.
//   3. Deleted or changed rows may still be in the index: callers look at the row itself.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lamin/database.hpp"
#include "lamin/error.hpp"

namespace lamin::registry {

/// Registries up to this size are read directly: about as quick, and nothing has to be stored.
constexpr std::int64_t small_registry = 10'000;

/// The columns that a search looks in by default: every text of the registry.
std::vector<const schema::Column*> searched_columns(const schema::Table& table);

void warn_of_no_index(Database& database, const schema::Table& table, const Error& error);

struct SearchIndex {
  std::int64_t number = 0;  ///< of the registry in lamin_search_change
  std::int64_t rows = 0;    ///< of the registry, estimated
  std::string table;        ///< the index; one column per text, called c<position>
};

/// Creates it if it is missing, catches up if it lags far behind; gives up if that means more than `most` rows (-1:
/// never). nullopt: read the registry itself.
std::optional<SearchIndex> search_index(Database& database, const schema::Table& table, std::int64_t most);

// -- what to ask FTS5 for --------------------------------------------------------------------------------------------

/// A trigram, quoted. Those of one word often occur together, so one of them says nearly as much as all.
struct Trigram {
  std::string text;
  std::size_t word = 0;  ///< where its word starts; one across two words counts separately
};
/// Trigrams that are all in any row with the text: none if it is too short.
using Trigrams = std::vector<Trigram>;
Trigrams terms_of_part(std::string_view text);     ///< contains it
Trigrams terms_of_word(std::string_view text);     ///< has it between delimiters
Trigrams terms_of_element(std::string_view text);  ///< has it as a whole element
Trigrams terms_of_word_begin(std::string_view text);
Trigrams terms_of_word_end(std::string_view text);

/// Matches rows with all of the terms.
std::string all_of(const Trigrams& terms);
/// Matches rows with all of the terms, or a few more: takes the rarest of each word, until few rows can be left.
std::string match_all(Database& database, const SearchIndex& index, const Trigrams& terms);
/// Matches rows that may have the text with wrong letters; "" if too little of it is certain to remain.
std::string match_near(std::string_view text);
/// Matches rows that have it anywhere, for texts of one or two letters; "" if none do, nullopt if too many terms do.
std::optional<std::string> match_short(Database& database, const SearchIndex& index, std::string_view text);
/// The same in some columns only.
std::string match_in(const std::string& match, std::span<const schema::Column* const> columns);

}  // namespace lamin::registry
