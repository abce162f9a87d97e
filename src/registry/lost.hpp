// lost.hpp -- tables that a database had and has no longer.
#pragma once
#include <string>
#include <vector>

#include "lamin/database.hpp"

namespace lamin::registry {

struct Lost {
  std::vector<std::string> own;     ///< own_tables.hpp's, which are recreated and filled as needed
  std::vector<std::string> others;  ///< the catalog's, whose content is lost
};
/// One short query. `catalog` is the one that the database was last migrated to. A module that was never installed has
/// lost nothing: `modules` are those that the database carries.
Lost lost_tables(Database& db, const schema::Catalog& catalog, const std::vector<std::string>& modules);

/// Creates missing tables of own_tables.hpp. Throws no_access if the database may only be read.
void make_own_tables(Database& db);

/// What to do about lost tables of the catalog, one line each.
std::vector<std::string> advice(const Lost& lost);

}  // namespace lamin::registry
