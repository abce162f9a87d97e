// outputs.hpp -- which of the files that a command has written are outputs of its run, and what they are called.
#pragma once
#include <filesystem>
#include <set>
#include <string>
#include <utility>
#include <vector>
#include "lake/command/match.hpp"
#include "lamin/command.hpp"
#include "process/command.hpp"

namespace lamin::lake {

class Outputs {
 public:
  /// Before the command starts. `words`: its own, with paths in place of addresses.
  Outputs(Instance& instance, const CommandOptions& options, const std::vector<std::string>& words,
          std::filesystem::path folder);

  /// Those that the call names, with their keys.
  std::vector<std::pair<std::filesystem::path, std::string>> planned() const;
  /// The files that were seen, and those that were declared: inputs by the caller, outputs by this.
  std::vector<Seen> collect(process::Result& result, const std::set<std::string>& declared);
  bool has(const Seen& file) const;
  /// Empty for a file in a storage, which says where it is.
  std::string key_of(const std::string& path) const;

 private:
  void add_declared(const process::Result& result);
  void add(const std::string& path, bool written);
  void add_registered(const std::string& path);
  bool has_written_below(const std::string& folder) const;
  bool is_in_registered(const std::string& path) const;

  Instance& instance_;
  const CommandOptions& options_;
  std::filesystem::path folder_;
  std::set<std::string> registered_, named_;  ///< by the caller and by the command's own options
  std::int64_t started_;                      ///< nanoseconds since 1970
  std::set<std::string> known_;
  std::vector<Seen> files_;
};

}  // namespace lamin::lake
