// lost.hpp -- tables that a database had and has no more.
#pragma once
#include <string>
#include <vector>

#include "lamin/database.hpp"

namespace lamin::registry {

struct Lost {
  std::vector<std::string> own;     ///< ours, which are made again and filled as they are needed
  std::vector<std::string> others;  ///< of the catalog, with what was in them
};
/// One short query. `catalog` is what the database was last brought to. Nothing is lost where a module was never
/// installed: `modules` are those that the database carries.
Lost lost_tables(Database& db, const schema::Catalog& catalog, const std::vector<std::string>& modules);

/// Makes those of ours that do not exist. Throws no_access if the database may only be read.
void make_own_tables(Database& db);

/// What to do about tables of the catalog: a line each.
std::vector<std::string> advice(const Lost& lost);

}  // namespace lamin::registry
