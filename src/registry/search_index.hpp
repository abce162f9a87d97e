// search_index.hpp -- stored trigrams of the texts of a large registry on SQLite, by FTS5.
//
// Made when a large registry is first searched, never by `init` and never by a save. LaminDB and plain SQL write on as
// if there were none.
//
// Invariants
//   1. The index lamin_search_<table> holds every row up to lamin_search.last_id, except those noted in
//      lamin_search_change: triggers note what is changed or put in below last_id, by whomever. They name no column but
//      the id, so that any migration of the table can run; one that makes the table anew drops them, and without them
//      the index is made anew as well.
//   2. A search asks the index and reads the rows above last_id and the noted ones besides, all in one snapshot. So an
//      index that lags behind is right, only slower; it catches up when a thousand rows wait and nobody else writes.
//   3. Rows that are gone or were changed may still be in the index: who asks looks at the row itself.
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

/// Registries up to this size are read as they are: about as quick, and nothing has to be kept.
constexpr std::int64_t small_registry = 10'000;

/// The columns that a search looks in if none is named: every text of the registry.
std::vector<const schema::Column*> searched_columns(const schema::Table& table);
/// About how many rows: the highest id.
std::int64_t size_of(Database& database, const schema::Table& table);

void warn_of_no_index(const schema::Table& table, const Error& error);

struct SearchIndex {
  std::int64_t number = 0;  ///< of the registry in lamin_search_change
  std::int64_t rows = 0;    ///< of the registry, about
  std::string table;        ///< the index; one column a text, called c<position>
};

/// Makes it if it is missing, catches up if it lags far behind; gives up if that means more than `most` rows
/// (-1: never). nullopt: read the registry itself.
std::optional<SearchIndex> search_index(Database& database, const schema::Table& table, std::int64_t most);

// -- what to ask FTS5 for --------------------------------------------------------------------------------------------

/// A trigram, quoted. Those of one word stand together in many texts, so one of them says nearly as much as all.
struct Trigram {
  std::string text;
  std::size_t word = 0;  ///< where its word begins; one across two words is alone
};
/// Trigrams that are all there in what has the text: none where it is too short to ask for.
using Trigrams = std::vector<Trigram>;
Trigrams terms_of_part(std::string_view text);     ///< contains it
Trigrams terms_of_word(std::string_view text);     ///< has it between delimiters
Trigrams terms_of_element(std::string_view text);  ///< has it as a whole element
Trigrams terms_of_word_begin(std::string_view text);
Trigrams terms_of_word_end(std::string_view text);

/// What matches all of the terms.
std::string all_of(const Trigrams& terms);
/// What matches all of the terms, or a few more rows: the rarest of each word, until few rows can be left.
std::string match_all(Database& database, const SearchIndex& index, const Trigrams& terms);
/// What may have the text with wrong letters; "" if too little of it need be left.
std::string match_near(std::string_view text);
/// Has it anywhere, for texts of one or two letters; "" if nothing does, nullopt if very much does.
std::optional<std::string> match_short(Database& database, const SearchIndex& index, std::string_view text);
/// The same in some columns only.
std::string match_in(const std::string& match, std::span<const schema::Column* const> columns);

}  // namespace lamin::registry
