/* What SQLite itself needs for the rows of a taxonomy: organisms and links to parents, in one transaction, with the
 * indexes that the tables have. The quickest way that was found: rows in the order of their names, references
 * unchecked, indexes that enforce no rule made afterwards, 256 MB of cache. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "raw_sqlite.h"

static int by_text(const void* a, const void* b) { return strcmp(*(char* const*)a, *(char* const*)b); }

static char** read_lines(const char* path, int* n) {
  FILE* file = fopen(path, "r");
  if (file == NULL) {
    perror(path);
    exit(1);
  }
  char** lines = NULL;
  char line[512];
  int room = 0;
  for (*n = 0; fgets(line, sizeof line, file) != NULL; ++*n) {
    if (*n == room) lines = realloc(lines, sizeof *lines * (size_t)(room = room ? 2 * room : 1024));
    line[strcspn(line, "\n")] = 0;
    lines[*n] = strdup(line);
  }
  fclose(file);
  return lines;
}

/* The statements that make the indexes of a table again; drops them. */
static char* without_indexes(sqlite3* db, const char* table) {
  char* again = strdup("");
  char* drop = strdup("");
  sqlite3_stmt* s = NULL;
  sqlite3_prepare_v2(db, "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL", -1,
                     &s, NULL);
  sqlite3_bind_text(s, 1, table, -1, SQLITE_STATIC);
  while (sqlite3_step(s) == SQLITE_ROW) {
    char* more = sqlite3_mprintf("%s%s;", again, sqlite3_column_text(s, 1));
    char* gone = sqlite3_mprintf("%sDROP INDEX \"%w\";", drop, sqlite3_column_text(s, 0));
    again = strdup(more);
    drop = strdup(gone);
    sqlite3_free(more);
    sqlite3_free(gone);
  }
  sqlite3_finalize(s);
  raw_run(db, drop);
  return again;
}

static void step(sqlite3* db, sqlite3_stmt* s) {
  if (sqlite3_step(s) != SQLITE_DONE) {
    fprintf(stderr, "%s\n", sqlite3_errmsg(db));
    exit(1);
  }
  sqlite3_reset(s);
}

double raw_taxa(sqlite3* db, const char* names) {
  static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  int n = 0;
  char** lines = read_lines(names, &n);
  raw_run(db, "PRAGMA foreign_keys = OFF; PRAGMA cache_size = -262144");
  const double began = raw_seconds();
  qsort(lines, (size_t)n, sizeof *lines, by_text);
  raw_run(db, "BEGIN IMMEDIATE");
  char* organisms = without_indexes(db, "bionty_organism");
  char* parents = without_indexes(db, "bionty_organism_parents");
  sqlite3_stmt* s = NULL;
  sqlite3_prepare_v2(db,
                     "INSERT INTO bionty_organism (name, ontology_id, scientific_name, uid, created_by_id) "
                     "VALUES (lower(?1), ?2, ?1, ?3, 1)",
                     -1, &s, NULL);
  unsigned long long x = 88172645463325252ULL;
  for (int i = 0; i < n; ++i) {
    char uid[15] = {0}, id[32];
    for (int k = 0; k < 14; ++k) {
      x ^= x << 13, x ^= x >> 7, x ^= x << 17;
      uid[k] = digits[x % 62];
    }
    snprintf(id, sizeof id, "NCBITaxon:%s", strrchr(lines[i], ' ') + 1);
    sqlite3_bind_text(s, 1, lines[i], -1, SQLITE_STATIC);
    sqlite3_bind_text(s, 2, id, -1, SQLITE_STATIC);
    sqlite3_bind_text(s, 3, uid, 14, SQLITE_STATIC);
    step(db, s);
  }
  sqlite3_finalize(s);
  raw_run(db, organisms);
  sqlite3_prepare_v2(db, "INSERT INTO bionty_organism_parents (from_organism_id, to_organism_id) VALUES (?, ?)", -1, &s, NULL);
  for (int i = 2; i <= n; ++i) {
    sqlite3_bind_int(s, 1, i);
    sqlite3_bind_int(s, 2, 1 + rand() % (i - 1));
    step(db, s);
  }
  sqlite3_finalize(s);
  raw_run(db, parents);
  raw_run(db, "COMMIT");
  return raw_seconds() - began;
}
