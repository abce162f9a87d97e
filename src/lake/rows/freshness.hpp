// freshness.hpp -- whether data read from a table may still be used.
#pragma once
#include <cstdint>

#include "lamin/database.hpp"

namespace lamin::lake {

/// A stamp of a table's state, taken before it is read. If two stamps are equal, nothing was written in between.
struct Freshness {
  bool known = false;       ///< false: the database cannot tell, nothing may be cached
  std::int64_t others = 0;  ///< db::committed_state
  std::int64_t own = 0;     ///< rows of this table written through this Database
  bool operator==(const Freshness&) const = default;
};
Freshness freshness(Database& database, const schema::Table& table);

/// True if the only writes between the two are inserts with ids above `last_id`.
bool only_inserts(Database& database, const schema::Table& table, const Freshness& before, const Freshness& now,
                  std::int64_t last_id);

}  // namespace lamin::lake
