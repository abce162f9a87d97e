#include "format/hdf5/sandbox.hpp"
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <vector>

namespace lamin::format::h5 {
namespace {

// Sanitizers map terabytes of shadow memory.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool counts_memory = false;
#else
constexpr bool counts_memory = true;
#endif

#if defined(__x86_64__)
constexpr std::uint32_t machine = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t machine = AUDIT_ARCH_AARCH64;
#else
constexpr std::uint32_t machine = 0;
#endif

/// All that parsing and answering need. Anything not listed returns EPERM, so that libraries find another way or an
/// error.
constexpr std::uint32_t allowed[] = {
    SYS_read,         SYS_pread64,      SYS_readv,        SYS_write,          SYS_pwrite64,
    SYS_writev,       SYS_lseek,        SYS_fstat,        SYS_close,          SYS_fcntl,
    SYS_flock,        SYS_ftruncate,    SYS_fsync,        SYS_fdatasync,      SYS_memfd_create,
    SYS_sendmsg,      SYS_recvmsg,      SYS_mmap,         SYS_munmap,         SYS_mremap,
    SYS_mprotect,     SYS_madvise,      SYS_brk,          SYS_futex,          SYS_clock_gettime,
    SYS_gettimeofday, SYS_getpid,       SYS_getppid,      SYS_gettid,         SYS_getrandom,
    SYS_sched_yield,  SYS_rt_sigreturn, SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_restart_syscall,
    SYS_exit,         SYS_exit_group,
#ifdef SYS_newfstatat
    SYS_newfstatat,  // fstat in some C libraries
#endif
#ifdef SYS_time
    SYS_time,
#endif
};

void set_limit(int what, std::uint64_t value) {
  const rlimit limit{value, value};
  setrlimit(static_cast<__rlimit_resource>(what), &limit);
}

std::int64_t memory_now() {
  std::int64_t pages = 0;
  if (FILE* file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%ld", &pages) != 1) pages = 0;
    std::fclose(file);
  }
  return pages * sysconf(_SC_PAGESIZE);
}

bool allow_listed_only() {
  if (machine == 0) return false;
  std::vector<sock_filter> program{
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, machine, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
  };
  for (const auto number : allowed) {
    program.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1));
    program.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  }
  program.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM));
  const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

}  // namespace

void forbid_privileges() {
  set_limit(RLIMIT_CORE, 0);
  prctl(PR_SET_DUMPABLE, 0);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

void confine(std::int64_t memory, std::int64_t cpu_seconds) {
  constexpr std::uint64_t descriptors = 16;
  if (counts_memory && memory > 0) set_limit(RLIMIT_AS, static_cast<std::uint64_t>(memory_now() + memory));
  const rlimit time{static_cast<rlim_t>(cpu_seconds), static_cast<rlim_t>(cpu_seconds + 1)};
  setrlimit(RLIMIT_CPU, &time);  // SIGXCPU
  set_limit(RLIMIT_NOFILE, descriptors);
  allow_listed_only();
}

}  // namespace lamin::format::h5
