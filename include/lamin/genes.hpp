// genes.hpp -- what values of a dataset say about genes: identifiers of Ensembl, NCBI and HGNC, symbols, aliases, and
// identifiers that Ensembl no longer uses, of several organisms at once.
//
// Values are compared with the genes of a release (public_terms.hpp): nothing is registered. Nothing is guessed: a
// value that several genes have is ambiguous, and they are named.
//
// Example: examples/cpp/genes.cpp
#pragma once
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include "lamin/public_terms.hpp"

namespace lamin {

/// How a value names its gene.
enum class GeneMatch : std::uint8_t {
  id,              ///< as the release has it
  versioned_id,    ///< with a version behind a dot: ENSG00000141510.20
  retired_id,      ///< which the release no longer has, but says or shows what became of it
  symbol,          ///< as it is
  symbol_in_case,  ///< but for upper and lower case
  alias,
  ncbi_id,
  hgnc_id,
  ambiguous,  ///< several genes have it
  unknown,
};
std::string_view name_of(GeneMatch match);  ///< "versioned id"

struct GeneFinding {
  GeneMatch match = GeneMatch::unknown;
  std::string id = {}, symbol = {}, biotype = {}, organism = {};  ///< of the gene; "" if there is not exactly one
  std::vector<std::string> candidates = {};                       ///< of an ambiguous value: the ids of its genes
};
struct GeneReport {
  std::vector<GeneFinding> findings = {};                       ///< one per value, in order
  std::map<std::string, std::int64_t> matches = {};             ///< name of the match: how many values
  std::map<std::string, std::int64_t> biotypes = {};            ///< of the found genes
  std::map<std::string, std::int64_t> organisms = {};           ///< of the found genes
  std::vector<std::string> releases = {};                       ///< "ensembl release-116 (human)"
  std::string text(std::span<const std::string> values) const;  ///< for people, some lines
};
/// Looks up all values in one pass. The organisms are the given ones and those that the values name (ENSMUSG..., also
/// "mm10_Trp53"). Throws not_configured if that is none; what release_file throws.
GeneReport find_genes(Instance& instance, std::span<const std::string> values,
                      std::span<const std::string> organisms = {});

/// Identifiers that Ensembl retired, to those of a release.
struct MappedIds {
  std::map<std::string, std::string> mapped = {};
  std::map<std::string, std::vector<std::string>> ambiguous = {};
  std::vector<std::string> unmapped = {};  ///< unique, in order
};
/// Throws unavailable if there is no table of retired identifiers for this release.
MappedIds map_retired_ids(Instance& instance, const Record& release, std::span<const std::string> values);

}  // namespace lamin
