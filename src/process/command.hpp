// command.hpp -- runs a program to its end: its streams are passed on and kept, the files it opens are seen.
//
// Whatever happens to this process, the program goes on: a second process, the keeper, takes over its streams and
// answers the kernel when this one is killed, and for children that outlive the program.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include "process/observer.hpp"

namespace lamin::process {

struct Command {
  std::vector<std::string> words = {};                              ///< program and arguments
  std::filesystem::path folder = {};                                ///< where it runs; empty: here
  std::vector<std::pair<std::string, std::string>> variables = {};  ///< set for it in addition
  std::optional<Method> method = {};                                ///< how files are seen; empty: the best that works
  std::vector<std::string> data = {};                               ///< folders whose files are data (Places)
  std::filesystem::path log = {};                                   ///< takes what is printed; exists
  std::int64_t most_log = std::int64_t{256} << 20;                  ///< bytes; what comes after is passed on only
  /// Signals sent to this process are passed on to the program: for a process that only runs it.
  bool pass_signals = false;
  bool default_pipe_signal = false;  ///< SIGPIPE ends the program even if this process ignores it
  /// Files in place of this process's streams; empty: these.
  std::filesystem::path input = {}, output = {}, errors = {};
  /// If there are any, the program may change files below these folders only, and new temporary ones: other calls fail.
  /// Only possible with seccomp, which is then the only method.
  std::vector<std::string> writable = {};
  /// Takes what is printed, with 1 or 2 for the stream, in place of this process's own streams.
  std::function<void(int, std::string_view)> printed = {};
  /// A program, and arguments, to be started by the keeper once the command has ended, if this process was killed.
  std::vector<std::string> if_killed = {};
};

struct Result {
  int exit_status = 0;  ///< of the program; 128 + n if signal n ended it
  int signal = 0;
  Method method = Method::declared;
  std::string not_better = {};  ///< why no better way of seeing files was possible; "" if it is the best
  double seconds = 0, user_seconds = 0, system_seconds = 0;
  std::int64_t peak_memory = 0;  ///< bytes, of the largest of its processes
  std::int64_t printed = 0;      ///< bytes
  bool log_is_cut = false;
  std::vector<FileUse> files = {};
  std::int64_t environment_files = 0;
  std::vector<std::string> refused = {};  ///< paths that it wanted to change outside of `writable`
  /// Files that the streams of this process are, which the program has got: "" for others.
  std::string input = {}, output = {}, errors = {};
  int not_started = 0;  ///< an error of the system: the file is not one that can be executed
  /// To be told that the run's end is noted; until then, the death of this process starts `if_killed`.
  std::shared_ptr<class Keeper> keeper = {};
};

/// The executable that a shell would take. Throws not_found, no_access.
std::string find_program(const std::string& name, const std::filesystem::path& folder = {});
/// Throws what find_program throws, invalid_argument (no command, folder), unavailable, unsupported (a method that was
/// asked for is not possible here).
Result run(const Command& command);

}  // namespace lamin::process
