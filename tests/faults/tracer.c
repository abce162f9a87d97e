/* tracer.c -- runs a child process up to its n-th system call and there kills it, makes the call fail, or holds it.
 *
 * Alternatively, the disk is full from the n-th call on.
 *
 * The child calls `tracer_begin` when it is ready: after this seccomp stops it only at those calls that change the disk (class
 * CHANGES), that read it (READS) or that talk to a server (SOCKETS), so that everything else runs at full speed. All its threads
 * and children are followed. The parent calls `tracer_attach`, then `tracer_run` until the child is gone.
 *
 * Not counted: calls on standard output and error, and on descriptors from PRIVATE_FD on, which belong to the test.
 * x86-64 Linux only. All functions are called from the thread that forked the child. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef __x86_64__
#error "the tracer knows the registers of x86-64 only"
#endif

enum { PRIVATE_FD = 900, MOST_THREADS = 256, PATH_SIZE = 240 };
enum { CLASS_CHANGES = 1, CLASS_READS = 2, CLASS_SOCKETS = 4 };
enum { ACT_NONE, ACT_KILL_BEFORE, ACT_KILL_AFTER, ACT_FAIL, ACT_SHORT, ACT_HOLD, ACT_FULL };
enum { END_EXITED, END_SIGNALLED, END_HELD, END_TIMEOUT, END_LOST };

/* What to do, and at which call; 0 = at none. */
struct order {
  int64_t at;
  int32_t action;
  int32_t error;     /* for ACT_FAIL */
  int32_t seconds;   /* then a child that has not ended is killed; 0 = never */
  int32_t log;       /* 1: call log_call for each call */
};
struct outcome {
  int32_t how;       /* END_... */
  int32_t value;     /* exit status, or signal */
  int64_t calls;     /* counted so far, over all threads */
  int32_t number;    /* the call that was struck; -1: none */
  int32_t struck;    /* 1 if the action was carried out */
  char text[2 * PATH_SIZE + 64];
};

/* ---- the child ------------------------------------------------------------------------------------------------------ */

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define STOP BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE)

static const int by_descriptor[] = {SYS_write, SYS_pwrite64, SYS_writev, SYS_pwritev, SYS_pwritev2, SYS_fsync, SYS_fdatasync,
                                    SYS_syncfs, SYS_ftruncate, SYS_fallocate, SYS_copy_file_range, SYS_sendfile, SYS_fchmod};
static const int by_path[] = {SYS_rename, SYS_renameat, SYS_renameat2, SYS_unlink, SYS_unlinkat, SYS_mkdir, SYS_mkdirat,
                              SYS_rmdir, SYS_truncate, SYS_link, SYS_linkat, SYS_symlink, SYS_symlinkat, SYS_openat2,
                              SYS_creat, SYS_chmod, SYS_fchmodat};
static const int readers[] = {SYS_read, SYS_pread64, SYS_readv, SYS_lseek, SYS_getdents64, SYS_fstat, SYS_flock, SYS_close};
static const int path_readers[] = {SYS_stat, SYS_lstat, SYS_newfstatat, SYS_statx, SYS_access, SYS_faccessat, SYS_readlink,
                                   SYS_readlinkat};

static const int speakers[] = {SYS_sendto, SYS_recvfrom, SYS_sendmsg, SYS_recvmsg, SYS_connect};

static struct sock_filter program[256];
static unsigned short length;
static void put(struct sock_filter one) { program[length++] = one; }

/* if (number == n) execute the next `size` instructions, otherwise skip them */
static void when(int n, int size) {
  put((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)n, 0, (uint8_t)size));
}
static void stop_by_descriptor(int n) {
  when(n, 6);
  put((struct sock_filter)LOAD(args[0]));
  put((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, PRIVATE_FD, 3, 0));
  put((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 1, 2, 0));
  put((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 2, 1, 0));
  put((struct sock_filter)STOP);
  put((struct sock_filter)ALLOW);
}
static void stop_always(int n) {
  when(n, 1);
  put((struct sock_filter)STOP);
}
static void stop_if_creating(int n, int argument) {
  when(n, 4);
  put((struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(offsetof(struct seccomp_data, args) + 8U * (unsigned)argument)));
  put((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_CREAT | O_TRUNC, 0, 1));
  put((struct sock_filter)STOP);
  put((struct sock_filter)ALLOW);
}
#define EACH(list, what) for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); ++i) what(list[i])

