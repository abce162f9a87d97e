/* preload.c -- loaded into a program by LD_PRELOAD where the kernel does not tell which files it opens: asks the
 * observer, at the socket that LAMIN_OBSERVED names, before each call of the C library that names a file.
 *
 * Each question is a connection of its own, so that forks and threads need no care. Without an observer nothing
 * happens. A message is a letter, the flags as four bytes, and one or two absolute paths that end with NUL:
 * src/process/unobserved.cpp reads it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Where `path` is, relative to a folder; 0 if that is not known. */
static size_t absolute(int folder, const char *path, char *into, size_t size) {
  size_t used = 0;
  if (path == NULL) return 0;
  if (path[0] != '/') {
    if (folder == AT_FDCWD) {
      if (getcwd(into, size) == NULL) return 0;
      used = strlen(into);
    } else {
      char link[40];
      snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
      const ssize_t n = readlink(link, into, size);
      if (n <= 0 || (size_t)n >= size || into[0] != '/') return 0;
      used = (size_t)n;
    }
    if (used + 1 >= size) return 0;
    into[used++] = '/';
  }
  const size_t length = strlen(path) + 1;
  if (used + length > size) return 0;
  memcpy(into + used, path, length);
  return used + length;
}

static void tell(char what, int flags, int folder, const char *path, int other_folder, const char *other) {
  const char *name = getenv("LAMIN_OBSERVED");
  if (name == NULL || *name == '\0') return;
  const int error = errno;
  char message[2 * PATH_MAX + 8];
  message[0] = what;
  memcpy(message + 1, &flags, 4);
  size_t size = absolute(folder, path, message + 5, PATH_MAX);
  if (size == 0) goto out;
  size += 5;
  if (other != NULL) {
    const size_t more = absolute(other_folder, other, message + size, PATH_MAX);
    if (more == 0) goto out;
    size += more;
  }
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  const size_t length = strlen(name);
  if (length + 1 > sizeof address.sun_path) goto out;
  memcpy(address.sun_path + 1, name, length); /* after a NUL: a name without a file */
  const int number = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  if (number < 0) goto out;
  char answer;
  if (connect(number, (struct sockaddr *)&address, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + length)) == 0 &&
      send(number, message, size, MSG_NOSIGNAL) == (ssize_t)size)
    while (recv(number, &answer, 1, 0) < 0 && errno == EINTR) {}
  close(number);
out:
  errno = error;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int mode_of(int flags, va_list arguments) {
  return (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(arguments, int) : 0;
}
static void opens(int folder, const char *path, int flags) {
  if ((flags & (O_PATH | O_DIRECTORY)) == 0) tell('o', flags, folder, path, 0, NULL);
}

#define OPEN(name)                                          \
  int name(const char *path, int flags, ...) {              \
    va_list arguments;                                      \
    va_start(arguments, flags);                             \
    const int mode = mode_of(flags, arguments);             \
    va_end(arguments);                                      \
    opens(AT_FDCWD, path, flags);                           \
    return NEXT(name)(path, flags, mode);                   \
  }
#define OPENAT(name)                                        \
  int name(int folder, const char *path, int flags, ...) {  \
    va_list arguments;                                      \
    va_start(arguments, flags);                             \
    const int mode = mode_of(flags, arguments);             \
    va_end(arguments);                                      \
    opens(folder, path, flags);                             \
    return NEXT(name)(folder, path, flags, mode);           \
  }
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

/* What the C library's own headers turn `open` into when the flags are constant. */
int __open_2(const char *path, int flags) {
  opens(AT_FDCWD, path, flags);
  return NEXT(open)(path, flags);
}
int __open64_2(const char *path, int flags) { return __open_2(path, flags); }
int __openat_2(int folder, const char *path, int flags) {
  opens(folder, path, flags);
  return NEXT(openat)(folder, path, flags);
}
int __openat64_2(int folder, const char *path, int flags) { return __openat_2(folder, path, flags); }

#define CREAT(name)                                         \
  int name(const char *path, mode_t mode) {                 \
    opens(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC);    \
    return NEXT(name)(path, mode);                          \
  }
CREAT(creat)
CREAT(creat64)

static int flags_of(const char *mode) {
  const int both = strchr(mode, '+') != NULL;
  if (mode[0] == 'r') return both ? O_RDWR : O_RDONLY;
  return (both ? O_RDWR : O_WRONLY) | O_CREAT | (mode[0] == 'w' ? O_TRUNC : O_APPEND);
}
#define FOPEN(name)                                         \
  FILE *name(const char *path, const char *mode) {          \
    opens(AT_FDCWD, path, flags_of(mode));                  \
    return NEXT(name)(path, mode);                          \
  }
FOPEN(fopen)
FOPEN(fopen64)
#define FREOPEN(name)                                       \
  FILE *name(const char *path, const char *mode, FILE *f) { \
    if (path != NULL) opens(AT_FDCWD, path, flags_of(mode)); \
    return NEXT(name)(path, mode, f);                       \
  }
FREOPEN(freopen)
FREOPEN(freopen64)

int truncate(const char *path, off_t size) {
  opens(AT_FDCWD, path, O_WRONLY);
  return NEXT(truncate)(path, size);
}
int rename(const char *from, const char *to) {
  tell('m', 0, AT_FDCWD, from, AT_FDCWD, to);
  return NEXT(rename)(from, to);
}
int renameat(int from_folder, const char *from, int to_folder, const char *to) {
  tell('m', 0, from_folder, from, to_folder, to);
  return NEXT(renameat)(from_folder, from, to_folder, to);
}
int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags) {
  tell('m', (int)flags, from_folder, from, to_folder, to);
  return NEXT(renameat2)(from_folder, from, to_folder, to, flags);
}
int link(const char *from, const char *to) {
  tell('l', 0, AT_FDCWD, from, AT_FDCWD, to);
  return NEXT(link)(from, to);
}
int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags) {
  tell('l', 0, from_folder, from, to_folder, to);
  return NEXT(linkat)(from_folder, from, to_folder, to, flags);
}
int unlink(const char *path) {
  tell('u', 0, AT_FDCWD, path, 0, NULL);
  return NEXT(unlink)(path);
}
int unlinkat(int folder, const char *path, int flags) {
  tell('u', 0, folder, path, 0, NULL);
  return NEXT(unlinkat)(folder, path, flags);
}
int remove(const char *path) {
  tell('u', 0, AT_FDCWD, path, 0, NULL);
  return NEXT(remove)(path);
}
int execve(const char *path, char *const words[], char *const variables[]) {
  tell('x', 0, AT_FDCWD, path, 0, NULL);
  return NEXT(execve)(path, words, variables);
}
