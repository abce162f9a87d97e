// The terms of an ontology into a registry.
#include <fmt/format.h>
#include <algorithm>
#include <functional>
#include <future>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "base/text.hpp"
#include "base/threads.hpp"
#include "base/uid.hpp"
#include "format/format.hpp"
#include "lake/ontology/closure.hpp"
#include "lake/ontology/left_out.hpp"
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

/// Terms of other ontologies: how many of which.
LeftOut of_others(const Prefixes& present, const std::string& prefix) {
  constexpr std::size_t shown = 5;
  LeftOut out{.why = "of other ontologies"};
  if (prefix.empty()) return out;
  std::vector<std::pair<std::int64_t, std::string>> others;
  for (const auto& [name, n] : present) {
    if (name == prefix) continue;
    others.emplace_back(n, name);
    out.count += n;
  }
  std::ranges::sort(others, std::greater());
  for (const auto& [n, name] : others) {
    if (out.some.size() < shown) out.some.push_back(fmt::format("{} ({})", name, n));
  }
  return out;
}

/// "374 terms of other ontologies in the file are left out: plana (374)".
void tell_left_out(Instance& instance, const Prefixes& present, const std::string& prefix) {
  const auto others = of_others(present, prefix);
  if (others.count == 0) return;
  instance.say(
      Level::important,
      fmt::format("importing the terms of {}; {} terms of other ontologies in the file are left out: {}{}", prefix,
                  others.count, base::join(others.some, ", "), present.size() > others.some.size() + 1 ? ", ..." : ""));
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

bool belongs(const format::Term& term, const std::string& prefix) {
  return !term.id.empty() && (prefix.empty() || base::lower(prefix_of(term.id)) == prefix);
}

/// No column can hold one.
bool has_nul(const format::Term& term) {
  const auto in = [](const std::string& text) { return text.find('\0') != text.npos; };
  return in(term.id) || in(term.name) || in(term.definition) ||
         std::ranges::any_of(term.synonyms, [&](const format::Synonym& one) { return in(one.text); });
}

/// The terms of a file that can be rows of the registry, and those that cannot.
class Selection {
 public:
  Selection(const schema::Table& table, std::string prefix) : table_(table), prefix_(std::move(prefix)) {}

  void add(format::Term& term) {
    if (!belongs(term, prefix_)) return;
    if (term.name.empty() && !term.obsolete) return left_out("without a name", term.id);
    if (has_nul(term)) return left_out("with a NUL character", term.id);
    if (id_limit_ != 0 && registry::length(term.id) > id_limit_)
      return left_out(fmt::format("with an id of more than {} characters", id_limit_), term.id.substr(0, 40));
    if (!seen_.insert(term.id).second) return left_out("with an id that another one has", term.id);
    const bool fits = limit_ == 0 || registry::length(term.name) <= limit_;
    const bool is_row = !term.obsolete && fits;
    stated_.push_back({&term, is_row ? n_rows_++ : no_row});
    // One that is obsolete and has no name only says what became of an identifier.
    if (term.obsolete && !term.name.empty())
      obsolete_.push_back({.id = term.id, .name = term.name, .replaced_by = term.replaced_by});
    if (!term.obsolete && !fits) left_out(fmt::format("with a name of more than {} characters", limit_), term.id);
  }

  /// Of all that were added.
  lake::TermRows rows() const {
    lake::TermRows rows{.obsolete = obsolete_};
    rows.records.assign(n_rows_, Record(table_));
    rows.parents.resize(n_rows_);
    rows.synonyms.resize(n_rows_);
    constexpr std::size_t worth_a_thread = 500;
    base::in_parallel(
        stated_.size(),
        [&](std::size_t i) {
          const auto [term, row] = stated_[i];
          if (row == no_row) return;
          fill(rows.records[row], *term, rows.synonyms[row]);
          rows.parents[row] = parents_of(table_, *term);
        },
        worth_a_thread);
    return rows;
  }

  /// What all of them state, computed on another thread. It consumes `terms`, which must own every term that was added;
  /// call it last.
  std::shared_future<std::vector<lake::StatedTerm>> stated(format::Terms terms) {
    auto work = [&table = table_, terms = std::move(terms), added = std::move(stated_)]() mutable {
      [[maybe_unused]] format::Terms all = std::move(terms);  // freed on this thread
      std::vector<lake::StatedTerm> out;
      out.reserve(added.size());
      for (const auto& [term, row] : added) {
        const auto parents = parents_of(table, *term);
        out.push_back(lake::stated(std::move(*term), parents));
      }
      return out;
    };
    return std::async(std::launch::async | std::launch::deferred, std::move(work)).share();
  }

  std::vector<LeftOut> reasons;

 private:
  static constexpr auto no_row = static_cast<std::size_t>(-1);
  struct Stated {
    format::Term* term;
    std::size_t row;
  };

  void left_out(const std::string& why, const std::string& id) {
    constexpr std::size_t shown = 5;
    auto reason = std::ranges::find(reasons, why, &LeftOut::why);
    if (reason == reasons.end()) reason = reasons.insert(reasons.end(), LeftOut{.why = why});
    ++reason->count;
    if (reason->some.size() < shown) reason->some.push_back(id);
  }
  void fill(Record& record, const format::Term& term, std::vector<lake::OwnSynonym>& others) const {
    record.set(uid_, base::derived_uid(term.id, table_.uid_size));
    record.set(name_, Value(term.name));
    record.set(id_, Value(term.id));
    if (std::string joined = joined_synonyms(term, others); !joined.empty()) record.set(synonyms_, std::move(joined));
    if (!term.definition.empty()) record.set(description_, Value(term.definition));
  }

  const schema::Table& table_;
  std::string prefix_;
  std::unordered_set<std::string_view> seen_;
  std::vector<Stated> stated_;
  std::size_t n_rows_ = 0;
  std::vector<lake::ObsoleteTerm> obsolete_;
  int uid_ = table_.column("uid").position, name_ = table_.column("name").position,
      id_ = table_.column("ontology_id").position, synonyms_ = table_.column("synonyms").position,
      description_ = table_.column("description").position, limit_ = table_.column("name").field->size,
      id_limit_ = table_.column("ontology_id").field->size;
};

}  // namespace

