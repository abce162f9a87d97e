// ptrace.cpp -- the program runs as under a debugger, which stops it at each call of calls.cpp.
//
// A filter picks these calls, so that others cost nothing. Where another filter hides them from ours, every call stops.
// Ends when no traced process is left: without the tracer, the filtered calls of those that remain would fail.
#include <fmt/format.h>
#include <linux/seccomp.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <set>
#include "lamin/error.hpp"
#include "process/observer.hpp"
#include "process/target.hpp"

#ifndef __WNOTHREAD
#define __WNOTHREAD 0x20000000
#endif

namespace lamin::process {
namespace {

/// In words of the kernel's structure, whose size the C library's version may not know.
bool call_at(pid_t process, Pending& pending) {
  __ptrace_syscall_info info{};
  if (::ptrace(static_cast<__ptrace_request>(PTRACE_GET_SYSCALL_INFO), process, sizeof info, &info) <= 0) return false;
  pending.process = process;
  pending.architecture = info.arch;
  if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
    pending.number = static_cast<int>(info.entry.nr);
    for (std::size_t i = 0; i < 6; ++i) pending.arguments.at(i) = info.entry.args[i];
    return true;
  }
  if (info.op != PTRACE_SYSCALL_INFO_SECCOMP) return false;
  pending.number = static_cast<int>(info.seccomp.nr);
  for (std::size_t i = 0; i < 6; ++i) pending.arguments.at(i) = info.seccomp.args[i];
  return true;
}

class Tracer : public Observer {
 public:
  explicit Tracer(bool all_calls) : all_calls_(all_calls) {}

  void start(Start& start) override {
    start.setup = Setup::trace;
    start.filter = all_calls_ ? std::vector<sock_filter>{} : filter_for(SECCOMP_RET_TRACE);
    Failure failure;
    child_ = process::start(start, failure);
    int status = 0;
    while (::waitpid(child_.pid, &status, __WALL) < 0 && errno == EINTR) {}
    if (!WIFSTOPPED(status)) {
      failure = failure_of(child_);
      if (failure.stage != 's')
        throw Error(Code::invalid_argument,
                    fmt::format("'{}' cannot be entered: {}", start.folder, std::strerror(failure.error)));
      throw Error(Code::unsupported, fmt::format("ptrace: {}", std::strerror(failure.error)));
    }
    constexpr long options = PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC |
                             PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL;
    const long seccomp = all_calls_ ? 0 : PTRACE_O_TRACESECCOMP;
    if (::ptrace(PTRACE_SETOPTIONS, child_.pid, nullptr, options | seccomp) != 0) {
      const int error = errno;
      ::kill(child_.pid, SIGKILL);
      ::waitpid(child_.pid, nullptr, __WALL);
      throw Error(Code::unsupported, fmt::format("ptrace: {}", std::strerror(error)));
    }
    known_.insert(child_.pid);
    go_on(child_.pid, 0);
  }

  Ended watch(Witness& witness) override {
    Ended ended;
    for (;;) {
      int status = 0;
      rusage usage{};
      const pid_t process = ::wait4(-1, &status, __WALL | __WNOTHREAD, &usage);
      if (process < 0) {
        if (errno == EINTR) continue;
        return ended;  // none is left
      }
      if (WIFEXITED(status) || WIFSIGNALED(status)) {
        known_.erase(process);
        if (process == child_.pid) ended = {status, usage};
        continue;
      }
      stopped(witness, process, status);
    }
  }

 private:
  void go_on(pid_t process, int signal) const {
    ::ptrace(all_calls_ ? PTRACE_SYSCALL : PTRACE_CONT, process, nullptr, static_cast<long>(signal));
  }

  void stopped(Witness& witness, pid_t process, int status) {
    const int signal = WSTOPSIG(status), event = status >> 16;
    const bool first = known_.insert(process).second;
    if (event == PTRACE_EVENT_SECCOMP || signal == (SIGTRAP | 0x80)) {
      Pending pending;
      if (call_at(process, pending)) note(witness, read_call(pending));
      return go_on(process, 0);
    }
    if (event == PTRACE_EVENT_STOP) {  // the whole group is stopped, by Ctrl-Z
      ::ptrace(PTRACE_LISTEN, process, nullptr, nullptr);
      return;
    }
    if (event != 0 || (first && signal == SIGSTOP)) return go_on(process, 0);
    siginfo_t info{};
    const bool group_stop = (signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU) &&
                            ::ptrace(PTRACE_GETSIGINFO, process, nullptr, &info) < 0 && errno == EINVAL;
    go_on(process, group_stop ? 0 : signal);
  }

  bool all_calls_;
  std::set<pid_t> known_;
};

}  // namespace

std::unique_ptr<Observer> ptrace_observer(bool all_calls) { return std::make_unique<Tracer>(all_calls); }

}  // namespace lamin::process
