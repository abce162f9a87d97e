// serve.cpp -- the helper: forks one worker per file, and reports those that die or are late. It parses nothing itself.
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <string>
#include <vector>
#include "format/codecs.hpp"
#include "format/hdf5/h5.hpp"
#include "format/hdf5/sandbox.hpp"
#include "format/hdf5/worker.hpp"
#include "format/hdf5_protocol.hpp"
#include "format/packet.hpp"

namespace lamin::format::h5 {
namespace {

using Clock = std::chrono::steady_clock;

struct Running {
  pid_t pid;
  Descriptor reply;
  Clock::time_point end;
  bool late = false;
};

pid_t parent = 0;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables): all that a signal handler can see

/// The signal comes when the thread that started the helper ends, but only the end of its process matters.
void on_death(int) {
  if (getppid() != parent) _exit(0);
}

void prepare() {
  parent = getppid();
  struct sigaction action{};
  action.sa_handler = on_death;
  action.sa_flags = SA_RESTART;
  sigaction(SIGUSR1, &action, nullptr);
  prctl(PR_SET_PDEATHSIG, SIGUSR1);
  if (getppid() != parent) _exit(0);
  // Terminal signals are meant for the program that was started there.
  for (const int key : {SIGINT, SIGQUIT, SIGTSTP, SIGHUP}) signal(key, SIG_IGN);
  syscall(SYS_close_range, helper_socket + 1, ~0U, 0);
  fcntl(helper_socket, F_SETFD, FD_CLOEXEC);
  forbid_privileges();
  // Loaded now, since a worker may not.
  codecs();
  auto lock = use();
}

class Helper {
 public:
  Helper() : ended_(make_signals()) {}

  void serve() {
    for (;;) {
      pollfd ready[] = {{helper_socket, POLLIN, 0}, {ended_.get(), POLLIN, 0}};
      if (poll(ready, 2, patience()) < 0 && errno != EINTR) break;
      if (ready[1].revents != 0) {
        signalfd_siginfo ignored[8];
        if (read(ended_.get(), ignored, sizeof(ignored)) < 0) errno = 0;
      }
      reap();
      stop_late();
      if (ready[0].revents != 0 && !accept()) break;
    }
    for (auto& each : running_) kill(each.pid, SIGKILL);
  }

 private:
  static int make_signals() {
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, nullptr);
    return signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
  }

  int patience() const {
    auto left = std::chrono::milliseconds(-1);
    for (auto& each : running_) {
      const auto time =
          std::max(std::chrono::milliseconds(0), std::chrono::ceil<std::chrono::milliseconds>(each.end - Clock::now()));
      if (!each.late && (left.count() < 0 || time < left)) left = time;
    }
    return static_cast<int>(std::min<std::int64_t>(left.count(), 60'000));
  }

  bool accept() {
    auto packet = receive_packet(helper_socket);
    if (!packet) return false;  // the process is gone
    Task task;
    if (packet->bytes.size() < sizeof(task.request)) return true;
    std::memcpy(&task.request, packet->bytes.data(), sizeof(task.request));
    if (task.request.version != hdf5_protocol) return true;  // the socket closes, which the other side reports
    task.name = packet->bytes.substr(sizeof(task.request));
    task.reply = std::move(packet->descriptors[0]);
    task.file = std::move(packet->descriptors[1]);
    task.edits = std::move(packet->descriptors[2]);
    const auto end = Clock::now() + std::chrono::seconds(task.request.wall_seconds);
    const pid_t pid = fork();
    if (pid == 0) {
      for (auto& other : running_) other.reply.reset();
      ended_.reset();
      close(helper_socket);
      work(std::move(task));
    }
    if (pid > 0) running_.push_back({pid, std::move(task.reply), end});
    return true;
  }

  void reap() {
    int status = 0;
    for (pid_t pid = 0; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
      const auto found = std::find_if(running_.begin(), running_.end(), [&](auto& each) { return each.pid == pid; });
      if (found == running_.end()) continue;
      if (WIFSIGNALED(status) || WEXITSTATUS(status) != 0)
        report(*found, WIFSIGNALED(status) ? WTERMSIG(status) : SIGABRT);
      running_.erase(found);
    }
  }

  static void report(const Running& ended, int signal) {
    Hdf5Answer obituary;
    obituary.outcome = ended.late || signal == SIGXCPU ? Hdf5Answer::Outcome::late : Hdf5Answer::Outcome::died;
    obituary.code = signal;
    send_packet(ended.reply.get(), {reinterpret_cast<const char*>(&obituary), sizeof(obituary)});
  }

  void stop_late() {
    for (auto& each : running_) {
      if (each.late || Clock::now() < each.end) continue;
      each.late = true;
      kill(each.pid, SIGKILL);
    }
  }

  Descriptor ended_;
  std::vector<Running> running_;
};

}  // namespace
}  // namespace lamin::format::h5

extern "C" __attribute__((visibility("default"))) int lamin_serve_hdf5() {
  lamin::format::h5::prepare();
  lamin::format::h5::Helper().serve();
  return 0;
}
