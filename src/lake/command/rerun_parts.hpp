// rerun_parts.hpp -- what doing a run again takes, whatever the kind of the run.
#pragma once
#include <filesystem>
#include <string>
#include <vector>
#include "lamin/rerun.hpp"

namespace lamin::lake {

/// Copies a file, with its folders; the copy may be changed.
void place_copy(const std::filesystem::path& from, const std::filesystem::path& to);

/// Throws unsupported if the stored source code is not what ran, because a secret was taken out of it.
void check_source_is_whole(const Record& transform);

/// The packages that a run had, one per line; "" if that is not known.
std::string recorded_packages(Instance& instance, const Record& run);
/// A note for each package whose version is not what it was.
void note_packages(const std::string& before, const std::string& now, std::vector<std::string>& notes);

/// Compares what was written now, a file or a folder, with a registered artifact.
void compare_output(Instance& instance, const Record& artifact, const std::filesystem::path& now, double tolerance,
                    RerunOutput& output);

/// Whether a later run has made the same again: by key, without one by description and suffix, or by content.
bool are_the_same_output(const Record& before, const Record& now);
/// Finds the artifact of a run among those that were saved in a scratch instance, and compares them.
RerunOutput compare_saved_output(Instance& instance, const Record& artifact, Instance& scratch,
                                 const std::vector<Record>& saved, const RerunOptions& options);

/// The folder that a run is done again in.
class RerunFolder {
 public:
  /// Throws conflict if the folder exists.
  explicit RerunFolder(const RerunOptions& options);
  RerunFolder(const RerunFolder&) = delete;
  RerunFolder& operator=(const RerunFolder&) = delete;
  ~RerunFolder();  ///< a temporary one is removed
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path work() const { return path_ / "work"; }  ///< where the program runs

 private:
  std::filesystem::path path_;
  bool temporary_;
};

/// A run of a command, which `lamin run` has observed.
Rerun rerun_command(Instance& instance, const Record& run, const RerunOptions& options);
/// A run of a script or notebook that tracks itself.
Rerun rerun_script(Instance& instance, const Record& run, const RerunOptions& options);

}  // namespace lamin::lake
