// An OBO file into a registry.
#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "base/text.hpp"
#include "base/uid.hpp"
#include "format/format.hpp"
#include "lake/ontology/closure.hpp"
#include "lake/ontology/term_writer.hpp"
#include "lamin/error.hpp"
#include "lamin/ontology.hpp"

namespace lamin {
namespace {

/// "CL" of "CL:0000084"; "" without a colon.
std::string_view prefix_of(std::string_view id) {
  const std::size_t colon = id.find(':');
  return colon == std::string_view::npos ? std::string_view() : id.substr(0, colon);
}

/// The prefix of the terms that belong to the registry: the first that any term has, of the registry's own, the
/// source's and the file's name. "" = all terms, as for sources whose identifiers do not start with a name.
std::string wanted_prefix(const schema::Table& table, const format::Terms& terms, const std::string& source) {
  std::set<std::string> present;
  for (const format::Term& term : terms.terms) {
    if (!term.name.empty()) present.insert(base::lower(prefix_of(term.id)));
  }
  std::string_view own = table.registry ? table.registry->ontology.prefix.view() : std::string_view();
  if (own.ends_with(':')) own.remove_suffix(1);
  for (std::string_view candidate : {own, std::string_view(source), std::string_view(terms.ontology)}) {
    std::string prefix = base::lower(candidate.substr(0, candidate.find('-')));
    if (!prefix.empty() && present.contains(prefix)) return prefix;
  }
  return "";
}

std::string joined_synonyms(const format::Term& term, std::vector<lake::OwnSynonym>& others) {
  static constexpr const char* scopes[] = {"EXACT", "BROAD", "NARROW", "RELATED"};
  std::string joined;
  std::unordered_set<std::string_view> seen;
  for (const format::Synonym& synonym : term.synonyms) {
    if (synonym.text.empty() || !seen.insert(synonym.text).second) continue;
    const bool exact = synonym.scope == format::Synonym::Scope::exact;
    if (exact && synonym.text.find('|') == std::string::npos) {
      joined += joined.empty() ? "" : "|";
      joined += synonym.text;
    } else {
      others.push_back({0, scopes[static_cast<int>(synonym.scope)], synonym.text});
    }
  }
  return joined;
}

std::vector<std::string> parents_of(const schema::Table& table, const format::Term& term) {
  std::vector<std::string> parents = term.is_a;
  const auto& leads = table.registry->ontology.parents;
  for (const auto& [relation, id] : term.relationships) {
    if (std::ranges::find(leads, std::string_view(relation)) != leads.end()) parents.push_back(id);
  }
  std::sort(parents.begin(), parents.end());
  parents.erase(std::unique(parents.begin(), parents.end()), parents.end());
  return parents;
}

bool skipped(const format::Term& term, const std::string& prefix) {
  return term.id.empty() || term.name.empty() || (!prefix.empty() && base::lower(prefix_of(term.id)) != prefix);
}

}  // namespace

ImportReport import_ontology(Instance& instance, std::string_view registry, const std::filesystem::path& file,
                             const ImportOptions& options) {
  const schema::Table& table = instance.catalog().table(registry);
  if (!table.find_column("ontology_id") || !table.find_column("synonyms")) {
    throw Error(Code::invalid_argument, table.qualified.str() + " keeps no terms of an ontology: choose a registry " +
                                            "with an ontology_id, such as bionty.CellType");
  }
  const format::Terms terms = format::read_obo(file);
  lake::TermRows rows;
  rows.name = options.source.empty() ? terms.ontology : options.source;
  rows.version = options.version.empty() ? terms.version : options.version;
  if (rows.name.empty()) {
    throw Error(Code::invalid_argument, "'" + file.string() + "' does not say which ontology it is: " +
                                            Words(Remedy{Remedy::Verb::name_source}));
  }
  if (rows.version.empty()) {
    throw Error(Code::invalid_argument,
                "'" + file.string() + "' states no version: " + Words(Remedy{Remedy::Verb::name_version}));
  }
  const std::string prefix = wanted_prefix(table, terms, rows.name);
  std::int64_t obsolete = 0;
  std::unordered_set<std::string_view> seen;
  rows.records.reserve(terms.terms.size());
  const int uid = table.column("uid").position, name = table.column("name").position,
            id = table.column("ontology_id").position, synonyms = table.column("synonyms").position,
            description = table.column("description").position;
  for (const format::Term& term : terms.terms) {
    if (skipped(term, prefix)) continue;
    if (term.obsolete) {
      ++obsolete;
      continue;
    }
    if (!seen.insert(term.id).second) continue;
    Record record(table);
    record.set(uid, base::derived_uid(term.id, table.uid_size));
    record.set(name, Value(term.name));
    record.set(id, Value(term.id));
    std::vector<lake::OwnSynonym> others;
    if (std::string joined = joined_synonyms(term, others); !joined.empty()) record.set(synonyms, std::move(joined));
    if (!term.definition.empty()) record.set(description, Value(term.definition));
    rows.records.push_back(std::move(record));
    rows.parents.push_back(parents_of(table, term));
    rows.synonyms.push_back(std::move(others));
  }
  ImportReport report = lake::write_terms(instance, table, std::move(rows), options);
  report.obsolete = obsolete;
  return report;
}

}  // namespace lamin
