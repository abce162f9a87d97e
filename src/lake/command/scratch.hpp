// scratch.hpp -- the instance that a program gets which is run again: it may write to it, and nothing of that is kept.
//
// It has the name and the id of the real one, in settings of its own that know no other instance. Its database is a
// copy, its default storage is empty and in the folder of the rerun. What is in the real storages can be read and not
// be written: they belong to no instance there, and the program may change files in its folder only. What the run made,
// and versions that came after what it read, are not in the copy, unless something else needs them.
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>
#include "lamin/instance.hpp"

namespace lamin::lake {

class Scratch {
 public:
  /// Throws unavailable (no space), unsupported (the database is too large to be copied).
  Scratch(Instance& instance, const Record& run, std::filesystem::path folder);

  /// For the program: where its instance, settings and caches are.
  std::vector<std::pair<std::string, std::string>> variables() const;
  /// Makes it the instance of a folder, which becomes the development folder.
  void bind(const std::filesystem::path& work) const;
  /// The copy, with what the program has written to it.
  Instance& opened();
  std::int64_t last_run() const { return last_run_; }  ///< later ids are runs of the program

 private:
  Session quiet_session() const;
  void prepare(Database& copy, const Record& run);

  Instance& instance_;
  std::filesystem::path folder_;
  InstanceSettings settings_;
  std::optional<Record> branch_;
  std::int64_t last_run_ = 0;
  std::unique_ptr<Instance> opened_;
};

/// The artifacts that a run made, and those that it made again; not its log and its environment.
std::vector<Record> outputs_of(Instance& instance, const Record& run);

}  // namespace lamin::lake
