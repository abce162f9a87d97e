// rerun.hpp -- whether a run gives the same again: of a command, or of a script or notebook that tracks itself.
//
// The program runs in an empty folder, with the recorded source code and with its inputs from the storage. It can
// change nothing outside of that folder, but read everything: paths that are written in the source code itself are
// taken as they are now.
//
// A program that uses LaminDB gets a scratch instance in place of the real one: of the same name, with a copy of the
// database in which what the run made does not exist, and with an empty default storage. Nothing that it saves gets
// anywhere else.
//
// Example: examples/cpp/rerun.cpp
#pragma once
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>
#include "lamin/instance.hpp"

namespace lamin {

struct RerunOptions {
  double tolerance = 1e-6;            ///< relative, of numbers; 0: exactly the same
  std::filesystem::path folder = {};  ///< new; stays there. Empty: a temporary one, which is removed
  /// Of a script or notebook: the Python that executes it; empty = the one on the PATH.
  std::filesystem::path python = {};
  /// Patterns of files, below the working folder, that the script needs and that are not artifacts.
  std::vector<std::string> inputs = {};
  bool pass_signals = false;  ///< as in CommandOptions
  /// Takes what the command prints; empty = it goes to this process's own streams.
  std::function<void(int, std::string_view)> printed = {};
};

enum class Sameness : std::uint8_t {
  bytes,    ///< the same bytes
  content,  ///< other bytes, but the same content
  different,
  missing,  ///< it was not written
};
std::string_view name_of(Sameness sameness);  ///< "bytes", "content", ...

struct RerunOutput {
  std::string key = {}, artifact = {};  ///< of the registered one; artifact: its uid
  Sameness sameness = Sameness::missing;
  std::vector<std::string> differences = {};  ///< where, for people
};

struct Rerun {
  std::string run = {};  ///< uid
  int exit_status = 0, recorded_exit_status = 0;
  std::vector<std::string> notes = {};  ///< what was not as it was: packages, inputs that are not registered
  std::vector<RerunOutput> outputs = {};
  /// The same exit status, and all outputs have the same content.
  bool same() const;
};

/// Throws unsupported (the run is neither of a command nor of a Python script or notebook, it has not ended, its source
/// code or command line lost a secret, or the kernel cannot keep the program in its folder), not_found (an input is
/// lost), and what cache_artifact throws.
Rerun rerun(Instance& instance, const Record& run, const RerunOptions& options = {});

/// The run with this uid, or the one that made the latest artifact with this key or uid. Throws not_found.
Record run_called(Instance& instance, std::string_view name);

}  // namespace lamin
