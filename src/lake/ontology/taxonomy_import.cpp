#include "lake/ontology/taxonomy_import.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <memory>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include "base/progress.hpp"
#include "base/text.hpp"
#include "base/uid.hpp"
#include "db/connection.hpp"
#include "format/taxonomy.hpp"
#include "lake/instance/branches.hpp"
#include "lake/ontology/closure.hpp"
#include "lake/ontology/term_writer.hpp"
#include "lake/ontology/trashed.hpp"
#include "lamin/error.hpp"
#include "registry/bulk_load.hpp"
#include "registry/scan.hpp"
#include "registry/writes.hpp"

namespace lamin::lake {
namespace {

std::string ontology_id(std::uint32_t taxon) { return "NCBITaxon:" + std::to_string(taxon); }

/// The taxa of a file in little memory: texts in blocks, one after another.
class Taxa {
 public:
  struct Kept {
    const char* text = nullptr;  ///< scientific name, common name, synonyms
    std::uint32_t id = 0, scientific = 0, common = 0, synonyms = 0;
    std::string_view scientific_name() const { return {text, scientific}; }
    std::string_view common_name() const { return {text + scientific, common}; }
    std::string_view other_names() const { return {text + scientific + common, synonyms}; }
  };

  void add(const format::Taxon& taxon) {
    const auto size = taxon.scientific_name.size() + taxon.common_name.size() + taxon.synonyms.size();
    if (blocks_.empty() || left_ < size) {
      constexpr std::size_t usual = std::size_t{1} << 20;
      left_ = std::max(usual, size);
      blocks_.push_back(std::make_unique<char[]>(left_));
      end_ = blocks_.back().get();
    }
    Kept kept{.text = end_,
              .id = taxon.id,
              .scientific = static_cast<std::uint32_t>(taxon.scientific_name.size()),
              .common = static_cast<std::uint32_t>(taxon.common_name.size()),
              .synonyms = static_cast<std::uint32_t>(taxon.synonyms.size())};
    for (const auto* part : {&taxon.scientific_name, &taxon.common_name, &taxon.synonyms})
      end_ = std::ranges::copy(*part, end_).out;
    left_ -= size;
    kept_.push_back(kept);
  }
  /// By scientific name, then number: rows in this order find their places in the indexes of names next to each other.
  void sort() {
    std::ranges::sort(kept_, {}, [](const Kept& one) { return std::pair(one.scientific_name(), one.id); });
  }
  const std::vector<Kept>& all() const { return kept_; }

 private:
  std::vector<Kept> kept_;
  std::vector<std::unique_ptr<char[]>> blocks_;
  char* end_ = nullptr;
  std::size_t left_ = 0;
};

/// Taxa as rows, written in batches; afterwards it knows the row of each taxon.
class TaxonRows {
 public:
  TaxonRows(Database& database, const schema::Table& table, std::int64_t source, ImportReport& report)
      : database_(database),
        table_(table),
        source_(source),
        report_(report),
        progress_([&database](Level level, const Words& words) { database.say(level, words); }, "importing taxa") {
    auto stored =
        registry::Scan(table, {.columns = {&table.column("ontology_id"), &table.columns[0], &table.column("branch")}})
            .rows(database);
    while (stored->next()) {
      has_rows_ = true;
      if (stored->is_null(0)) continue;
      known_.emplace(stored->text(0), stored->integer(1));
      if (stored->integer(2) == trash_branch) trashed_.emplace(stored->text(0));
    }
  }

  void write(const Taxa& taxa) {
    for (const auto& taxon : taxa.all()) add(taxon);
    flush();
  }
  std::int64_t trashed() const { return n_trashed_; }
  std::int64_t find(std::uint32_t taxon) const { return taxon < rows_.size() ? rows_[taxon] : 0; }