static int install_program(void) {
  put((struct sock_filter)ALLOW);
  struct sock_fprog all = {.len = length, .filter = program};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -errno;
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &all) == 0 ? 0 : -errno;
}

static int install(int classes) {
  length = 0;
  put((struct sock_filter)LOAD(arch));
  put((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0));
  put((struct sock_filter)ALLOW);
  put((struct sock_filter)LOAD(nr));
  if (classes & CLASS_SOCKETS) EACH(speakers, stop_by_descriptor);
  if (!(classes & (CLASS_CHANGES | CLASS_READS))) return install_program();
  EACH(by_descriptor, stop_by_descriptor);
  EACH(by_path, stop_always);
  when(SYS_ioctl, 4);
  put((struct sock_filter)LOAD(args[1]));
  put((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)FICLONE, 0, 1));
  put((struct sock_filter)STOP);
  put((struct sock_filter)ALLOW);
  if (classes & CLASS_READS) {
    EACH(readers, stop_by_descriptor);
    EACH(path_readers, stop_always);
    stop_always(SYS_open);
    stop_always(SYS_openat);
  } else {
    stop_if_creating(SYS_open, 1);
    stop_if_creating(SYS_openat, 2);
  }
  return install_program();
}

/* After this the calls of these classes are counted. Returns 0, or a negative error number. */
int tracer_begin(int classes) {
  if (ptrace(PTRACE_TRACEME, 0, 0, 0) != 0) return -errno;
  raise(SIGSTOP);
  return install(classes);
}

/* ---- the parent ----------------------------------------------------------------------------------------------------- */

static pid_t threads[MOST_THREADS];
static char unstarted[MOST_THREADS];  /* has not reported its first stop yet */
static int thread_count;
static pid_t root, struck_thread;
static int64_t calls;
static volatile sig_atomic_t rang;
static int classes_in_force;

static int place_of(pid_t tid) {
  for (int i = 0; i < thread_count; ++i) {
    if (threads[i] == tid) return i;
  }
  return -1;
}
static void add(pid_t tid, int is_unstarted) {
  if (place_of(tid) >= 0 || thread_count == MOST_THREADS) return;
  threads[thread_count] = tid;
  unstarted[thread_count++] = (char)is_unstarted;
}
static void forget(pid_t tid) {
  const int i = place_of(tid);
  if (i < 0) return;
  --thread_count;
  threads[i] = threads[thread_count], unstarted[i] = unstarted[thread_count];
}
static void on_alarm(int unused) { (void)unused, rang = 1; }

/* Waits until the child has called tracer_begin. Returns 0, or -1 if it ended before. */
int tracer_attach(pid_t child, int classes) {
  int status = 0;
  classes_in_force = classes;
  calls = 0, thread_count = 0, root = child, struck_thread = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return -1;
  }
  if (!WIFSTOPPED(status)) return -1;
  const long options = PTRACE_O_TRACESECCOMP | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
                       PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD;
  if (ptrace(PTRACE_SETOPTIONS, child, 0, options) != 0) return -1;
  add(child, 0);
  return ptrace(PTRACE_CONT, child, 0, 0) == 0 ? 0 : -1;
}

static void read_text(pid_t tid, uint64_t address, char* into, size_t size) {
  struct iovec local = {into, size - 1}, remote = {(void*)address, size - 1};
  /* The requested range may reach into a page that does not exist: first read up to the end of this one. */
  const size_t left = 4096 - address % 4096;
  if (left < size - 1) local.iov_len = remote.iov_len = left;
  ssize_t got = process_vm_readv(tid, &local, 1, &remote, 1, 0);
  if (got < 0) got = 0;
  into[got] = 0;
}
static void descriptor_path(pid_t tid, int fd, char* into, size_t size) {
  char link[64];
  if (fd == AT_FDCWD) {
    snprintf(link, sizeof link, "/proc/%d/cwd", tid);
  } else {
    snprintf(link, sizeof link, "/proc/%d/fd/%d", tid, fd);
  }
  const ssize_t got = readlink(link, into, size - 1);
  into[got < 0 ? 0 : got] = 0;
}

static int has(const int* list, size_t size, long n) {
  for (size_t i = 0; i < size; ++i) {
    if (list[i] == n) return 1;
  }
  return 0;
}
#define IN(list, n) has(list, sizeof(list) / sizeof(list[0]), n)

