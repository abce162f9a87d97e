// term_writer.hpp -- puts terms of a source into a registry: rows, parents, further synonyms, closure.
//
// Invariants
//   1. All in one transaction; running it again with the same terms changes nothing.
//   2. A row that is there is recognised by its uid, which follows from the public identifier; it is only rewritten if
//      `update` asks for it, and its id never changes, so links to it stay.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "lake/label/own_synonyms.hpp"
#include "lamin/ontology.hpp"

namespace lamin::lake {

struct TermRows {
  std::vector<Record> records;                    ///< unsaved, with uid, without duplicates
  std::vector<std::vector<std::string>> parents;  ///< of each: public identifiers
  std::vector<std::vector<OwnSynonym>> synonyms;  ///< of each: what the column cannot hold
  std::string name;                               ///< of the source; empty = none
  std::string version;
};

/// Creates or finds the source, inserts what is new, links parents, rebuilds the closure where links are new.
ImportReport write_terms(Instance& instance, const schema::Table& table, TermRows rows, const ImportOptions& options);

}  // namespace lamin::lake
