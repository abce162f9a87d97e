/* What SQLite itself needs for the rows that an import wrote: they are copied out of the finished database, first into
 * memory, into one that lacks them, in one transaction. Nothing is read, parsed or checked, references and triggers are
 * off, and the cache has 256 MB. Indexes that enforce no rule are there from the start or, for `indexes_last`, made
 * afterwards, which is quicker for large tables. */
#include <sqlite3.h>
#include <stdlib.h>

#include "raw_sqlite.h"

/* One text from all that a statement yields, ended by `;` each. */
static char* all_of(sqlite3* db, const char* sql) {
  sqlite3_str* text = sqlite3_str_new(db);
  sqlite3_stmt* s = raw_prepare(db, sql);
  while (sqlite3_step(s) == SQLITE_ROW) sqlite3_str_appendf(text, "%s;\n", sqlite3_column_text(s, 0));
  sqlite3_finalize(s);
  sqlite3_str_appendall(text, ";");
  return sqlite3_str_finish(text);
}

#define TABLES "FROM main.sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE TABLE %' AND name NOT LIKE 'sqlite_%'"
#define INDEXES "FROM main.sqlite_schema WHERE type = 'index' AND sql IS NOT NULL AND sql NOT LIKE 'CREATE UNIQUE %'"

double raw_again(sqlite3* db, const char* filled, int indexes_last) {
  raw_run(db, "PRAGMA foreign_keys = OFF; PRAGMA cache_size = -262144");
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
  char* attach = sqlite3_mprintf("ATTACH %Q AS filled; ATTACH ':memory:' AS ready", filled);
  raw_run(db, attach);
  char* ready = all_of(db, "SELECT format('CREATE TABLE ready.\"%w\" AS SELECT * FROM filled.\"%w\" EXCEPT SELECT * FROM main.\"%w\"', name, name, name) " TABLES);
  raw_run(db, ready);
  char* drop = all_of(db, "SELECT format('DROP INDEX main.\"%w\"', name) " INDEXES);
  char* make = all_of(db, "SELECT sql " INDEXES);
  char* copy = all_of(db, "SELECT format('INSERT OR REPLACE INTO main.\"%w\" SELECT * FROM ready.\"%w\"', name, name) " TABLES);

  const double began = raw_seconds();
  raw_run(db, "BEGIN IMMEDIATE");
  if (indexes_last) raw_run(db, drop);
  raw_run(db, copy);
  if (indexes_last) raw_run(db, make);
  raw_run(db, "COMMIT");
  const double seconds = raw_seconds() - began;

  char* const texts[] = {attach, ready, drop, make, copy};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; ++i) sqlite3_free(texts[i]);
  return seconds;
}