/* "number path [path]" */
static void describe(pid_t tid, const struct user_regs_struct* r, char* into, size_t size) {
  const long n = (long)r->orig_rax;
  char one[PATH_SIZE] = "", two[PATH_SIZE] = "";
  switch (n) {
    case SYS_rename: case SYS_link: case SYS_symlink:
      read_text(tid, r->rdi, one, sizeof one), read_text(tid, r->rsi, two, sizeof two);
      break;
    case SYS_renameat: case SYS_renameat2: case SYS_linkat:
      read_text(tid, r->rsi, one, sizeof one), read_text(tid, r->r10, two, sizeof two);
      break;
    case SYS_unlinkat: case SYS_mkdirat: case SYS_openat: case SYS_openat2: case SYS_newfstatat: case SYS_statx:
    case SYS_faccessat: case SYS_readlinkat: case SYS_fchmodat:
      descriptor_path(tid, (int)r->rdi, two, sizeof two), read_text(tid, r->rsi, one, sizeof one);
      break;
    default:
      if (IN(by_path, n) || IN(path_readers, n) || n == SYS_open) {
        read_text(tid, r->rdi, one, sizeof one);
      } else {
        descriptor_path(tid, (int)r->rdi, one, sizeof one);
      }
  }
  snprintf(into, size, "%ld\t%s\t%s", n, one, two);
}

/* openat2 hides its flags in memory. */
static int opens_for_reading(pid_t tid, const struct user_regs_struct* r) {
  struct open_how how;
  struct iovec local = {&how, sizeof how}, remote = {(void*)r->rdx, sizeof how};
  if ((long)r->orig_rax != SYS_openat2) return 0;
  return process_vm_readv(tid, &local, 1, &remote, 1, 0) == (ssize_t)sizeof how && !(how.flags & (O_CREAT | O_TRUNC));
}

static void kill_all(void) {
  for (int i = 0; i < thread_count; ++i) kill(threads[i], SIGKILL);
  kill(root, SIGKILL);
}

/* The struck call ends without having been made, or made in part. Returns 0 if it cannot be struck in this way. */
static int strike(pid_t tid, struct user_regs_struct* r, const struct order* order) {
  if (order->action == ACT_SHORT) {
    const long n = (long)r->orig_rax;
    if (n != SYS_write && n != SYS_pwrite64 && n != SYS_read && n != SYS_pread64 && n != SYS_copy_file_range) return 0;
    unsigned long long* size = n == SYS_copy_file_range ? &r->r8 : &r->rdx;
    if (*size < 2) return 0;
    *size /= 2;
  } else {
    r->orig_rax = (unsigned long long)-1;
    r->rax = (unsigned long long)(long long)-order->error;
  }
  return ptrace(PTRACE_SETREGS, tid, 0, r) == 0;
}

/* From this call on the disk is full: every call that needs room fails. */
static const int takers[] = {SYS_write, SYS_pwrite64, SYS_writev, SYS_pwritev, SYS_pwritev2, SYS_ftruncate, SYS_fallocate,
                             SYS_copy_file_range, SYS_sendfile, SYS_mkdir, SYS_mkdirat, SYS_link, SYS_linkat, SYS_symlink,
                             SYS_symlinkat, SYS_open, SYS_openat, SYS_openat2, SYS_creat, SYS_ioctl};

static void on_call(pid_t tid, const struct order* order, struct outcome* out, void (*log_call)(const char*)) {
  struct user_regs_struct r;
  if (ptrace(PTRACE_GETREGS, tid, 0, &r) != 0) return;
  if (!(classes_in_force & CLASS_READS) && opens_for_reading(tid, &r)) {
    ptrace(PTRACE_CONT, tid, 0, 0);
    return;
  }
  ++calls;
  const int full = order->action == ACT_FULL && calls >= order->at && IN(takers, (long)r.orig_rax);
  const int now = (order->action != ACT_NONE && calls == order->at) || full;
  if (now || order->log) {
    char text[sizeof out->text];
    describe(tid, &r, text, sizeof text);
    if (order->log && log_call) log_call(text);
    if (now && !out->struck) memcpy(out->text, text, sizeof text), out->number = (int)r.orig_rax;
  }
  if (!now) {
    ptrace(PTRACE_CONT, tid, 0, 0);
    return;
  }
  out->struck = 1;
  switch (order->action) {
    case ACT_KILL_BEFORE: kill_all(); break;
    case ACT_KILL_AFTER: struck_thread = tid, ptrace(PTRACE_SYSCALL, tid, 0, 0); break;
    case ACT_HOLD: struck_thread = tid, out->how = END_HELD; break;
    case ACT_FULL:
      if (full) strike(tid, &r, order);
      ptrace(PTRACE_CONT, tid, 0, 0);
      break;
    default: out->struck = strike(tid, &r, order), ptrace(PTRACE_CONT, tid, 0, 0);
  }
}

