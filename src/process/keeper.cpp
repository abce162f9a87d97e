#include "process/keeper.hpp"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <vector>
#include "process/observer.hpp"

namespace lamin::process {
namespace {

/// In the keeper itself: plain numbers, and memory that was prepared before the fork.
struct State {
  int control = -1, reads[2] = {-1, -1}, to[2] = {1, 2}, log = -1, listener = -1, process = -1;
  char** if_killed = nullptr;
};

void close_all_but(const State& state) {
  int kept[] = {1, 2, state.control, state.reads[0], state.reads[1], state.log, state.listener, state.process};
  std::sort(std::begin(kept), std::end(kept));
  unsigned from = 0;
  for (const int number : kept) {
    if (number < 0 || static_cast<unsigned>(number) < from) continue;
    if (static_cast<unsigned>(number) > from) ::syscall(SYS_close_range, from, static_cast<unsigned>(number) - 1, 0);
    from = static_cast<unsigned>(number) + 1;
  }
  ::syscall(SYS_close_range, from, ~0U, 0);
  ::open("/dev/null", O_RDONLY);  // 0
}

void shut(int& number) {
  if (number >= 0) ::close(number);
  number = -1;
}

/// True if our process has ended without "done".
bool wait_for_end(State& state) {
  for (;;) {
    char word = 0;
    const auto n = ::read(state.control, &word, 1);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return true;
    if (word == 'd') return false;
    shut(state.reads[word == '1' ? 0 : 1]);
  }
}

/// One piece of what is printed.
void pass_on(State& state, int stream, bool keep) {
  char bytes[1 << 14];
  const auto n = ::read(state.reads[stream], bytes, sizeof bytes);
  if (n < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (n <= 0) return shut(state.reads[stream]);
  const std::string_view piece(bytes, static_cast<std::size_t>(n));
  if (!write_all(state.to[stream], piece)) shut(state.reads[stream]);
  if (keep && state.log >= 0) write_all(state.log, piece);
}

void drain(State& state) {
  for (int stream = 0; stream < 2; ++stream) {
    for (pollfd one{state.reads[stream], POLLIN, 0}; one.fd >= 0 && ::poll(&one, 1, 0) > 0;
         one.fd = state.reads[stream])
      pass_on(state, stream, true);
  }
}

void record(State& state) {
  if (state.if_killed == nullptr || ::fork() != 0) return;
  ::execv(state.if_killed[0], state.if_killed);
  ::_exit(1);
}

[[noreturn]] void keep(State& state) {
  ::setsid();
  for (const int number : {SIGINT, SIGHUP, SIGQUIT, SIGTERM, SIGPIPE}) ::signal(number, SIG_IGN);
  ::signal(SIGCHLD, SIG_DFL);
  close_all_but(state);
  const bool killed = wait_for_end(state);
  if (!killed) shut(state.process);
  for (;;) {
    pollfd on[] = {{state.listener, POLLIN, 0},
                   {state.reads[0], POLLIN, 0},
                   {state.reads[1], POLLIN, 0},
                   {state.process, POLLIN, 0}};
    if (std::all_of(std::begin(on), std::end(on), [](const pollfd& one) { return one.fd < 0; })) break;
    if (::poll(on, 4, -1) < 0) {
      if (errno == EINTR) continue;
      break;
    }
    if (on[0].revents != 0 && ((on[0].revents & POLLIN) == 0 || !answer_one(state.listener))) shut(state.listener);
    for (int stream = 0; stream < 2; ++stream)
      if (on[stream + 1].revents != 0) pass_on(state, stream, killed && state.process >= 0);
    if (on[3].revents != 0) {
      drain(state);
      record(state);
      shut(state.process);
    }
  }
  while (::wait(nullptr) > 0) {}
  ::_exit(0);
}

}  // namespace

Keeper::Keeper(const Kept& kept) {
  std::vector<char*> words;
  if (kept.if_killed != nullptr && !kept.if_killed->empty()) {
    for (const auto& word : *kept.if_killed) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
  }
  auto control = make_pipe();
  State state{.control = control.reads.number(),
              .reads = {kept.out->reads.number(), kept.err->reads.number()},
              .to = {kept.out->to, kept.err->to},
              .log = kept.log,
              .listener = kept.listener,
              .process = kept.process,
              .if_killed = words.empty() ? nullptr : words.data()};
  const pid_t between = ::fork();
  if (between == 0) {
    if (::fork() == 0) keep(state);
    ::_exit(0);
  }
  while (between > 0 && ::waitpid(between, nullptr, 0) < 0 && errno == EINTR) {}
  control_ = std::move(control.writes);
}

void Keeper::closed(int stream) {
  const char word = stream == 1 ? '1' : '2';
  [[maybe_unused]] const auto n = ::write(control_.number(), &word, 1);
}

void Keeper::done() {
  [[maybe_unused]] const auto n = ::write(control_.number(), "d", 1);
  control_.reset();
}

}  // namespace lamin::process
