// command.hpp -- any command as a run: what it reads is matched to artifacts, what it writes is registered.
//
// The files that the command and its children open are observed from outside: the command needs to know nothing of
// LaminDB. Observation by the kernel (seccomp) is tried first, then as by a debugger (ptrace), then by a preloaded
// library; which one it was is kept. Files of the system and of what is installed are counted, not listed: the table is
// src/process/places.cpp. Files that are opened through io_uring are not seen; a command that asks for io_uring is told
// that the kernel does not have it.
//
// The command runs in an environment in which LAMIN_RUN and LAMIN_INITIATED_BY_RUN_UID name the run, and
// LAMIN_INPUT_PATHS holds the paths of artifacts at addresses, as JSON: what it saves with
// `lamin save` is an output of the run, and runs that it starts are initiated by it. If this process is killed, the
// command goes on and the run is recorded as aborted.
//
// Example: examples/cpp/command.cpp
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>
#include "lamin/instance.hpp"
#include "lamin/lamin_uri.hpp"

namespace lamin {

struct CommandOptions {
  /// The program and its arguments. In place of an address (lamin://..., a word or the value of an option) the program
  /// gets a path; the artifact is an input even if reading it was not seen.
  std::vector<std::string> words = {};
  std::vector<Access> access = {};    ///< by which ways artifacts at addresses may be got; empty = any
  std::filesystem::path folder = {};  ///< where it runs; empty = the working folder
  /// Patterns of paths ("data/*.bam", "results/**"), relative to the folder. Inputs are taken as read even if that was
  /// not seen.
  std::vector<std::string> inputs = {};
  /// Files written that match are registered.
  std::vector<std::string> outputs = {};
  /// Files and folders to be registered after success, relative to the folder, even if writing them was not seen.
  std::vector<std::filesystem::path> registered = {};
  bool save_outputs = false;  ///< all files written are registered, but temporary ones
  bool save_failed = false;   ///< also those of a command that failed
  /// Of the transform; empty = that of the script that the command runs, otherwise the name of the program.
  std::string key = {};
  std::string name = {}, description = {};  ///< of the run
  std::string params_json = {};             ///< a JSON object
  std::vector<Record> projects = {};        ///< of the run's outputs
  /// "seccomp", "ptrace", "preload", "declared"; empty = the best that is possible here.
  std::string observer = {};
  /// Signals sent to this process are passed on: for a process that only runs the command.
  bool pass_signals = false;
  /// Takes what the command prints, with 1 or 2 for the stream; empty = it goes to this process's own streams.
  std::function<void(int, std::string_view)> printed = {};
  /// The path of `lamin`, which records the run if this process is killed; empty = beside the library or on the PATH.
  std::filesystem::path lamin = {};
};

/// A file that the command opened.
struct CommandFile {
  std::string path = {};  ///< absolute, links resolved
  bool read = false, written = false, executed = false;
  bool temporary = false;     ///< in a folder for temporary files, or gone at the end
  std::int64_t size = 0;      ///< bytes
  std::string hash = {};      ///< LaminDB's, where it was needed
  std::string artifact = {};  ///< uid of the one that it was when it was read
  std::string output = {};    ///< uid of the one that it became
};

struct CommandRun {
  Record run = {}, transform = {};
  int exit_status = 0;          ///< the command's own; 128 + n if signal n ended it
  std::string observer = {};    ///< by which its files were seen
  std::string not_better = {};  ///< why no better one was possible
  double seconds = 0, cpu_seconds = 0;
  std::int64_t peak_memory = 0;  ///< bytes, of its largest process
  std::vector<CommandFile> files = {};
  std::int64_t environment_files = 0;             ///< opened, of what is installed
  std::vector<Record> inputs = {}, outputs = {};  ///< artifacts
};

/// Runs the command to its end and records it, in two commits: one before it starts and one after it has ended. A
/// command that fails is a run that failed; only then and on success this returns. Throws not_found or no_access (there
/// is no such program, nothing is recorded), unsupported (the observer is not possible here), and what make_transform,
/// start_run and save_artifact throw.
CommandRun run_command(Instance& instance, const CommandOptions& options);

/// A default for commands, and who says so.
struct RunDefault {
  std::string value = {};   ///< "local"; "mount,cache"
  std::string source = {};  ///< "LAMIN_RUN_WHERE", "lamin settings run-where", "default", or `option`
};
/// Where commands run: what is given by `option`, otherwise LAMIN_RUN_WHERE, otherwise what was set, otherwise "local",
/// which is the only place there is. Throws unsupported, invalid_argument, naming the source.
RunDefault run_where(std::string_view given = {}, std::string_view option = "--where");
/// By which ways they get artifacts: the same with LAMIN_RUN_ACCESS and "mount,cache". Throws what access_called
/// throws.
RunDefault run_access(std::string_view given = {}, std::string_view option = "--access");
/// Stored for this user, in LaminDB's files; empty = the default again. Throws the same; nothing is stored then.
void set_run_where(std::string_view value);
void set_run_access(std::string_view value);

/// What run_command would do.
struct CommandPlan {
  std::vector<std::string> words = {};             ///< as they would be started
  std::vector<LocalArtifact> inputs = {};          ///< artifacts at addresses
  std::string transform_key = {}, transform = {};  ///< its uid; empty = a new one
  std::string tool_version = {};
  /// Those that the call names, with the keys they would get.
  std::vector<std::pair<std::filesystem::path, std::string>> outputs = {};
};
/// Nothing is executed (but `PROGRAM --version`) and nothing saved; inputs may be brought into the cache. Throws what
/// run_command throws before it starts the command.
CommandPlan plan_command(Instance& instance, const CommandOptions& options);

/// The files that were observed in a run, by path; none for runs of other kinds.
std::vector<CommandFile> command_files(Instance& instance, const Record& run);

/// Records that the process of a run has ended without finishing it. Nothing happens if it is finished.
void abort_run(Instance& instance, const std::string& uid, const std::filesystem::path& log);

}  // namespace lamin
