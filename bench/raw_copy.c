/* Baseline for bulk writes to PostgreSQL: how long COPY takes into the table of labels, in one transaction.
 *   bench_raw_copy URL N TIMES     one number per line, in seconds
 */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void need(PGconn* c, int good, const char* what) {
  if (good) return;
  fprintf(stderr, "%s: %s\n", what, PQerrorMessage(c));
  exit(1);
}

static void run(PGconn* c, const char* sql, ExecStatusType expected) {
  PGresult* r = PQexec(c, sql);
  need(c, PQresultStatus(r) == expected, sql);
  PQclear(r);
}

static double copy(PGconn* c, int turn, int n) {
  static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  char row[256], uid[9];
  const double began = seconds();
  run(c, "BEGIN", PGRES_COMMAND_OK);
  run(c,
      "COPY lamindb_ulabel (is_type, is_locked, created_at, updated_at, uid, name, branch_id, created_on_id, space_id, "
      "created_by_id) FROM STDIN",
      PGRES_COPY_IN);
  for (int i = 0; i < n; ++i) {
    for (int k = 0; k < 8; ++k) uid[k] = digits[rand() % 62];
    uid[8] = 0;
    const int size = snprintf(row, sizeof row,
                              "f\tf\t2026-01-01 00:00:00+00\t2026-01-01 00:00:00+00\t%s\traw copy %d %d\t1\t1\t1\t1\n",
                              uid, turn, i);
    need(c, PQputCopyData(c, row, size) == 1, "row");
  }
  need(c, PQputCopyEnd(c, NULL) == 1, "end");
  PGresult* r = PQgetResult(c);
  need(c, PQresultStatus(r) == PGRES_COMMAND_OK, "COPY");
  PQclear(r);
  while ((r = PQgetResult(c)) != NULL) PQclear(r);
  run(c, "COMMIT", PGRES_COMMAND_OK);
  return seconds() - began;
}

int main(int argc, char** argv) {
  if (argc != 4) {
    fprintf(stderr, "usage: bench_raw_copy URL N TIMES\n");
    return 2;
  }
  srand((unsigned)(seconds() * 1e9));
  PGconn* c = PQconnectdb(argv[1]);
  need(c, PQstatus(c) == CONNECTION_OK, argv[1]);
  for (int t = 0; t < atoi(argv[3]); ++t) printf("%.9f\n", copy(c, t, atoi(argv[2])));
  PQfinish(c);
  return 0;
}
