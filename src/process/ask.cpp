#include "process/ask.hpp"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include "process/child.hpp"

namespace lamin::process {
namespace {

constexpr std::size_t most_bytes = 1 << 20;

struct AnswerPipe {
  Descriptor reads, writes;
  AnswerPipe() {
    int ends[2] = {-1, -1};
    if (::pipe2(ends, O_CLOEXEC) != 0) return;
    reads = Descriptor(ends[0]);
    writes = Descriptor(ends[1]);
    ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  }
};

/// False at the end of the stream.
bool take(int from, std::string& into) {
  std::array<char, 4096> piece{};
  for (;;) {
    const auto n = ::read(from, piece.data(), piece.size());
    if (n == 0) return false;
    if (n < 0) return true;
    if (into.size() < most_bytes) into.append(piece.data(), static_cast<std::size_t>(n));
  }
}

pid_t start(const std::vector<std::string>& words, const std::filesystem::path& folder, int output, int errors) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, output, 1);
  posix_spawn_file_actions_adddup2(&files, errors, 2);
  if (!folder.empty()) posix_spawn_file_actions_addchdir_np(&files, folder.c_str());
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, pipe;
  sigemptyset(&none);
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &pipe);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::vector<char*> arguments;
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  pid_t child = -1;
  if (::posix_spawn(&child, words[0].c_str(), &files, &attributes, arguments.data(), environ) != 0) child = -1;
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return child;
}

}  // namespace

std::optional<Answer> ask(const std::vector<std::string>& words, std::chrono::milliseconds most,
                          const std::filesystem::path& folder) {
  AnswerPipe output, errors;
  if (words.empty() || !output.reads || !errors.reads) return std::nullopt;
  const auto child = start(words, folder, output.writes.number(), errors.writes.number());
  if (child < 0) return std::nullopt;
  output.writes = Descriptor();
  errors.writes = Descriptor();
  Answer answer;
  int status = 0;
  bool ended = false;
  pollfd streams[] = {{output.reads.number(), POLLIN, 0}, {errors.reads.number(), POLLIN, 0}};
  for (const auto until = std::chrono::steady_clock::now() + most; !ended;) {
    constexpr int pause = 5;  // milliseconds between looks whether it has ended: a child of its may keep the streams
    ::poll(streams, 2, pause);
    ended = ::waitpid(child, &status, WNOHANG) == child;
    if (!take(output.reads.number(), answer.output)) streams[0].fd = -1;
    if (!take(errors.reads.number(), answer.errors)) streams[1].fd = -1;
    if (ended || std::chrono::steady_clock::now() < until) continue;
    ::kill(-child, SIGKILL);
    ::waitpid(child, &status, 0);
    return std::nullopt;
  }
  answer.exit_status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return answer;
}

}  // namespace lamin::process
