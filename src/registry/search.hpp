// search.hpp -- rows of one registry that answer a text, best first.
//
// An index finds candidates (search_index.hpp on SQLite, pg_trgm on PostgreSQL), every candidate's own text is ranked
// here (rank.hpp): so an index may hold too much, and it does not matter which one there is.
//
// Invariants
//   1. Equal scores come in the order of their ids; where every row with the text is ranked, the answer depends on the
//      rows alone, not on the database or index.
//   2. Without `near`, each row that contains the text is ranked if the registry has up to `all_ranked` rows, if up to
//      half of `most_ranked` rows contain it, or if there is no limit. Of a text that is in more rows, those are ranked
//      that have it as a whole element, then those that have it as a word, then, if these are fewer than the limit,
//      any, each kind in the order of the table (SQLite: by id), until there are `most_ranked`.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "lamin/database.hpp"

namespace lamin::registry {

struct SearchRequest {
  const schema::Table* table = nullptr;
  std::vector<const schema::Column*> columns;  ///< texts to look in
  std::string text;                            ///< not empty
  bool case_sensitive = false;
  bool near = false;        ///< rows that nearly have the text instead, by their likeness
  std::int64_t limit = 20;  ///< -1 = all
  Expr within = {};         ///< only these rows
  bool any_branch = false;  ///< true: trash, archive and other branches count
  int for_beginning = 0;    ///< added to the score of a text that begins with the searched one
  std::int64_t all_ranked = 50'000;
  std::int64_t most_ranked = 1000;  ///< no more than `limit`: any rows with the text will do
  std::int64_t most_indexed = -1;   ///< index no more rows than this now; -1 = whatever it takes
};

struct Hit {
  std::int64_t id = 0;
  double score = 0;  ///< LaminDB's rank; a likeness between 0 and 1 with `near`
};

std::vector<Hit> search(Database& database, const SearchRequest& request);

/// True if the database can find the names of so large a registry quickly, without reading it into memory.
bool finds_quickly(Database& database, const schema::Table& table);

}  // namespace lamin::registry
