// plugins.cpp -- modules that are not built in, by the name that people give.
//
// A name is a JSON file, or something declared by an installed Python package. To read packages it runs the Python next
// to this program (the environment that it is installed in), otherwise the active one: only Python can read a class.
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include "base/text.hpp"
#include "commands.hpp"
#include "lamin/plugin.hpp"
#include "modules/modules.hpp"

namespace lamin::cli {

namespace fs = std::filesystem;

namespace {

bool is_builtin(std::string_view name) {
  const auto all = modules::builtin_names();
  return std::ranges::find(all, name) != all.end();
}

struct Answer {
  std::string text;
  int status = 0;
};

/// What `python -m lamindb.setup.plugins NAME` prints. Its messages go to the terminal.
Answer ask(const std::string& program, const std::string& name) {
  std::array<int, 2> pipe{};
  if (::pipe(pipe.data()) != 0) throw Error(Code::unavailable, "cannot start " + program + ": no more pipes");
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(pipe[1], STDOUT_FILENO);
    ::close(pipe[0]);
    ::close(pipe[1]);
    ::setenv("LAMIN_NO_CONNECT", "1", 1);
    ::execlp(program.c_str(), program.c_str(), "-m", "lamindb.setup.plugins", name.c_str(), nullptr);
    ::_exit(127);
  }
  ::close(pipe[1]);
  Answer answer;
  std::array<char, 65536> part{};
  for (ssize_t n = 0; (n = ::read(pipe[0], part.data(), part.size())) > 0;) {
    answer.text.append(part.data(), static_cast<std::size_t>(n));
  }
  ::close(pipe[0]);
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) < 0) throw Error(Code::unavailable, "cannot start " + program);
  answer.status = WIFEXITED(status) ? WEXITSTATUS(status) : 1;
  return answer;
}

}  // namespace

std::string python_program() {
  if (const char* given = std::getenv("LAMIN_PYTHON"); given != nullptr && *given != '\0') return given;
  std::error_code failed;
  std::vector<fs::path> folders = {fs::read_symlink("/proc/self/exe", failed).parent_path()};
  if (const char* active = std::getenv("VIRTUAL_ENV"); active != nullptr) folders.push_back(fs::path(active) / "bin");
  for (const auto& folder : folders) {
    if (fs::exists(folder / "python3", failed)) return (folder / "python3").string();
  }
  return "python3";
}

std::optional<schema::Module> find_plugin(const std::string& name) {
  if (is_plugin_file(name)) return plugin_from_file(name);
  const std::string program = python_program();
  const Answer answer = ask(program, name);
  if (answer.status == 0) return plugin_from_json(answer.text);
  if (answer.status == row(Code::not_found).exit_status || answer.status == 127) return std::nullopt;
  // Python has printed the reason.
  throw Error(Code::invalid_argument, "the package '" + name + "' does not declare a module that can be used");
}

Modules modules_called(const std::string& list) {
  Modules out;
  for (const auto& part : base::split(list, ',')) {
    const std::string name(base::trim(part));
    if (name.empty()) continue;
    if (is_builtin(name)) {
      out.names.push_back(name);
      continue;
    }
    auto plugin = find_plugin(name);
    if (!plugin) {
      throw Error(Code::not_found, "there is no module '" + name +
                                       "': bionty and pertdb come with the library; others "
                                       "are a JSON file (./" +
                                       name +
                                       ".json) or a Python package that is installed beside "
                                       "lamin (pip install " +
                                       name + ")");
    }
    out.names.push_back(plugin->name.str());
    out.plugins.push_back(std::move(*plugin));
  }
  return out;
}

}  // namespace lamin::cli
