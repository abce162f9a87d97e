// carried.hpp -- the modules that a database carries, as JSON in lamin_module, one row per module.
//
// This lets a program serve the registries of a plug-in that it does not have. A database that LaminDB made carries
// none. The row "#catalog" holds a fingerprint of the tables that the database was last migrated to.
#pragma once
#include <map>
#include <span>
#include <string>
#include <vector>

#include "lamin/database.hpp"

namespace lamin::registry {

struct StoredModules {
  bool any = false;  ///< false if LaminDB made the database
  std::string fingerprint;
  std::vector<std::string> names;              ///< all modules
  std::map<std::string, std::string> plugins;  ///< those that are not built in: name -> JSON
};

/// Two short queries.
StoredModules carried(db::Connection& connection);

/// Built-in modules by name, those that the database carries, and `given` plug-ins, which replace carried ones of the
/// same name. Any other name is skipped with a warning: LaminDB may have stored it. Throws conflict if a carried module
/// was written by a newer program, invalid_argument if a given one is not sound.
schema::Catalog catalog_for(const StoredModules& there, std::span<const std::string> names,
                            std::span<const schema::Module> given = {});

/// The catalog that the database was made for, including built-in modules.
schema::Catalog stored_catalog(db::Connection& connection);

/// Writes all modules of the catalog and its fingerprint.
void carry(Database& db);

std::string fingerprint(const schema::Catalog& catalog);

}  // namespace lamin::registry
