// python.cpp -- work that Python does for a command: what is given goes to it through its standard input, where no
// other user of the machine sees it, and what it prints is what the command prints.
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include <boost/json.hpp>
#include <cerrno>
#include <csignal>
#include <cstring>
#include "commands.hpp"

namespace lamin::cli {
namespace {

void write_all(int to, std::string_view text) {
  while (!text.empty()) {
    const auto n = ::write(to, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return;  // it has ended, and says why
    text.remove_prefix(static_cast<std::size_t>(n));
  }
}

}  // namespace

int run_python(std::vector<std::string> words, std::string_view input, std::string_view command) {
  std::array<int, 2> pipe{};
  if (::pipe(pipe.data()) != 0)
    throw Error(Code::unavailable, "No pipe to Python: " + std::string(std::strerror(errno)));
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const auto before = ::signal(SIGPIPE, SIG_IGN);
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGPIPE, before);
    ::dup2(pipe[0], STDIN_FILENO);
    ::close(pipe[0]);
    ::close(pipe[1]);
    ::setenv("LAMIN_NO_CONNECT", "1", 1);  // it connects where its messages go to standard error
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
  }
  ::close(pipe[0]);
  if (child > 0) write_all(pipe[1], input);
  ::close(pipe[1]);
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) < 0) throw Error(Code::unavailable, "cannot start " + words[0]);
  ::signal(SIGPIPE, before);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
    throw Error(
        Code::unavailable,
        fmt::format("'{}' cannot be started: `{}` needs the Python package beside this program.", words[0], command));
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

int notion_sync(const Given& given) {
  boost::json::object options{{"notion_uuid", given.text("notion_uuid")}, {"apply", given.has("apply")}};
  for (const char* name : {"token", "space", "workspace"})
    if (given.has(name)) options[name] = given.text(name);
  const auto depth = given.text("depth");
  if (depth.empty() || depth.find_first_not_of("0123456789") != std::string::npos || depth.size() > 6)
    throw Error(Code::invalid_argument, fmt::format("--depth is a whole number from 0 on, not '{}'.", depth));
  options["depth"] = std::stoi(depth);
  return run_python({python_program(), "-m", "lamindb.integrations.notion"}, boost::json::serialize(options),
                    "lamin integrations notion sync");
}

}  // namespace lamin::cli
