// watch.cpp -- processes that Python starts beside a run: one that passes on and keeps what the run prints, and sees
// how it ends; one that waits for the file of an executed notebook.
//
// Invariants of `watch-run`
//   1. Every byte that arrives on 3 is written to standard output, of 4 to standard error, before the next is read, and
//      both to the log by whole lines, in the order of their ends.
//   2. "done" on 5 means that the run has been told to finish: once nothing more can be read, the log is complete, and
//   a
//      byte on 6 says so. Until the last child process has closed its streams, they are still passed on.
//   3. The end of the run's process without "done" ends the run as aborted, with the log as its report.
//   4. A second process waits and holds the streams open: if the one that works is killed, it takes over, so that the
//      script neither gets SIGPIPE nor waits for a reader. Where the disk is full, only the log ends.
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <string_view>
#include <thread>

#include "base/whole_lines.hpp"
#include "commands.hpp"
#include "lamin/command.hpp"
#include "lamin/lineage.hpp"

namespace lamin::cli {

namespace fs = std::filesystem;

namespace {

constexpr int out = 3, err = 4, told = 5, answer = 6;

/// Writes all of it; what a closed terminal or full disk does not take is lost there, not elsewhere.
void write_all(int to, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = ::write(to, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

class Watch {
 public:
  explicit Watch(const std::string& log)
      : log_(::open(log.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600)),
        process_(static_cast<int>(::syscall(SYS_pidfd_open, ::getppid(), 0))) {}

  /// Until all streams are closed, or the process has ended. Returns whether it said that the run is finished.
  bool run() {
    while (at_[0].fd >= 0 || at_[1].fd >= 0 || (!done_ && at_[2].fd >= 0)) {
      if (::poll(at_.data(), at_.size(), -1) < 0 && errno != EINTR) break;
      for (std::size_t i = 0; i < 2; ++i) {
        if (at_[i].fd >= 0 && at_[i].revents != 0 && !pass_on(at_[i].fd)) at_[i].fd = -1;
      }
      if (at_[2].fd >= 0 && at_[2].revents != 0) hear();
      if (at_[3].fd >= 0 && at_[3].revents != 0) {  // ended: what it printed last is in the pipes
        at_[3].fd = -1;
        drain();
        keep_rest();
        if (!done_) return false;
      }
    }
    keep_rest();
    return done_;
  }

  /// What child processes print after the run has ended is passed on, and not kept.
  void pass_on_the_rest() {
    done_ = true;
    at_[2].fd = at_[3].fd = -1;
    run();
  }

 private:
  /// One piece; false at the end of the stream.
  bool pass_on(int from) {
    const auto n = ::read(from, buffer_.data(), buffer_.size());
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) return true;
    if (n <= 0) return false;
    const std::string_view bytes(buffer_.data(), static_cast<std::size_t>(n));
    write_all(from == out ? STDOUT_FILENO : STDERR_FILENO, bytes);
    if (!done_) write_all(log_, lines_[from == out ? 0 : 1].add(bytes));
    return true;
  }

  /// All that can be read now.
  void drain() {
    for (bool more = true; more;) {
      more = false;
      for (std::size_t i = 0; i < 2; ++i) {
        pollfd one{at_[i].fd, POLLIN, 0};
        if (one.fd < 0 || ::poll(&one, 1, 0) <= 0) continue;
        if (pass_on(one.fd)) more = true;
        else at_[i].fd = -1;
      }
    }
  }

  void keep_rest() {
    for (auto& lines : lines_) {
      if (!done_) write_all(log_, lines.rest());
    }
  }

  void hear() {
    std::array<char, 16> words{};
    const auto n = ::read(told, words.data(), words.size());
    at_[2].fd = -1;
    if (n <= 0) return;
    drain();
    keep_rest();
    done_ = true;
    write_all(answer, "k");
    ::close(answer);
  }

  int log_, process_;
  std::array<pollfd, 4> at_{{{out, POLLIN, 0}, {err, POLLIN, 0}, {told, POLLIN, 0}, {process_, POLLIN, 0}}};
  std::array<base::WholeLines, 2> lines_;
  std::array<char, 1 << 16> buffer_ = {};
  bool done_ = false;
};

/// Returns in the process that does the work: a child, or this one if the child was killed.
void wait_for_worker() {
  const pid_t worker = ::fork();
  if (worker <= 0) return;
  ::close(answer);  // so that the script does not wait for one from here
  int status = 0;
  while (::waitpid(worker, &status, 0) < 0 && errno == EINTR) {}
  if (WIFEXITED(status)) ::_exit(WEXITSTATUS(status));
}

/// In nanoseconds since 1970.
std::string written_at(const fs::path& file) {
  struct stat about{};
  if (::stat(file.c_str(), &about) != 0) return "";
  return std::to_string(about.st_mtim.tv_sec * 1'000'000'000 + about.st_mtim.tv_nsec);
}

}  // namespace

int watch_run(const Given& given) {
  for (const int number : {out, err, told, answer}) {
    if (::fcntl(number, F_GETFD) < 0)
      throw Error(Code::unsupported, "watch-run is started by ln.track(), which passes it what a script prints.");
  }
  for (const int number : {SIGINT, SIGHUP, SIGQUIT, SIGTERM, SIGPIPE}) std::signal(number, SIG_IGN);
  Watch watch(given.text("log"));
  wait_for_worker();
  if (watch.run()) return 0;
  {
    const auto instance = open_called(given.text("instance"));
    lamin::abort_run(*instance, given.text("run"), given.text("log"));
  }
  watch.pass_on_the_rest();
  return 0;
}

int report_run(const Given& given) {
  const fs::path file = given.text("file");
  const auto process = static_cast<pid_t>(std::stol(given.text("process")));
  constexpr auto step = std::chrono::milliseconds(100), settled = std::chrono::milliseconds(300);
  constexpr auto longest = std::chrono::hours(24);
  for (auto waited = std::chrono::milliseconds(0); waited < longest; waited += step) {
    const bool written = written_at(file) != given.text("since");
    if (written) std::this_thread::sleep_for(settled);  // until it is written to its end
    if (written || ::kill(process, 0) != 0) break;
    std::this_thread::sleep_for(step);
  }
  const auto instance = open_called(given.text("instance"));
  auto run = instance->database().find(instance->catalog().table("Run"), given.text("run"));
  if (run && run->at("report").is_null()) save_run_report(*instance, *run, file);
  return 0;
}

}  // namespace lamin::cli
