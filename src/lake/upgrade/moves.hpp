// moves.hpp -- what an upgrade does to the rows of a registry, before it is done: what people are told is made from
// this, and what is applied is this.
#pragma once
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "lake/label/own_synonyms.hpp"
#include "lake/upgrade/diff.hpp"
#include "lamin/upgrade.hpp"

namespace lamin::lake {

/// A row that changes, or one to be inserted.
struct RowChange {
  PlannedChange shown;
  Record row;                                     ///< as it is; unsaved: as it will be inserted
  std::map<std::string, Value> set = {};          ///< fields and their new values
  std::vector<std::string> parents_add = {};      ///< ids of terms
  std::vector<std::int64_t> parents_remove = {};  ///< ids of rows
  bool to_release = true;                         ///< it is a row of the release afterwards
};

/// Content of a term, as its columns have it.
struct TermContent {
  std::string name;  ///< "" = none
  Value description, synonyms;
  std::vector<Value> further = {};  ///< of further_columns, in order
};
using TermContents = std::unordered_map<std::string, TermContent>;
TermContents contents_of(Instance& instance, const schema::Table& table);
/// By term: synonyms of other scopes, in order.
using OtherSynonyms = std::map<std::string, std::vector<OwnSynonym>>;
/// `terms`: by row; others are left out.
OtherSynonyms other_synonyms(Instance& instance, const schema::Table& table,
                             const std::unordered_map<std::int64_t, std::string>& terms);

/// A release as it is compared with the registry.
struct ReleaseTerms {
  ReleaseTerms(Instance& reference, const schema::Table& table);
  Stated stated;
  TermContents contents;
  OtherSynonyms others;
};
/// Read once, for as long as anybody holds it: a reference never changes.
std::shared_ptr<const ReleaseTerms> terms_of(Instance& reference, const schema::Table& table);

struct ReleaseMoves {
  Record release;
  bool whole = false;
  bool partial = false;                                   ///< the file of the release has some of its terms
  std::set<std::string> from;                             ///< versions
  std::vector<RowChange> changes;                         ///< of rows there are
  std::vector<RowChange> inserts;                         ///< parents first
  std::vector<std::int64_t> relinked;                     ///< rows of which nothing but the source changes
  std::map<std::string, std::int64_t> others;             ///< terms of the release that rows of other sources have
  std::map<std::int64_t, std::vector<OwnSynonym>> other;  ///< what lamin_synonym is to hold, of rows where that changes
  std::vector<std::string> notes;
  std::vector<ReleaseDiff> diffs;
  std::shared_ptr<Instance> reference;  ///< of the release
  std::int64_t reference_source = 0;
  std::vector<std::shared_ptr<const ReleaseTerms>> terms;  ///< what was compared; reading it takes most of the time
};

/// Reads the registry and the releases; writes nothing.
ReleaseMoves moves_to(Instance& instance, const schema::Table& table, const Record& to, const UpgradeOptions& options);

/// Parts of a "|"-joined text, without empty ones, in order.
std::vector<std::string> parts_of(const Value& joined);
/// What the synonyms become: those of the later release, and those that a user added; not those that a user removed.
Value merged_synonyms(const Value& current, const TermContent* before, const Value& after);

}  // namespace lamin::lake
