// transforms.hpp -- which transforms the workflow and the processes of a trace are.
//
// A transform is found by its key and source together, so that the script of a process that two workflows share is a
// transform in each, and a source that returns is the old version again. Without a source it is the latest version.
#pragma once
#include <map>
#include <string>
#include "lamin/lineage.hpp"
#include "lamin/trace.hpp"

namespace lamin::lake {

class TraceTransforms {
 public:
  /// `key`: of the workflow; empty: from its name or script.
  TraceTransforms(Instance& instance, const TraceWorkflow& workflow, const std::string& key);

  /// Each joins the transaction; what was found in an earlier one is forgotten with `begin`.
  void begin() { known_.clear(); }
  Record workflow();
  Record process(const TraceTask& task);

 private:
  std::string key_of_script() const;
  std::string source() const;
  Record find_or_make(TransformOptions options);

  Instance& instance_;
  const TraceWorkflow& of_;
  std::string key_;
  std::map<std::string, Record> known_;  ///< by key and hash
};

}  // namespace lamin::lake
