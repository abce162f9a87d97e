// gene_index.hpp -- the genes of one release in memory, by everything that they are called.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>
#include "lamin/frame.hpp"
#include "lamin/public_terms.hpp"

namespace lamin::lake {

struct Gene {
  std::string_view id, symbol, biotype;
};

class GeneIndex {
 public:
  /// `genes`: columns called like the fields, hgnc_id as well; `retired`: old_stable_id, new_stable_id.
  GeneIndex(Frame genes, Frame retired, std::string organism, std::string release);
  /// Further names of genes that are known by their ids, from a table with the same columns: HGNC's, NCBI's.
  void add_names(const Frame& more);
  GeneIndex(const GeneIndex&) = delete;
  GeneIndex& operator=(const GeneIndex&) = delete;

  using Found = std::vector<std::uint32_t>;  ///< without repetition
  const Gene* by_id(std::string_view id) const;
  Found by_symbol(std::string_view symbol) const;
  Found by_folded_symbol(std::string_view symbol) const;
  Found by_alias(std::string_view alias) const;  ///< in any case
  Found by_ncbi(std::string_view id) const;
  Found by_hgnc(std::string_view id) const;
  std::vector<std::string_view> successors(std::string_view retired_id) const;
  const Gene& at(std::uint32_t gene) const { return genes_[gene]; }
  bool has_retired() const { return !retired_.empty(); }
  const std::string& organism() const { return organism_; }
  const std::string& release() const { return release_; }

 private:
  using Index = std::unordered_multimap<std::string, std::uint32_t>;
  static Found found(const Index& index, const std::string& key);
  void read(const Frame& genes);
  void put_list(Index& index, std::string_view list, std::uint32_t gene, bool folded) const;

  std::string organism_, release_;
  Frame frame_, retired_frame_;  // hold the texts that the views are of
  std::vector<Gene> genes_;
  std::unordered_map<std::string_view, std::uint32_t> ids_;
  Index symbols_, folded_, aliases_, ncbi_, hgnc_;
  std::unordered_multimap<std::string_view, std::string_view> retired_;
};

/// Registered genes, by organism: one's own, which no release has.
std::vector<std::shared_ptr<const GeneIndex>> registered_genes(Instance& instance);
/// Kept as long as the instance; with the names of HGNC's table, if one was brought. Throws what release_file throws.
std::shared_ptr<const GeneIndex> gene_index(Instance& instance, const Record& release);

}  // namespace lamin::lake
