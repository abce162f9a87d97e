// migrate.hpp -- creates a database's tables and keeps them up with the catalog.
//
// A database carries the modules it was made for (carried.hpp). What a catalog has beyond them is applied whole or not
// at all; what would lose data is refused, with advice on what to do by hand. A database that LaminDB made carries
// none: it is taken as it is, and only own tables are added.
#pragma once
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lamin/database.hpp"
#include "modules/initial_rows.hpp"
#include "registry/carried.hpp"

namespace lamin::registry {

/// Creates everything in an empty database, in one transaction that `then` joins (for the rows of user and storage; the
/// user must be row 1): all tables of the catalog, the rows that are part of the format, and the record of LaminDB's
/// migrations. `modules` are the ones the instance asked for. Throws conflict if LaminDB's tables already exist.
void create(Database& db, std::span<const std::string> modules, const std::function<void()>& then = {});
/// The storage that an instance was made with; nullopt if there are no such tables or rows. Needs no catalog.
struct FirstStorage {
  std::string root, instance_uid;
};
std::optional<FirstStorage> first_storage(db::Connection& connection);
/// First rows of a new database, as they are; later ids come after those that they state.
void put_rows(Database& db, std::span<const modules::InitialRow> rows);

/// What migrate() would do.
struct Migration {
  std::vector<std::string> notes;       ///< one line each; empty: nothing to do
  std::vector<std::string> statements;  ///< the SQL
  std::vector<std::string> refusals;    ///< what prevents it; empty: it can be applied
  std::vector<std::string> rebuilt;     ///< SQLite: tables that are rebuilt
  std::vector<std::string> lost;        ///< tables that have disappeared, and that no migration restores
};
/// Throws conflict if the database was made by a newer program or by a LaminDB older than the format; not_found if it
/// holds no instance.
Migration plan(Database& db, const StoredModules& there);

/// Brings the tables up to the catalog and returns what it did, one line each; empty if there was nothing to do, which
/// takes one short query to find out. `before` is called in the transaction, ahead of the first statement. Throws what
/// plan() throws, and a conflict that lists everything that prevents it. On SQLite it must not be called within a
/// transaction.
std::vector<std::string> migrate(Database& db, const StoredModules& there, const std::function<void()>& before = {});

/// Replaces migrate() if the database may only be read: nothing is changed, and missing own tables are empty for this
/// session. Throws what plan() throws, and no_access if the tables must be changed before they can be read.
void read_as_it_is(Database& db, const StoredModules& there);
std::vector<std::string> migrate(Database& db);

/// Whether it holds LaminDB's tables.
bool is_instance(Database& db);

}  // namespace lamin::registry
