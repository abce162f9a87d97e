// term_writer.hpp -- writes terms of a source into a registry: rows, parents, other synonyms, closure.
//
// Invariants
//   1. All in one transaction; running it again with the same terms changes nothing.
//   2. An existing row is recognised by its uid, which is derived from the public identifier; it is only rewritten if
//      `update` is set, and its id never changes, so links to it stay.
//   3. A source is `in_db` when all its terms were written, and never for a part of them.
//   4. With `update`, the row of a term that is obsolete now is renamed, so that its name is no longer valid.
#pragma once
#include <future>
#include <string>
#include <utility>
#include <vector>

#include "lake/label/own_synonyms.hpp"
#include "lake/ontology/stated.hpp"
#include "lamin/ontology.hpp"

namespace lamin::lake {

/// A term that a release keeps only to say what became of it.
struct ObsoleteTerm {
  std::string id, name;
  std::vector<std::string> replaced_by;
};

struct TermRows {
  std::vector<Record> records;                    ///< unsaved, with uid, without duplicates
  std::vector<std::vector<std::string>> parents;  ///< per record: public identifiers
  std::vector<std::vector<OwnSynonym>> synonyms;  ///< per record: those that the column cannot hold
  std::string name;                               ///< of the source; empty = none
  std::string version;
  bool partial = false;   ///< the source has more terms than these
  bool restores = false;  ///< rows that lie in the trash come back; otherwise they are told of
  std::vector<ObsoleteTerm> obsolete = {};
  /// Of the source, with what the columns cannot hold; may still be computed while the rows are written.
  std::shared_future<std::vector<StatedTerm>> stated = {};
};

/// Creates or finds the source, inserts new rows, links parents, rebuilds the closure if there are new links.
ImportReport write_terms(Instance& instance, const schema::Table& table, TermRows rows, const ImportOptions& options);

}  // namespace lamin::lake
