// run_diff.hpp -- in what two runs differ: code, parameters, environment, inputs, outputs.
//
// What is the same in both is left out. Inputs and outputs are compared by their content: the same bytes under another
// key or uid are not a difference.
//
// Example: examples/cpp/run_diff.cpp
#pragma once
#include <string>
#include <vector>
#include "lamin/instance.hpp"

namespace lamin {

struct RunDiff {
  struct Change {
    std::string name = {};                ///< of a field or parameter, by its path: "model.layers"
    std::string before = {}, after = {};  ///< JSON; empty: it is not there
  };
  struct Files {
    std::vector<std::string> only_before = {}, only_after = {};  ///< "counts.tsv (3fR8sJdk2mQaXy1z0000)"
  };
  std::vector<Change> fields = {};  ///< transform, status, arguments, who started it, how long it took in seconds
  std::vector<Change> params = {};
  std::string code = {}, environment = {};  ///< as unified diffs
  Files inputs = {}, outputs = {};
  bool empty() const;  ///< nothing differs but times
};

/// Throws invalid_argument for rows of other registries, and what cache_artifact throws for an environment.
RunDiff diff_runs(Instance& instance, const Record& before, const Record& after);
/// For people; "" if nothing differs.
std::string to_text(const RunDiff& diff);
std::string to_json(const RunDiff& diff);

}  // namespace lamin
