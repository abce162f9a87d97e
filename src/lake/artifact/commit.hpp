// commit.hpp -- saving artifacts together with other rows, in one commit.
#pragma once
#include <functional>
#include <vector>
#include "lamin/artifact.hpp"

namespace lamin::lake {

/// Callbacks in the transaction that makes the artifacts visible. Each may run again if the transaction is repeated.
struct CommitWith {
  std::function<void()> first = {};        ///< before their rows
  std::function<void(Record&)> each = {};  ///< with each saved row
  std::function<void()> last = {};         ///< after them
};
/// Without drafts, just runs the transaction.
void commit(Instance& instance, const std::vector<Draft*>& drafts, const CommitWith& with);

}  // namespace lamin::lake
