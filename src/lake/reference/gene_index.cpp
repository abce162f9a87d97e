#include "lake/reference/gene_index.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <map>
#include "base/text.hpp"
#include "lake/reference/files.hpp"
#include "lake/reference/reference.hpp"
#include "lamin/error.hpp"

namespace lamin::lake {
namespace {

namespace fs = std::filesystem;

const Column* first_of(const Frame& frame, std::initializer_list<std::string_view> names) {
  for (const auto name : names) {
    if (const auto* column = frame.find(name)) return column;
  }
  return nullptr;
}

std::string_view text_at(const Column* column, std::int64_t row) {
  const bool text =
      column != nullptr && (column->kind() == Column::Kind::text || column->kind() == Column::Kind::category);
  return text && !column->is_null(row) ? column->text(row) : std::string_view();
}

/// Numbers may have been read as such.
std::string any_at(const Column* column, std::int64_t row) {
  if (column == nullptr || column->is_null(row)) return {};
  if (const auto text = text_at(column, row); !text.empty()) return std::string(text);
  if (column->kind() == Column::Kind::int64) return std::to_string(column->integers()[static_cast<std::size_t>(row)]);
  if (column->kind() == Column::Kind::float64)
    return std::to_string(static_cast<std::int64_t>(column->reals()[static_cast<std::size_t>(row)]));
  return {};
}

}  // namespace

GeneIndex::GeneIndex(Frame genes, Frame retired, std::string organism, std::string release)
    : organism_(std::move(organism)),
      release_(std::move(release)),
      frame_(std::move(genes)),
      retired_frame_(std::move(retired)) {
  read(frame_);
  const auto* old_ids = retired_frame_.find("old_stable_id");
  const auto* new_ids = retired_frame_.find("new_stable_id");
  if (old_ids == nullptr || new_ids == nullptr) return;
  for (std::int64_t row = 0; row < retired_frame_.rows(); ++row) {
    const auto from = text_at(old_ids, row), to = text_at(new_ids, row);
    if (!from.empty() && ids_.contains(to)) retired_.emplace(from, to);
  }
}

void GeneIndex::put_list(Index& index, std::string_view list, std::uint32_t gene, bool folded) const {
  while (!list.empty()) {
    const auto end = list.find('|');
    const auto part = list.substr(0, end);
    if (!part.empty()) index.emplace(folded ? base::fold(part) : std::string(part), gene);
    list.remove_prefix(end == list.npos ? list.size() : end + 1);
  }
}

void GeneIndex::read(const Frame& genes) {
  const auto* id = first_of(genes, {"ensembl_gene_id"});
  const auto* stable = first_of(genes, {"stable_id"});
  const auto* symbol = first_of(genes, {"symbol", "gene_name"});
  const auto* biotype = first_of(genes, {"biotype"});
  const auto* ncbi = first_of(genes, {"ncbi_gene_ids", "ncbi_gene_id"});
  const auto* aliases = first_of(genes, {"synonyms"});
  const auto* hgnc = first_of(genes, {"hgnc_id"});
  genes_.reserve(static_cast<std::size_t>(genes.rows()));
  for (std::int64_t row = 0; row < genes.rows(); ++row) {
    Gene gene{text_at(id, row), text_at(symbol, row), text_at(biotype, row)};
    if (gene.id.empty()) gene.id = text_at(stable, row);
    if (gene.id.empty()) continue;
    if (gene.symbol == gene.id) gene.symbol = {};
    const auto [known, is_new] = ids_.try_emplace(gene.id, static_cast<std::uint32_t>(genes_.size()));
    if (is_new) {
      if (!gene.symbol.empty()) {
        symbols_.emplace(gene.symbol, known->second);
        folded_.emplace(base::fold(gene.symbol), known->second);
      }
      put_list(aliases_, text_at(aliases, row), known->second, true);
      genes_.push_back(gene);
    }
    put_list(ncbi_, any_at(ncbi, row), known->second, false);
    put_list(hgnc_, text_at(hgnc, row), known->second, false);
  }
}

void GeneIndex::add_names(const Frame& more) {
  const auto* id = first_of(more, {"ensembl_gene_id"});
  const auto* symbol = first_of(more, {"symbol"});
  const auto* ncbi = first_of(more, {"ncbi_gene_ids", "ncbi_gene_id"});
  const auto* aliases = first_of(more, {"synonyms"});
  const auto* hgnc = first_of(more, {"hgnc_id"});
  for (std::int64_t row = 0; row < more.rows(); ++row) {
    const auto known = ids_.find(text_at(id, row));
    if (known == ids_.end()) continue;
    put_list(hgnc_, text_at(hgnc, row), known->second, false);
    put_list(ncbi_, any_at(ncbi, row), known->second, false);
    put_list(aliases_, text_at(aliases, row), known->second, true);
    if (const auto name = text_at(symbol, row); name != genes_[known->second].symbol)
      put_list(aliases_, name, known->second, true);
  }
}

const Gene* GeneIndex::by_id(std::string_view id) const {
  const auto at = ids_.find(id);
  return at == ids_.end() ? nullptr : &genes_[at->second];
}

GeneIndex::Found GeneIndex::found(const Index& index, const std::string& key) {
  Found all;
  const auto [begin, end] = index.equal_range(key);
  for (auto at = begin; at != end; ++at) all.push_back(at->second);
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

GeneIndex::Found GeneIndex::by_symbol(std::string_view symbol) const { return found(symbols_, std::string(symbol)); }
GeneIndex::Found GeneIndex::by_folded_symbol(std::string_view symbol) const {
  return found(folded_, base::fold(symbol));
}
GeneIndex::Found GeneIndex::by_alias(std::string_view alias) const { return found(aliases_, base::fold(alias)); }
GeneIndex::Found GeneIndex::by_ncbi(std::string_view id) const { return found(ncbi_, std::string(id)); }
GeneIndex::Found GeneIndex::by_hgnc(std::string_view id) const { return found(hgnc_, std::string(id)); }

std::vector<std::string_view> GeneIndex::successors(std::string_view retired_id) const {
  std::vector<std::string_view> all;
  const auto [begin, end] = retired_.equal_range(retired_id);
  for (auto at = begin; at != end; ++at) all.push_back(at->second);
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

std::vector<std::shared_ptr<const GeneIndex>> registered_genes(Instance& instance) {
  constexpr std::array<std::string_view, 5> fields{"ensembl_gene_id", "stable_id", "symbol", "biotype", "synonyms"};
  std::map<std::int64_t, std::array<std::vector<std::string>, fields.size()>> by_organism;
  for (const auto& row : instance.database().all({.registry = "bionty.Gene"})) {
    auto& columns = by_organism[row.at("organism").integer_or(0)];
    for (std::size_t i = 0; i < fields.size(); ++i) columns[i].emplace_back(row.text(fields[i]));
  }
  std::vector<std::shared_ptr<const GeneIndex>> all;
  const auto& organisms = instance.catalog().table("bionty.Organism");
  for (const auto& [id, columns] : by_organism) {
    Frame frame;
    for (std::size_t i = 0; i < fields.size(); ++i) frame.add(std::string(fields[i]), Column::texts(columns[i]));
    const auto organism = instance.database().find(organisms, id);
    const std::string name(organism ? organism->text("name") : "");
    all.push_back(std::make_shared<const GeneIndex>(std::move(frame), Frame(), name,
                                                    fmt::format("the registered genes ({})", name)));
  }
  return all;
}

std::shared_ptr<const GeneIndex> gene_index(Instance& instance, const Record& release) {
  auto& attached = instance.database().attachment("genes of releases");
  using Kept = std::map<std::string, std::shared_ptr<const GeneIndex>>;
  if (!attached) attached = std::make_shared<Kept>();
  const auto file = release_file(instance, release);
  auto& one = (*static_cast<Kept*>(attached.get()))[file.string()];
  if (one) return one;
  const auto retired = retired_ids_file(instance, release);
  const auto table = [](const fs::path& of) { return table_in(of).value_or(Frame()); };
  const auto index = std::make_shared<GeneIndex>(
      table(file), retired ? table(*retired) : Frame(), std::string(release.text("organism")),
      fmt::format("{} {} ({})", release.text("name"), release.text("version"), release.text("organism")));
  if (const auto hgnc = file_called("hgnc"); hgnc && index->organism() == "human") index->add_names(table(*hgnc));
  return one = index;
}

}  // namespace lamin::lake
