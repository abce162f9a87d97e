// genes.cpp -- what values say about genes, value by value, without guessing.
#include "lamin/genes.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <set>
#include <unordered_map>
#include "base/text.hpp"
#include "lake/reference/gene_index.hpp"
#include "lake/reference/reference.hpp"
#include "lamin/error.hpp"

namespace lamin {
namespace {

using lake::GeneIndex;
using Indexes = std::vector<std::shared_ptr<const GeneIndex>>;

constexpr std::string_view genes_registry = "bionty.Gene";

bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](unsigned char c) { return std::isdigit(c) != 0; });
}

/// Names of genomes before names of genes, where cells of two organisms are sequenced together.
struct Genome {
  std::string_view prefix, organism;
};
constexpr auto genomes = std::to_array<Genome>({
    {"GRCh38_", "human"},
    {"GRCh37_", "human"},
    {"hg38_", "human"},
    {"hg19_", "human"},
    {"human_", "human"},
    {"GRCm39_", "mouse"},
    {"GRCm38_", "mouse"},
    {"mm39_", "mouse"},
    {"mm10_", "mouse"},
    {"mouse_", "mouse"},
});

/// "mm10___Trp53": the organism that is meant, and the name without it.
std::pair<std::string_view, std::string_view> without_genome(std::string_view value) {
  for (const auto& [prefix, organism] : genomes) {
    if (!value.starts_with(prefix)) continue;
    value.remove_prefix(prefix.size());
    value.remove_prefix(std::min(value.find_first_not_of('_'), value.size()));
    return {organism, value};
  }
  return {{}, value};
}

std::string_view organism_named_by(std::string_view value) {
  const auto [genome, name] = without_genome(value);
  return genome.empty() ? organism_of_id(name) : genome;
}

Indexes indexes_for(Instance& instance, std::span<const std::string> values, std::span<const std::string> organisms) {
  std::vector<std::string> wanted(organisms.begin(), organisms.end());
  for (const auto& value : values) {
    const auto named = organism_named_by(value);
    if (!named.empty() && std::ranges::find(wanted, named) == wanted.end()) wanted.emplace_back(named);
  }
  if (wanted.empty()) release_in_use(instance, genes_registry);  // throws not_configured
  Indexes all;
  for (const auto& organism : wanted) {
    try {
      const auto release = readable_release(instance, release_in_use(instance, genes_registry, {.organism = organism}));
      all.push_back(lake::gene_index(instance, release));
    } catch (const Error& error) {
      const bool asked = std::ranges::find(organisms, organism) != organisms.end();
      if (asked || (error.code() != Code::not_found && error.code() != Code::unavailable)) throw;
      instance.say(Level::warning, fmt::format("genes of {} are not looked up: {}", organism, error.what()));
    }
  }
  return all;
}

GeneFinding one(const GeneIndex& index, const lake::Gene& gene, GeneMatch match) {
  return {.match = match,
          .id = std::string(gene.id),
          .symbol = std::string(gene.symbol),
          .biotype = std::string(gene.biotype),
          .organism = index.organism()};
}

/// "ENSG00000141510" of "ENSG00000141510.20"; "" without a version.
std::string_view without_version(std::string_view value) {
  const auto dot = value.rfind('.');
  const bool versioned = dot != value.npos && value.starts_with("ENS") && all_digits(value.substr(dot + 1));
  return versioned ? value.substr(0, dot) : std::string_view();
}

class Search {
 public:
  explicit Search(const Indexes& indexes) : indexes_(indexes) {}

  GeneFinding find(std::string_view value) const {
    const auto [genome, name] = without_genome(value);
    if (!genome.empty()) {
      if (auto found = find_within(name, genome); found.match != GeneMatch::unknown) return found;
    }
    return find_within(value, {});
  }

 private:
  GeneFinding find_within(std::string_view value, std::string_view organism) const {
    if (value.empty()) return {};
    const auto bare = without_version(value);
    for (const auto& [id, match] : {std::pair{value, GeneMatch::id}, {bare, GeneMatch::versioned_id}}) {
      for (const auto& index : indexes_) {
        if (!id.empty() && fits(*index, organism)) {
          if (const auto* gene = index->by_id(id)) return one(*index, *gene, match);
        }
      }
    }
    if (auto found = retired(bare.empty() ? value : bare); found.match != GeneMatch::unknown) return found;
    if (all_digits(value)) return by(value, organism, GeneMatch::ncbi_id, &GeneIndex::by_ncbi);
    if (value.starts_with("HGNC:")) return by(value, organism, GeneMatch::hgnc_id, &GeneIndex::by_hgnc);
    for (const auto& [match, look] : {std::pair{GeneMatch::symbol, &GeneIndex::by_symbol},
                                      {GeneMatch::symbol_in_case, &GeneIndex::by_folded_symbol},
                                      {GeneMatch::alias, &GeneIndex::by_alias}}) {
      if (auto found = by(value, organism, match, look); found.match != GeneMatch::unknown) return found;
    }
    return {};
  }
  static bool fits(const GeneIndex& index, std::string_view organism) {
    return organism.empty() || index.organism() == organism;
  }
  GeneFinding retired(std::string_view id) const {
    for (const auto& index : indexes_) {
      const auto all = index->successors(id);
      if (all.empty()) continue;
      if (all.size() == 1) return one(*index, *index->by_id(all.front()), GeneMatch::retired_id);
      return {.match = GeneMatch::ambiguous, .organism = index->organism(), .candidates = {all.begin(), all.end()}};
    }
    return {};
  }
  /// Of all organisms together: a symbol that two have is ambiguous.
  GeneFinding by(std::string_view value, std::string_view organism, GeneMatch match,
                 GeneIndex::Found (GeneIndex::*look)(std::string_view) const) const {
    std::vector<std::pair<const GeneIndex*, std::uint32_t>> all;
    for (const auto& index : indexes_) {
      if (!fits(*index, organism)) continue;
      for (const auto gene : (*index.*look)(value)) all.emplace_back(index.get(), gene);
    }
    if (all.empty()) return {};
    if (all.size() == 1) return one(*all.front().first, all.front().first->at(all.front().second), match);
    GeneFinding found{.match = GeneMatch::ambiguous};
    for (const auto& [index, gene] : all) found.candidates.emplace_back(index->at(gene).id);
    return found;
  }

