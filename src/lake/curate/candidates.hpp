// candidates.hpp -- what a value that is not registered may stand for: exact but for case, a synonym, the successor of
// an obsolete term, or spelled alike, in this order; among registered rows and the terms of the public source.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "lamin/label.hpp"
#include "lamin/report.hpp"

namespace lamin::lake {

/// The registry's rows that a column's values name.
struct LabelsOf {
  std::string registry;
  LabelOptions options;
};

class Candidates {
 public:
  /// Borrows the instance; throws as `inspect` does.
  Candidates(Instance& instance, std::vector<LabelsOf> registries);
  ~Candidates();
  /// Best first; the similar ones, at most `most_similar`, only if nothing better is there.
  std::vector<Candidate> of(const std::string& value, std::size_t most_similar = 3) const;

 private:
  struct One;
  void add(Instance& instance, std::shared_ptr<Instance> outside, const std::string& registry,
           const LabelOptions& options);
  std::vector<One> all_;
};

}  // namespace lamin::lake
