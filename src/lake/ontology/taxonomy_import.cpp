#include "lake/ontology/taxonomy_import.hpp"
#include <fmt/format.h>
#include <unordered_map>
#include "base/progress.hpp"
#include "base/text.hpp"
#include "base/uid.hpp"
#include "db/connection.hpp"
#include "format/taxonomy.hpp"
#include "lake/ontology/closure.hpp"
#include "lake/ontology/term_writer.hpp"
#include "lamin/error.hpp"
#include "registry/bulk_load.hpp"
#include "registry/scan.hpp"
#include "registry/writes.hpp"

namespace lamin::lake {
namespace {

std::string ontology_id(std::uint32_t taxon) { return "NCBITaxon:" + std::to_string(taxon); }

/// Taxa as rows, written in batches; afterwards it knows the row of each taxon.
class Taxa {
 public:
  Taxa(Database& database, const schema::Table& table, std::int64_t source, ImportReport& report)
      : database_(database),
        table_(table),
        source_(source),
        report_(report),
        progress_([&database](Level level, const Words& words) { database.say(level, words); }, "importing taxa") {
    auto stored = registry::Scan(table, {.columns = {&table.column("ontology_id"), &table.columns[0]}}).rows(database);
    while (stored->next()) {
      if (!stored->is_null(0)) known_.emplace(stored->text(0), stored->integer(1));
    }
  }

  void add(const format::Taxon& taxon) {
    ++report_.terms;
    auto id = ontology_id(taxon.id);
    if (!known_.empty()) {
      if (const auto found = known_.find(id); found != known_.end()) {
        row_of(taxon.id) = found->second;
        return;
      }
    }
    Record record(table_);
    record.set("uid", base::derived_uid(id, table_.uid_size));
    record.set("ontology_id", Value(std::move(id)));
    record.set("name", Value(base::fold(taxon.common_name.empty() ? taxon.scientific_name : taxon.common_name)));
    record.set("scientific_name", Value(taxon.scientific_name));
    if (!taxon.synonyms.empty()) record.set("synonyms", Value(taxon.synonyms));
    if (source_ != 0) record.set("source", source_);
    batch_.push_back(std::move(record));
    taxa_.push_back(taxon.id);
    constexpr std::size_t at_once = 10'000;
    if (batch_.size() == at_once) write();
  }
  void write() {
    registry::Writes(database_).insert(batch_, {.ignore_conflicts = true, .undoes = false});
    for (std::size_t i = 0; i < batch_.size(); ++i) {
      if (!batch_[i].saved()) continue;
      row_of(taxa_[i]) = batch_[i].id();
      ++report_.created;
    }
    batch_.clear();
    taxa_.clear();
    progress_.at(report_.terms);
  }
  std::int64_t find(std::uint32_t taxon) const { return taxon < rows_.size() ? rows_[taxon] : 0; }

 private:
  std::int64_t& row_of(std::uint32_t taxon) {
    constexpr std::uint32_t most = 1U << 28;
    if (taxon > most) throw Error(Code::corrupt, fmt::format("{} is no number of a taxon", taxon));
    if (taxon >= rows_.size()) rows_.resize(std::max<std::size_t>(taxon + 1, rows_.size() * 2));
    return rows_[taxon];
  }

  Database& database_;
  const schema::Table& table_;
  std::int64_t source_;
  ImportReport& report_;
  base::Progress progress_;
  std::unordered_map<std::string, std::int64_t> known_;
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
  Taxa taxa(database, table, report.source.id(), report);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> parents;
  registry::without_indexes(database, table, [&] {
    format::read_taxonomy(
        file, [&](const format::Taxon& taxon) { taxa.add(taxon); },
        [&](std::uint32_t child, std::uint32_t parent) { parents.emplace_back(child, parent); });
    taxa.write();
  });
  const auto* relation = parents_relation(table);
  if (relation == nullptr) return report;
  std::vector<Edge> edges;
  edges.reserve(parents.size());
  for (const auto& [child, parent] : parents) {
    if (const auto a = taxa.find(child), b = taxa.find(parent); a != 0 && b != 0) edges.emplace_back(a, b);
  }
  std::vector<std::pair<std::uint32_t, std::uint32_t>>().swap(parents);
  report.parents = registry::Writes(database).add_pairs(*relation, edges);
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
  instance.database().transaction([&] { report = import_all(instance, table, file, options); });
  return report;
}

}  // namespace lamin::lake