  const Indexes& indexes_;
};

constexpr std::array<std::string_view, 10> match_names{
    "id",    "versioned id", "retired id", "symbol",    "symbol in another case",
    "alias", "NCBI id",      "HGNC id",    "ambiguous", "unknown"};

/// "protein_coding 19,123, lncRNA 900": the largest first.
std::string most(const std::map<std::string, std::int64_t>& counts, std::size_t shown) {
  std::vector<std::pair<std::int64_t, std::string>> all;
  for (const auto& [name, n] : counts) all.emplace_back(-n, name.empty() ? "not stated" : name);
  std::ranges::sort(all);
  std::string text;
  for (std::size_t i = 0; i < std::min(all.size(), shown); ++i)
    text += fmt::format("{}{} {}", i == 0 ? "" : ", ", all[i].second, -all[i].first);
  return all.size() > shown ? text + ", ..." : text;
}

}  // namespace

std::string_view name_of(GeneMatch match) { return match_names[static_cast<std::size_t>(match)]; }

GeneReport find_genes(Instance& instance, std::span<const std::string> values, std::span<const std::string> organisms) {
  const auto indexes = indexes_for(instance, values, organisms);
  const Search search(indexes);
  GeneReport report;
  for (const auto& index : indexes) report.releases.push_back(index->release());
  report.findings.reserve(values.size());
  std::optional<Indexes> own;  // read only if there is a value that no release knows
  for (const auto& value : values) {
    auto found = search.find(value);
    if (found.match == GeneMatch::unknown && !value.empty()) {
      if (!own) own = lake::registered_genes(instance);
      if (!own->empty()) found = Search(*own).find(value);
    }
    ++report.matches[std::string(name_of(found.match))];
    if (!found.id.empty()) {
      ++report.biotypes[found.biotype];
      ++report.organisms[found.organism];
    }
    report.findings.push_back(std::move(found));
  }
  return report;
}

std::string GeneReport::text(std::span<const std::string> values) const {
  constexpr std::size_t shown = 5, kinds = 8;
  std::string text =
      fmt::format("{} values in {}: {}\n", findings.size(), base::join(releases, ", "), most(matches, kinds));
  if (!biotypes.empty()) text += fmt::format("biotypes: {}\n", most(biotypes, kinds));
  if (organisms.size() > 1) text += fmt::format("organisms: {}\n", most(organisms, kinds));
  for (const auto match : {GeneMatch::retired_id, GeneMatch::alias, GeneMatch::ambiguous, GeneMatch::unknown}) {
    std::size_t n = 0;
    for (std::size_t i = 0; i < std::min(findings.size(), values.size()); ++i) {
      const auto& found = findings[i];
      if (found.match != match || n++ >= shown) continue;
      const auto means = match == GeneMatch::ambiguous ? base::join(found.candidates, " or ")
                         : match == GeneMatch::unknown ? ""
                                                       : fmt::format("{} {}", found.id, found.symbol);
      text += fmt::format("{}: {}{}{}\n", name_of(match), values[i], means.empty() ? "" : " -> ", means);
    }
    if (n > shown) text += fmt::format("{}: {} more\n", name_of(match), n - shown);
  }
  return text;
}

MappedIds map_retired_ids(Instance& instance, const Record& release, std::span<const std::string> values) {
  const auto index = lake::gene_index(instance, release);
  if (!index->has_retired()) {
    throw Error(
        Code::unavailable,
        fmt::format("there is no table of the identifiers that Ensembl retired before {}: bring one with the "
                    "columns old_stable_id and new_stable_id as {}.csv into a folder that LAMIN_ONTOLOGIES names",
                    index->release(), lake::retired_stem(release)));
  }
  MappedIds result;
  std::set<std::string_view> seen;
  for (const auto& value : values) {
    if (!seen.insert(value).second) continue;
    const auto bare = without_version(value);
    const auto all = index->successors(bare.empty() ? std::string_view(value) : bare);
    if (all.empty()) result.unmapped.push_back(value);
    else if (all.size() == 1) result.mapped.emplace(value, all.front());
    else result.ambiguous.emplace(value, std::vector<std::string>(all.begin(), all.end()));
  }
  return result;
}

}  // namespace lamin
