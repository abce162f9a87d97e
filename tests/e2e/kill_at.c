/* LD_PRELOAD library: ends the process with SIGKILL just before ($KILL_WHEN=before) or after its n-th call ($KILL_AT) of one
 * that changes the disk for good: fsync, fdatasync, syncfs, rename, unlink, write. Without KILL_AT it only counts; the count
 * so far stands in $KILL_COUNT. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_int calls;

static int is_last(void) {
  const char* at = getenv("KILL_AT");
  const char* where = getenv("KILL_COUNT");
  const int now = ++calls;
  FILE* out = where ? fopen(where, "w") : NULL;
  if (out) fprintf(out, "%d\n", now), fclose(out);
  return now == (at ? atoi(at) : -1);
}
static int before(void) {
  const char* when = getenv("KILL_WHEN");
  return when && strcmp(when, "before") == 0;
}

#define WRAP(result, name, parameters, arguments)                            \
  result name parameters {                                                   \
    static result(*real) parameters;                                         \
    if (!real) real = (result(*) parameters)dlsym(RTLD_NEXT, #name);         \
    const int last = is_last();                                              \
    if (last && before()) kill(getpid(), SIGKILL);                           \
    const result value = real arguments;                                     \
    if (last) kill(getpid(), SIGKILL);                                       \
    return value;                                                            \
  }

WRAP(int, fsync, (int file), (file))
WRAP(int, fdatasync, (int file), (file))
WRAP(int, syncfs, (int file), (file))
WRAP(int, rename, (const char* from, const char* to), (from, to))
WRAP(int, unlink, (const char* path), (path))
WRAP(ssize_t, pwrite64, (int file, const void* bytes, size_t size, off64_t at), (file, bytes, size, at))
