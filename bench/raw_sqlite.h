/* What SQLite itself needs for the same rows: the C API, the same table, the same durability. No project code. */
#pragma once

/* Opens with WAL, synchronous=FULL and foreign keys on, as lamin's connections do. Exits with a message on failure. */
struct sqlite3;
struct sqlite3* raw_open(const char* path);
void raw_run(struct sqlite3* db, const char* sql);
struct sqlite3_stmt* raw_prepare(struct sqlite3* db, const char* sql);
/* Inserts labels "<prefix> 0".."<prefix> n-1" in one transaction, `per_statement` per statement. Returns seconds. */
double raw_bulk(struct sqlite3* db, const char* prefix, int n, int per_statement);
/* Inserts one label and commits. Returns seconds. */
double raw_commit(struct sqlite3* db, const char* prefix, int i);
/* Links a new label to the first `n` artifacts in one transaction. Returns seconds. */
double raw_links(struct sqlite3* db, int n, int i);
/* Inserts the rows that the database `filled` has more, with the indexes there from the start or made at the end. Returns
 * seconds. */
double raw_again(struct sqlite3* db, const char* filled, int indexes_last);
double raw_seconds(void);