/* Handles one report of the kernel. Returns 1 when the child itself is gone. */
static int on_report(pid_t tid, int status, const struct order* order, struct outcome* out, void (*log_call)(const char*)) {
  if (WIFEXITED(status) || WIFSIGNALED(status)) {
    forget(tid);
    if (tid != root) return 0;
    out->how = WIFEXITED(status) ? END_EXITED : END_SIGNALLED;
    out->value = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
    return 1;
  }
  const int signal = WSTOPSIG(status), event = status >> 16;
  if (signal == (SIGTRAP | 0x80)) {
    if (tid == struck_thread && order->action == ACT_KILL_AFTER) {
      kill_all();
    } else {
      ptrace(PTRACE_CONT, tid, 0, 0);
    }
  } else if (event == PTRACE_EVENT_SECCOMP) {
    on_call(tid, order, out, log_call);
  } else if (event != 0) {
    unsigned long other = 0;
    ptrace(PTRACE_GETEVENTMSG, tid, 0, &other);
    if (event == PTRACE_EVENT_CLONE || event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK) add((pid_t)other, 1);
    if (event == PTRACE_EVENT_EXEC && (pid_t)other != tid) forget((pid_t)other);
    ptrace(PTRACE_CONT, tid, 0, 0);
  } else {
    const int i = place_of(tid);
    const int first = signal == SIGSTOP && (i < 0 || unstarted[i]);  /* of a new thread or child */
    if (first && i >= 0) unstarted[i] = 0;
    add(tid, 0);
    ptrace(PTRACE_CONT, tid, 0, first ? 0 : signal);
  }
  return 0;
}

/* Lets the child run until it is gone or held, or the time is up. */
void tracer_run(const struct order* order, struct outcome* out, void (*log_call)(const char*)) {
  struct sigaction ring = {.sa_handler = on_alarm}, before;
  struct itimerval limit = {.it_value = {.tv_sec = order->seconds}}, none = {0};
  memset(out, 0, sizeof *out);
  out->how = -1, out->number = -1;
  rang = 0;
  sigaction(SIGALRM, &ring, &before);
  setitimer(ITIMER_REAL, &limit, NULL);
  int timed_out = 0;
  while (out->how < 0) {
    int status = 0;
    const pid_t tid = waitpid(-1, &status, __WALL);
    if (tid > 0) {
      on_report(tid, status, order, out, log_call);
    } else if (errno == EINTR && rang) {
      rang = 0, timed_out = 1;
      kill_all();
      setitimer(ITIMER_REAL, &(struct itimerval){.it_value = {.tv_sec = 5}}, NULL);
    } else if (errno != EINTR) {
      out->how = END_LOST;
    }
  }
  /* Waits until whatever the child started is gone, too. */
  for (int alarms = 0; out->how != END_HELD && thread_count > 0 && alarms < 2;) {
    int status = 0;
    const pid_t tid = waitpid(-1, &status, __WALL);
    if (tid > 0) {
      on_report(tid, status, order, &(struct outcome){.number = -1}, NULL);
    } else if (errno == EINTR && rang) {
      rang = 0, ++alarms;
      kill_all();
      setitimer(ITIMER_REAL, &(struct itimerval){.it_value = {.tv_sec = 5}}, NULL);
    } else if (errno != EINTR) {
      break;
    }
  }
  setitimer(ITIMER_REAL, &none, NULL);
  sigaction(SIGALRM, &before, NULL);
  if (timed_out) out->how = END_TIMEOUT;
  out->calls = calls;
}

/* A held child continues with its call, or is killed before it. tracer_run follows. */
void tracer_release(int kill_it) {
  if (kill_it) {
    kill_all();
  } else {
    ptrace(PTRACE_CONT, struck_thread, 0, 0);
  }
  struck_thread = 0;
}
