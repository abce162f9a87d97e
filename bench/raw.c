/* Baselines, one number per line, in seconds:
 *   bench_raw commit DATABASE N        N single inserts, each committed
 *   bench_raw bulk DATABASE N TIMES    N labels in one transaction, TIMES times
 *   bench_raw links DATABASE N TIMES   a label linked to N artifacts, TIMES times
 *   bench_raw again DATABASE FILLED    the rows that FILLED has more, the indexes made first
 *   bench_raw again-last DATABASE FILLED   the same, the indexes made last
 *   bench_raw files FOLDER DATABASE N  N times the minimum for a durable save of a small file:
 *                                      a commit, write + fsync + rename + fsync of the folder, a commit
 */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "raw_sqlite.h"

static void file(const char* folder, int i) {
  char temporary[4096], final[4096];
  snprintf(temporary, sizeof temporary, "%s/raw-%d.tmp", folder, i);
  snprintf(final, sizeof final, "%s/raw-%d", folder, i);
  const int f = open(temporary, O_WRONLY | O_CREAT | O_EXCL, 0644);
  if (f < 0 || dprintf(f, "content of file %d\n", i) < 0 || fsync(f) != 0 || close(f) != 0 || rename(temporary, final) != 0) {
    perror(temporary);
    exit(1);
  }
  const int d = open(folder, O_RDONLY | O_DIRECTORY);
  if (d < 0 || fsync(d) != 0 || close(d) != 0) {
    perror(folder);
    exit(1);
  }
}

int main(int argc, char** argv) {
  if (argc == 4 && strcmp(argv[1], "commit") == 0) {
    sqlite3* db = raw_open(argv[2]);
    for (int i = 0; i < atoi(argv[3]); ++i) printf("%.9f\n", raw_commit(db, "raw commit", i));
    sqlite3_close_v2(db);
  } else if (argc == 5 && strcmp(argv[1], "bulk") == 0) {
    sqlite3* db = raw_open(argv[2]);
    char prefix[32];
    for (int t = 0; t < atoi(argv[4]); ++t) {
      snprintf(prefix, sizeof prefix, "raw bulk %d", t);
      printf("%.9f\n", raw_bulk(db, prefix, atoi(argv[3]), 100));
    }
    sqlite3_close_v2(db);
  } else if (argc == 5 && strcmp(argv[1], "links") == 0) {
    sqlite3* db = raw_open(argv[2]);
    for (int t = 0; t < atoi(argv[4]); ++t) printf("%.9f\n", raw_links(db, atoi(argv[3]), t));
    sqlite3_close_v2(db);
  } else if (argc == 4 && (strcmp(argv[1], "again") == 0 || strcmp(argv[1], "again-last") == 0)) {
    sqlite3* db = raw_open(argv[2]);
    printf("%.9f\n", raw_again(db, argv[3], strcmp(argv[1], "again-last") == 0));
    sqlite3_close_v2(db);
  } else if (argc == 5 && strcmp(argv[1], "files") == 0) {
    sqlite3* db = raw_open(argv[3]);
    for (int i = 0; i < atoi(argv[4]); ++i) {
      const double began = raw_seconds();
      raw_commit(db, "raw intent", i);
      file(argv[2], i);
      raw_commit(db, "raw artifact", i);
      printf("%.9f\n", raw_seconds() - began);
    }
    sqlite3_close_v2(db);
  } else {
    fprintf(stderr, "usage: bench_raw commit DATABASE N | bulk DATABASE N TIMES | links DATABASE N TIMES | again|again-last DATABASE FILLED | files FOLDER DATABASE N\n");
    return 2;
  }
  return 0;
}
