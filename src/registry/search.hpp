// search.hpp -- rows of one registry that match a text, best first.
//
// An index finds candidates (search_index.hpp on SQLite, pg_trgm on PostgreSQL); every candidate's own text is ranked
// here (rank.hpp). So an index may return too much, and it does not matter which one exists.
//
// Invariants
//   1. Equal scores come in the order of their ids; if every row with the text is ranked, the answer depends only on
//      the rows, not on the database or index.
//   2. Without `near`, each row that contains the text is ranked if the registry has up to `all_ranked` rows, if up to
//      half of `most_ranked` rows contain it, or if there is no limit. For a text that is in more rows, those that have
//      it as a whole element are ranked first, then those that have it as a word, then, if these are fewer than the
//      limit, any, each kind in the order of the table (SQLite: by id), until there are `most_ranked`.
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
  bool near = false;        ///< rows that nearly have the text instead, by similarity
  std::int64_t limit = 20;  ///< -1 = all
  Expr within = {};         ///< only these rows
  bool any_branch = false;  ///< true: trash, archive and other branches count
  int for_beginning = 0;    ///< added to the score of a text that starts with the searched one
  std::int64_t all_ranked = 50'000;
  std::int64_t most_ranked = 1000;  ///< if not above `limit`: any rows with the text will do
  std::int64_t most_indexed = -1;   ///< index at most this many rows now; -1 = no limit
};

struct Hit {
  std::int64_t id = 0;
  double score = 0;  ///< LaminDB's rank; with `near` a similarity between 0 and 1
};

std::vector<Hit> search(Database& database, const SearchRequest& request);

/// True if the database can find names in a registry this large quickly, without reading it into memory.
bool finds_quickly(Database& database, const schema::Table& table);

}  // namespace lamin::registry