 private:
  void add(const Taxa::Kept& taxon) {
    ++report_.terms;
    auto id = ontology_id(taxon.id);
    auto& row = row_of(taxon.id);
    if (row != 0) return;  // stated twice
    if (!known_.empty()) {
      if (const auto found = known_.find(id); found != known_.end()) {
        row = found->second;
        n_trashed_ += trashed_.contains(id) ? 1 : 0;
        return;
      }
    }
    if (taxon.scientific_name() == last_name_) return;  // the column takes each once
    last_name_ = taxon.scientific_name();
    const auto name = taxon.common_name().empty() ? taxon.scientific_name() : taxon.common_name();
    Record record(table_);
    record.set(uid_, base::derived_uid(id, table_.uid_size));
    record.set(id_, Value(std::move(id)));
    record.set(name_, Value(base::fold(name)));
    record.set(scientific_name_, Value(taxon.scientific_name()));
    if (taxon.synonyms != 0) record.set(synonyms_, Value(taxon.other_names()));
    if (source_ != 0) record.set("source", source_);
    batch_.push_back(std::move(record));
    taxa_.push_back(taxon.id);
    row = pending;
    constexpr std::size_t at_once = 10'000;
    if (batch_.size() == at_once) flush();
  }
  /// In a registry that had rows, one of them may have a name already; otherwise nothing can be in the way.
  void flush() {
    registry::Writes(database_).insert(batch_, {.ignore_conflicts = has_rows_, .undoes = false});
    for (std::size_t i = 0; i < batch_.size(); ++i) {
      row_of(taxa_[i]) = batch_[i].saved() ? batch_[i].id() : 0;
      if (batch_[i].saved()) ++report_.created;
    }
    batch_.clear();
    taxa_.clear();
    progress_.at(report_.terms);
  }
  std::int64_t& row_of(std::uint32_t taxon) {
    constexpr std::uint32_t most = 1U << 28;
    if (taxon > most) throw Error(Code::corrupt, fmt::format("{} is no number of a taxon", taxon));
    if (taxon >= rows_.size()) rows_.resize(std::max<std::size_t>(taxon + 1, rows_.size() * 2));
    return rows_[taxon];
  }

  static constexpr std::int64_t pending = -1;
  Database& database_;
  const schema::Table& table_;
  std::int64_t source_;
  ImportReport& report_;
  base::Progress progress_;
  int uid_ = table_.column("uid").position, id_ = table_.column("ontology_id").position,
      name_ = table_.column("name").position, scientific_name_ = table_.column("scientific_name").position,
      synonyms_ = table_.column("synonyms").position;
  std::unordered_map<std::string, std::int64_t> known_;
  std::unordered_set<std::string> trashed_;
  bool has_rows_ = false;
  std::int64_t n_trashed_ = 0;
  std::string_view last_name_;
  std::vector<Record> batch_;
  std::vector<std::uint32_t> taxa_;
  std::vector<std::int64_t> rows_;  // by taxon; 0 = none
};

ImportReport import_all(Instance& instance, const schema::Table& table, const std::filesystem::path& file,
                        const ImportOptions& options) {
  auto& database = instance.database();
  auto report =
      write_terms(instance, table,
                  {.name = options.source.empty() ? "ncbitaxon" : options.source, .version = options.version}, options);
  Taxa taxa;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> parents;
  format::read_taxonomy(
      file, [&](const format::Taxon& taxon) { taxa.add(taxon); },
      [&](std::uint32_t child, std::uint32_t parent) { parents.emplace_back(child, parent); });
  taxa.sort();
  TaxonRows rows(database, table, report.source.id(), report);
  registry::without_indexes(database, table, [&] { rows.write(taxa); });
  taxa = {};
  tell_trashed(database, "ncbitaxon " + options.version, rows.trashed());
  const auto* relation = parents_relation(table);
  if (relation == nullptr) return report;
  std::vector<Edge> edges;
  edges.reserve(parents.size());
  for (const auto& [child, parent] : parents) {
    if (const auto a = rows.find(child), b = rows.find(parent); a != 0 && b != 0) edges.emplace_back(a, b);
  }
  std::vector<std::pair<std::uint32_t, std::uint32_t>>().swap(parents);
  std::ranges::sort(edges);
  constexpr std::size_t at_once = 100'000;
  registry::without_indexes(database, *relation->through, [&] {
    for (std::size_t done = 0; done < edges.size(); done += at_once) {
      const auto some = std::span<const Edge>(edges).subspan(done, std::min(at_once, edges.size() - done));
      report.parents += registry::Writes(database).add_pairs(*relation, some);
    }
  });
  return report;
}

}  // namespace

ImportReport import_taxonomy(Instance& instance, std::string_view registry, const std::filesystem::path& file,
                             const ImportOptions& options) {
  const auto& table = instance.catalog().table(registry);
  if (!table.find_column("ontology_id") || !table.find_column("scientific_name")) {
    throw Error(Code::invalid_argument,
                fmt::format("'{}' is NCBI's taxonomy, which belongs into bionty.Organism, not {}", file.string(),
                            table.qualified.view()));
  }
  if (options.version.empty()) {
    throw Error(Code::invalid_argument,
                "'" + file.string() + "' states no version: " + Words(Remedy{Remedy::Verb::name_version}));
  }
  ImportReport report;
  registry::load_in_bulk(instance.database(), table, [&] { report = import_all(instance, table, file, options); });
  return report;
}

}  // namespace lamin::lake
