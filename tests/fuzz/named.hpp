// named.hpp -- what holds of the terms of any ontology: each has an id, and none refers to "".
#pragma once
#include <algorithm>
#include "format/format.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace lamin::fuzz {

inline void require_names(const format::Terms& terms) {
  for (const auto& term : terms.terms) {
    require(!term.id.empty());
    for (const auto* ids : {&term.is_a, &term.alt_ids, &term.replaced_by, &term.consider, &term.definition_sources,
                            &term.xrefs, &term.subsets}) {
      require(std::ranges::none_of(*ids, &std::string::empty));
    }
    for (const auto& [relation, id] : term.relationships) require(!relation.empty() && !id.empty());
    for (const auto& synonym : term.synonyms) require(!synonym.text.empty());
  }
}

}  // namespace lamin::fuzz
