// The terms of an ontology into a registry.
#include <fmt/format.h>
#include <algorithm>
#include <functional>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "base/text.hpp"
#include "base/uid.hpp"
#include "format/format.hpp"
#include "lake/ontology/closure.hpp"
#include "lake/ontology/term_writer.hpp"
#include "lamin/error.hpp"
#include "lamin/ontology.hpp"
#include "registry/values.hpp"

namespace lamin {
namespace {

/// "CL" of "CL:0000084"; "" without a colon.
std::string_view prefix_of(std::string_view id) {
  const std::size_t colon = id.find(':');
  return colon == std::string_view::npos ? std::string_view() : id.substr(0, colon);
}

using Prefixes = std::map<std::string, std::int64_t>;

/// How many named terms have each prefix.
Prefixes prefixes_of(const format::Terms& terms) {
  Prefixes present;
  for (const format::Term& term : terms.terms) {
    if (!term.name.empty() && !prefix_of(term.id).empty()) ++present[base::lower(prefix_of(term.id))];
  }
  return present;
}

std::string as_prefix(std::string_view name) {
  if (name.ends_with(':')) name.remove_suffix(1);
  return base::lower(name.substr(0, name.find('-')));
}

/// The prefix of the terms that belong to the registry: the first that any term has, of the given source, the
/// registry's own and the file's ontology. A file that names no ontology of its own is about what most terms are. "" =
/// all terms, as for sources whose identifiers do not start with a name.
std::string wanted_prefix(const schema::Table& table, const format::Terms& terms, const Prefixes& present,
                          const std::string& source) {
  const std::string named = as_prefix(terms.ontology), own = as_prefix(table.registry->ontology.prefix.view());
  if (const std::string given = as_prefix(source); present.contains(given)) return given;
  if (!present.contains(named) && source.empty()) {
    const auto most = std::ranges::max_element(present, {}, &Prefixes::value_type::second);
    if (most != present.end() && terms.ontology.find(':') != std::string::npos) return most->first;
  }
  if (present.contains(own)) return own;
  return present.contains(named) ? named : "";
}

/// "374 terms of others are left out: PLANA (374)".
void tell_left_out(Instance& instance, const Prefixes& present, const std::string& prefix) {
  if (prefix.empty() || present.size() < 2) return;
  constexpr std::size_t shown = 5;
  std::vector<std::pair<std::int64_t, std::string>> others;
  std::int64_t total = 0;
  for (const auto& [name, n] : present) {
    if (name == prefix) continue;
    others.emplace_back(n, name);
    total += n;
  }
  std::ranges::sort(others, std::greater());
  std::string names;
  for (std::size_t i = 0; i < std::min(others.size(), shown); ++i) {
    names += fmt::format("{}{} ({})", i == 0 ? "" : ", ", others[i].second, others[i].first);
  }
  instance.say(Level::important, fmt::format("importing the terms of {}; {} terms of other ontologies in the file are "
                                             "left out: {}{}",
                                             prefix, total, names, others.size() > shown ? ", ..." : ""));
}

/// A file calls itself "cl" or "uberon/composite"; an address names nothing, so the terms do.
std::string source_name(const format::Terms& terms, const std::string& prefix, const ImportOptions& options) {
  if (!options.source.empty()) return options.source;
  return terms.ontology.find(':') == std::string::npos ? terms.ontology : prefix;
}

/// In order of the alphabet: the syntaxes of one release list them in different orders.
std::string joined_synonyms(const format::Term& term, std::vector<lake::OwnSynonym>& others) {
  static constexpr const char* scopes[] = {"EXACT", "BROAD", "NARROW", "RELATED"};
  std::vector<std::string_view> exact_ones;
  std::unordered_set<std::string_view> seen;
  for (const format::Synonym& synonym : term.synonyms) {
    if (synonym.text.empty() || !seen.insert(synonym.text).second) continue;
    const bool exact = synonym.scope == format::Synonym::Scope::exact;
    if (exact && synonym.text.find('|') == std::string::npos) {
      exact_ones.emplace_back(synonym.text);
    } else {
      others.push_back({0, scopes[static_cast<int>(synonym.scope)], synonym.text});
    }
  }
  std::ranges::sort(exact_ones);
  std::string joined;
  for (const auto one : exact_ones) joined += (joined.empty() ? "" : "|") + std::string(one);
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
  const format::Terms terms = format::read_terms(file);
  const Prefixes present = prefixes_of(terms);
  const std::string prefix = wanted_prefix(table, terms, present, options.source);
  lake::TermRows rows;
  rows.name = source_name(terms, prefix, options);
  rows.version = options.version.empty() ? terms.version : options.version;
  if (rows.name.empty()) {
    throw Error(Code::invalid_argument, "'" + file.string() + "' does not say which ontology it is: " +
                                            Words(Remedy{Remedy::Verb::name_source}));
  }
  if (rows.version.empty()) {
    throw Error(Code::invalid_argument,
                "'" + file.string() + "' states no version: " + Words(Remedy{Remedy::Verb::name_version}));
  }
  tell_left_out(instance, present, prefix);
  std::unordered_set<std::string_view> seen;
  rows.records.reserve(terms.terms.size());
  const int uid = table.column("uid").position, name = table.column("name").position,
            id = table.column("ontology_id").position, synonyms = table.column("synonyms").position,
            description = table.column("description").position;
  const int limit = table.column("name").field->size;
  for (const format::Term& term : terms.terms) {
    if (skipped(term, prefix)) continue;
    if (!seen.insert(term.id).second) continue;
    if (term.obsolete) {
      rows.obsolete.push_back({.id = term.id, .name = term.name, .replaced_by = term.replaced_by});
      continue;
    }
    if (const auto n = registry::length(term.name); limit != 0 && n > limit) {
      instance.say(Level::warning,
                   fmt::format("{} is left out: its name has {} characters, {} are the most", term.id, n, limit));
      continue;
    }
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
  const auto obsolete = static_cast<std::int64_t>(rows.obsolete.size());
  ImportReport report = lake::write_terms(instance, table, std::move(rows), options);
  report.obsolete = obsolete;
  return report;
}

}  // namespace lamin