ImportReport import_ontology(Instance& instance, std::string_view registry, const std::filesystem::path& file,
                             const ImportOptions& options) {
  const schema::Table& table = instance.catalog().table(registry);
  if (!table.find_column("ontology_id") || !table.find_column("synonyms")) {
    throw Error(Code::invalid_argument, table.qualified.str() + " keeps no terms of an ontology: choose a registry " +
                                            "with an ontology_id, such as bionty.CellType");
  }
  format::Terms terms = format::read_terms(file);
  const Prefixes present = prefixes_of(terms);
  const std::string prefix = wanted_prefix(table, terms, present, options.source);
  const auto name = source_name(terms, prefix, options);
  const auto version = options.version.empty() ? terms.version : options.version;
  if (name.empty()) {
    throw Error(Code::invalid_argument, "'" + file.string() + "' does not say which ontology it is: " +
                                            Words(Remedy{Remedy::Verb::name_source}));
  }
  if (version.empty()) {
    throw Error(Code::invalid_argument,
                "'" + file.string() + "' states no version: " + Words(Remedy{Remedy::Verb::name_version}));
  }
  tell_left_out(instance, present, prefix);
  Selection selection(table, prefix);
  for (format::Term& term : terms.terms) selection.add(term);
  ImportReport rest{.left_out = std::move(selection.reasons),
                    .complaints = lake::told(terms.complaints),
                    .n_complaints = terms.complaints.count};
  lake::tell_rest(instance, file.string(), rest, options.strict);
  if (auto others = of_others(present, prefix); others.count > 0) rest.left_out.push_back(std::move(others));
  auto rows = selection.rows();
  rows.name = name;
  rows.version = version;
  rows.partial = terms.partial || options.partial;
  rows.stated = selection.stated(std::move(terms));
  const auto obsolete = static_cast<std::int64_t>(rows.obsolete.size());
  ImportReport report = lake::write_terms(instance, table, std::move(rows), options);
  report.obsolete = obsolete;
  report.left_out = std::move(rest.left_out);
  report.complaints = std::move(rest.complaints);
  report.n_complaints = rest.n_complaints;
  return report;
}

}  // namespace lamin
