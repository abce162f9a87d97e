// migrate.hpp -- the tables of a database, made and kept up with the catalog.
//
// A database carries the modules it was made for, as JSON in lamin_module. What a newer program adds is applied when
// it opens the database, whole or not at all; what would lose data is never done by itself. A database that LaminDB
// made has no lamin_module: it is taken as it is, and what only we need is added.
#pragma once
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "lamin/database.hpp"

namespace lamin::registry {

/// Makes everything in an empty database, in one transaction that `then` joins (for the rows of user and storage; the
/// user is to be row 1): all tables of the catalog, the rows that are part of the format, and the record of LaminDB's
/// migrations. `modules` are the ones the instance asked for. Throws conflict if LaminDB's tables are there already.
void create(Database& db, std::span<const std::string> modules, const std::function<void()>& then = {});

/// Brings the tables up to the catalog and says what it did, a line each; empty if there was nothing to do, which
/// takes three short queries.
/// Throws conflict if the database was made by a newer program or by a LaminDB older than the format, and where a
/// change would lose data; not_found if it holds no instance.
std::vector<std::string> migrate(Database& db);

/// Does it hold LaminDB's tables?
bool is_instance(Database& db);

}  // namespace lamin::registry
