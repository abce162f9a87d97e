// read_only.cpp -- a read-only database: made by another version of this program, or by LaminDB alone.
#include "base/text.hpp"
#include "db/connection.hpp"
#include "lamin/error.hpp"
#include "registry/migrate.hpp"
#include "schema/ddl.hpp"
#include "schema/own_tables.hpp"

namespace lamin::registry {

void read_as_it_is(Database& db, const StoredModules& there) {
  auto& c = db.connection();
  auto wanted = plan(db, there);
  wanted.notes.insert(wanted.notes.end(), wanted.refusals.begin(), wanted.refusals.end());
  if (!wanted.statements.empty() || !wanted.refusals.empty())
    throw Error(Code::no_access, "The database " + c.describe() +
                                     " may only be read, and its tables are not those of this " +
                                     "program: " + base::join(wanted.notes, "; ") +
                                     ". Let somebody who may write connect once with this version of it.");
  const auto dialect = c.dialect() == db::Dialect::sqlite ? schema::Dialect::sqlite : schema::Dialect::postgres;
  for (const auto& table : schema::own_tables) {
    if (c.table_exists(table.name)) continue;
    try {
      c.prepare_session(schema::create_stand_in(table, dialect));
    } catch (const Error& error) {  // a replica accepts none: code that needs the table reports that
      db.say(Level::debug, "No empty " + std::string(table.name) + " for this session: " + error.what());
      return;
    }
  }
}

}  // namespace lamin::registry
