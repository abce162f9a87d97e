// diff.hpp -- all that two releases state of their terms, to be compared.
#pragma once
#include <cstdint>
#include <map>
#include <span>
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
  /// `differing`: without names, parents and what became of obsolete terms, which read_differing adds where it matters.
  /// Of a registry without a hierarchy (genes, proteins) a release states what its rows have, and what Ensembl retired
  /// is in a table beside it; all of that is always read.
  enum class Reads : std::uint8_t { all, differing };
  Stated(Instance& reference, const schema::Table& table, Reads reads);
  Stated(const Stated&) = delete;  // terms are found by views of their ids

  const StatedTerm* find(std::string_view id) const;  ///< null if the release does not know it
  const StatedTerm* live(std::string_view id) const;  ///< null for an obsolete one, too
  /// The live terms that an obsolete or former id stands for.
  std::vector<std::string> successors(const std::string& id) const;

  bool sorted() const { return sorted_; }    ///< `terms` ascends by id
  bool partial() const { return partial_; }  ///< its file has some of its terms
  /// Names and parents of terms, and what became of obsolete or former ones; those that are not known are skipped.
  void read_content(std::span<const std::string_view> ids);
  void read_fates(std::span<const std::string_view> ids);

  std::vector<StatedTerm> terms;                                                   ///< without facts
  std::unordered_map<std::string, std::vector<std::string>> replaced, considered;  ///< of obsolete terms
  std::unordered_map<std::string, std::string> alternatives;                       ///< former id -> live term

 private:
  void read_rows(Instance& reference, const schema::Table& table);
  void read_retired();
  void read_all_fates();
  std::size_t place_of(std::string_view id) const;  ///< terms.size(): it does not know the term
  Instance& reference_;
  std::int64_t source_ = 0;
  bool sorted_ = false;
  bool partial_ = false, has_hierarchy_ = false, has_retired_ = false;
  std::unordered_map<std::string_view, std::size_t> by_id_;  ///< of unsorted ones
};

/// What a term has besides its name, synonyms and definition: a gene's biotype and NCBI ids.
std::vector<const schema::Column*> further_columns(const schema::Table& table);

std::vector<std::string> parents_of(const StatedTerm& term);  ///< ascending
/// What diff_stated needs of two releases that were read as far as they differ.
void read_differing(Stated& older, Stated& newer);
/// Without the names of the releases.
ReleaseDiff diff_stated(const Stated& older, const Stated& newer);

}  // namespace lamin::lake
