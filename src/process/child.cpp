#include "process/child.hpp"
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>
#include "lamin/error.hpp"

namespace lamin::process {
namespace {

[[noreturn]] void fail(int reports, char stage) {
  const Failure failure{stage, errno};
  [[maybe_unused]] const auto n = ::write(reports, &failure, sizeof failure);
  ::_exit(stage == 'x' && failure.error == ENOENT ? 127 : 126);
}

/// Programs that gain rights by being started are refused them under a filter, unless this is root.
int install(const sock_fprog& program, unsigned flags) {
  const auto number = ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
  if (number >= 0 || errno != EACCES) return static_cast<int>(number);
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
  return static_cast<int>(::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program));
}

bool send_descriptor(int socket, int number) {
  char byte = 'k';
  iovec data{&byte, 1};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  auto* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  std::memcpy(CMSG_DATA(header), &number, sizeof number);
  return ::sendmsg(socket, &message, 0) == 1;
}

int receive_descriptor(int socket) {
  char byte = 0;
  iovec data{&byte, 1};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  ssize_t n = 0;
  do { n = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC); } while (n < 0 && errno == EINTR);
  const auto* header = n == 1 ? CMSG_FIRSTHDR(&message) : nullptr;
  if (header == nullptr || header->cmsg_type != SCM_RIGHTS) return -1;
  int number = -1;
  std::memcpy(&number, CMSG_DATA(header), sizeof number);
  return number;
}

// Kernels before 5.16 take a program with a filter for one that is shut in, and slow it down to keep it from guessing
// at the memory of others. Ours is only observed.
constexpr unsigned not_slowed = SECCOMP_FILTER_FLAG_SPEC_ALLOW;

/// Pointers into a Start, made before the fork.
struct Words {
  std::vector<char*> words, variables, as_script;
  explicit Words(const Start& start) {
    for (const auto& word : start.words) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    for (const auto& variable : start.variables) variables.push_back(const_cast<char*>(variable.c_str()));
    variables.push_back(nullptr);
    as_script = {const_cast<char*>("sh"), const_cast<char*>(start.program.c_str())};
    as_script.insert(as_script.end(), words.begin() + 1, words.end());
  }
};

[[noreturn]] void run(const Start& start, const Words& words, const sock_fprog& filter, int reports, int socket) {
  if (start.in >= 0 && ::dup2(start.in, STDIN_FILENO) < 0) fail(reports, 's');
  if (start.out >= 0 && ::dup2(start.out, STDOUT_FILENO) < 0) fail(reports, 's');
  if (start.err >= 0 && ::dup2(start.err, STDERR_FILENO) < 0) fail(reports, 's');
  if (!start.folder.empty() && ::chdir(start.folder.c_str()) != 0) fail(reports, 'f');
  if (start.default_pipe_signal) ::signal(SIGPIPE, SIG_DFL);
  ::sigprocmask(SIG_SETMASK, &start.signals, nullptr);
  if (start.setup == Setup::notify) {
    const int listener =
        install(filter, not_slowed | SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV);
    if (listener < 0) fail(reports, 's');
    if (!send_descriptor(socket, listener)) fail(reports, 's');
    ::close(listener);
  } else if (start.setup == Setup::trace) {
    if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) fail(reports, 's');
    ::raise(SIGSTOP);  // until the tracer has said what it wants to see
    if (filter.len > 0 && install(filter, not_slowed) < 0) fail(reports, 's');
  }
  ::execve(start.program.c_str(), words.words.data(), words.variables.data());
  if (errno == ENOEXEC) ::execve("/bin/sh", words.as_script.data(), words.variables.data());
  fail(reports, 'x');
}

}  // namespace

void Descriptor::reset(int number) {
  if (number_ >= 0) ::close(number_);
  number_ = number;
}

Pipe make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    throw Error(Code::unavailable, fmt::format("a pipe cannot be made: {}", std::strerror(errno)));
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

Child start(const Start& start, Failure& failure) {
  const Words words(start);
  const sock_fprog filter{static_cast<unsigned short>(start.filter.size()),
                          const_cast<sock_filter*>(start.filter.data())};
  auto reports = make_pipe();
  int sockets[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0)
    throw Error(Code::unavailable, fmt::format("a socket cannot be made: {}", std::strerror(errno)));
  Descriptor mine(sockets[0]), its(sockets[1]);
  const pid_t pid = ::fork();
  if (pid < 0) throw Error(Code::unavailable, fmt::format("no process can be started: {}", std::strerror(errno)));
  if (pid == 0) run(start, words, filter, reports.writes.number(), its.number());
  reports.writes.reset();
  its.reset();
  Child child{.pid = pid, .reports = std::move(reports.reads)};
  if (start.setup == Setup::notify) {
    child.listener.reset(receive_descriptor(mine.number()));
    if (!child.listener) failure = failure_of(child);
  }
  return child;
}

Failure failure_of(const Child& child) {
  Failure failure;
  ssize_t n = 0;
  do { n = ::read(child.reports.number(), &failure, sizeof failure); } while (n < 0 && errno == EINTR);
  return n == static_cast<ssize_t>(sizeof failure) ? failure : Failure{};
}

}  // namespace lamin::process
