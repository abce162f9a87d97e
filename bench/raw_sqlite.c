#include "raw_sqlite.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define COLUMNS 13
static const char insert[] =
    "INSERT INTO lamindb_ulabel (is_type, is_locked, _aux, created_at, updated_at, uid, name, description, reference, "
    "branch_id, created_on_id, space_id, created_by_id) VALUES ";
static const char places[] = "(?,?,?,?,?,?,?,?,?,?,?,?,?)";

double raw_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void check(sqlite3* db, int code, const char* what) {
  if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW) return;
  fprintf(stderr, "%s: %s\n", what, sqlite3_errmsg(db));
  exit(1);
}

void raw_run(sqlite3* db, const char* sql) { check(db, sqlite3_exec(db, sql, NULL, NULL, NULL), sql); }

sqlite3_stmt* raw_prepare(sqlite3* db, const char* sql) {
  sqlite3_stmt* statement = NULL;
  check(db, sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL), sql);
  return statement;
}

sqlite3* raw_open(const char* path) {
  sqlite3* db = NULL;
  check(db, sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), path);
  raw_run(db, "PRAGMA journal_mode=WAL");
  raw_run(db, "PRAGMA synchronous=FULL");
  raw_run(db, "PRAGMA foreign_keys=ON");
  return db;
}

static sqlite3_stmt* prepare(sqlite3* db, int rows) {
  char* sql = malloc(sizeof insert + (sizeof places + 1) * (size_t)rows + 16);
  strcpy(sql, insert);
  char* end = sql + strlen(sql);
  for (int i = 0; i < rows; ++i) end += sprintf(end, "%s%s", i ? "," : "", places);
  strcpy(end, " RETURNING id");
  sqlite3_stmt* statement = raw_prepare(db, sql);
  free(sql);
  return statement;
}

static void bind(sqlite3_stmt* s, int row, const char* prefix, int i) {
  static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  static int seeded = 0;
  if (!seeded) srand((unsigned)(raw_seconds() * 1e9)), seeded = 1;
  char uid[9], name[64];
  for (int k = 0; k < 8; ++k) uid[k] = digits[rand() % 62];
  uid[8] = 0;
  snprintf(name, sizeof name, "%s %d", prefix, i);
  const int base = row * COLUMNS;
  sqlite3_bind_int(s, base + 1, 0);
  sqlite3_bind_int(s, base + 2, 0);
  sqlite3_bind_null(s, base + 3);
  sqlite3_bind_text(s, base + 4, "2026-01-01 00:00:00.000000", -1, SQLITE_STATIC);
  sqlite3_bind_text(s, base + 5, "2026-01-01 00:00:00.000000", -1, SQLITE_STATIC);
  sqlite3_bind_text(s, base + 6, uid, -1, SQLITE_TRANSIENT);
  sqlite3_bind_text(s, base + 7, name, -1, SQLITE_TRANSIENT);
  sqlite3_bind_null(s, base + 8);
  sqlite3_bind_null(s, base + 9);
  for (int k = 10; k <= 13; ++k) sqlite3_bind_int(s, base + k, 1);
}

static void finish(sqlite3* db, sqlite3_stmt* s) {
  int code;
  while ((code = sqlite3_step(s)) == SQLITE_ROW) (void)sqlite3_column_int64(s, 0);
  check(db, code, "insert");
  sqlite3_reset(s);
}

double raw_bulk(sqlite3* db, const char* prefix, int n, int per_statement) {
  const double began = raw_seconds();
  raw_run(db, "BEGIN IMMEDIATE");
  sqlite3_stmt* many = prepare(db, per_statement);
  int done = 0;
  for (; done + per_statement <= n; done += per_statement) {
    for (int i = 0; i < per_statement; ++i) bind(many, i, prefix, done + i);
    finish(db, many);
  }
  sqlite3_finalize(many);
  sqlite3_stmt* one = prepare(db, 1);
  for (; done < n; ++done) {
    bind(one, 0, prefix, done);
    finish(db, one);
  }
  sqlite3_finalize(one);
  raw_run(db, "COMMIT");
  return raw_seconds() - began;
}

double raw_commit(sqlite3* db, const char* prefix, int i) {
  static sqlite3_stmt* one = NULL;
  static sqlite3* of = NULL;
  if (of != db) one = prepare(db, 1), of = db;
  const double began = raw_seconds();
  raw_run(db, "BEGIN IMMEDIATE");
  bind(one, 0, prefix, i);
  finish(db, one);
  raw_run(db, "COMMIT");
  return raw_seconds() - began;
}

double raw_links(sqlite3* db, int n, int i) {
  enum { per_statement = 100 };
  raw_commit(db, "raw link", i);
  const sqlite3_int64 label = sqlite3_last_insert_rowid(db);
  sqlite3_int64* ids = malloc(sizeof *ids * (size_t)n);
  sqlite3_stmt* artifacts = NULL;
  check(db, sqlite3_prepare_v2(db, "SELECT id FROM lamindb_artifact ORDER BY id DESC LIMIT ?", -1, &artifacts, NULL), "artifacts");
  sqlite3_bind_int(artifacts, 1, n);
  int found = 0;
  while (sqlite3_step(artifacts) == SQLITE_ROW) ids[found++] = sqlite3_column_int64(artifacts, 0);
  sqlite3_finalize(artifacts);
  const double began = raw_seconds();
  raw_run(db, "BEGIN IMMEDIATE");
  char sql[256 + per_statement * 12];
  strcpy(sql, "INSERT INTO lamindb_artifactulabel (artifact_id, ulabel_id, created_at, created_by_id) VALUES ");
  char* end = sql + strlen(sql);
  for (int k = 0; k < per_statement; ++k) end += sprintf(end, "%s(?,?,?,1)", k ? "," : "");
  sqlite3_stmt* insert_links = NULL;
  check(db, sqlite3_prepare_v2(db, sql, -1, &insert_links, NULL), sql);
  for (int done = 0; done + per_statement <= found; done += per_statement) {
    for (int k = 0; k < per_statement; ++k) {
      sqlite3_bind_int64(insert_links, 3 * k + 1, ids[done + k]);
      sqlite3_bind_int64(insert_links, 3 * k + 2, label);
      sqlite3_bind_text(insert_links, 3 * k + 3, "2026-01-01 00:00:00.000000", -1, SQLITE_STATIC);
    }
    finish(db, insert_links);
  }
  raw_run(db, "COMMIT");
  const double seconds = raw_seconds() - began;
  sqlite3_finalize(insert_links);
  free(ids);
  return seconds;
}
