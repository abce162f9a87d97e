// own_synonyms.hpp -- synonyms that LaminDB's `synonyms` column cannot hold: BROAD, NARROW and RELATED ones, and any
// with "|" in it. They are in lamin_synonym, which LaminDB never sees.
#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lamin/database.hpp"

namespace lamin::lake {

struct OwnSynonym {
  std::int64_t record = 0;
  std::string scope, text;
};

/// In the order of records. Does nothing if the table does not exist yet.
void each_own_synonym(Database& database, const schema::Table& table,
                      const std::function<void(std::int64_t, std::string_view, std::string_view)>& row);
/// Those of one record, in the order they were written.
std::vector<OwnSynonym> own_synonyms_of(Database& database, const schema::Table& table, std::int64_t record);
/// Replaces those of one record, by none if there are none.
void replace_own_synonyms(Database& database, const schema::Table& table, std::int64_t record,
                          std::span<const OwnSynonym> synonyms);
/// Replaces the synonyms of the records that occur in `synonyms`.
void write_own_synonyms(Database& database, const schema::Table& table, std::span<const OwnSynonym> synonyms);

}  // namespace lamin::lake
