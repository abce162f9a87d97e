// diff.hpp -- all that two releases state of their terms, to be compared.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lake/ontology/stated.hpp"
#include "lamin/upgrade.hpp"

namespace lamin::lake {

/// The terms of a release.
class Stated {
 public:
  /// `fates`: with what became of obsolete terms and former identifiers.
  Stated(Instance& reference, std::int64_t source, bool fates);
  Stated(const Stated&) = delete;  // terms are found by views of their ids
  Stated(Stated&&) = default;

  const StatedTerm* find(std::string_view id) const;  ///< null if the release does not know it
  const StatedTerm* live(std::string_view id) const;  ///< null for an obsolete one, too
  /// The live terms that an obsolete or former id stands for.
  std::vector<std::string> successors(const std::string& id) const;

  std::vector<StatedTerm> terms;                                                   ///< without facts
  std::unordered_map<std::string, std::vector<std::string>> replaced, considered;  ///< of obsolete terms
  std::unordered_map<std::string, std::string> alternatives;                       ///< former id -> live term

 private:
  std::unordered_map<std::string_view, std::size_t> by_id_;
};

std::vector<std::string> parents_of(const StatedTerm& term);  ///< ascending
/// Without the names of the releases.
ReleaseDiff diff_stated(const Stated& older, const Stated& newer);

}  // namespace lamin::lake
