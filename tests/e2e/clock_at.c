/* LD_PRELOAD library: shifts the time of day by $CLOCK_SHIFT seconds (may be negative); with $CLOCK_AT the clock is fixed
 * at that second. Clocks that only measure durations are unchanged. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

static time_t wrong(time_t now) {
  const char* at = getenv("CLOCK_AT");
  const char* shift = getenv("CLOCK_SHIFT");
  if (at) return (time_t)atoll(at);
  return now + (shift ? (time_t)atoll(shift) : 0);
}

int clock_gettime(clockid_t clock, struct timespec* into) {
  static int (*real)(clockid_t, struct timespec*);
  if (!real) real = (int (*)(clockid_t, struct timespec*))dlsym(RTLD_NEXT, "clock_gettime");
  const int result = real(clock, into);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) into->tv_sec = wrong(into->tv_sec);
  return result;
}

int gettimeofday(struct timeval* into, void* zone) {
  struct timespec now;
  (void)zone;
  if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
  into->tv_sec = now.tv_sec;
  into->tv_usec = now.tv_nsec / 1000;
  return 0;
}

time_t time(time_t* into) {
  struct timespec now;
  if (clock_gettime(CLOCK_REALTIME, &now) != 0) return (time_t)-1;
  if (into) *into = now.tv_sec;
  return now.tv_sec;
}
