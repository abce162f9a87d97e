// stated.hpp -- all that a release states of its terms: lamin_term has a row for each, obsolete ones too, and
// lamin_term_fact what LaminDB's columns have no place for.
//
// Invariants
//   1. A term is a term of one release: (source, term). Two releases of an ontology stand side by side, so that they
//   can
//      be compared, and an upgrade can be undone.
//   2. The digest covers everything that is stated: terms with the same digest say the same.
//   3. `parents` are those that become links of the registry, ascending, joined by "|".
//
// Facts, by kind: "is_a" and "relation" (value: id, detail: "part_of"), "alt_id", "replaced_by", "consider", "xref",
// "subset", "definition_source", "synonym" (value: text, detail: "EXACT", a type or nothing, and sources, separated by
// tabs; only of those with a type or a source), "property" (value: text, detail: its name).
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "format/format.hpp"
#include "lamin/database.hpp"

namespace lamin::lake {

struct Fact {
  std::string kind, value, detail = {};
  bool operator==(const Fact&) const = default;
};
struct StatedTerm {
  std::string id, name;
  bool obsolete = false;
  std::string parents = {};
  std::int64_t digest = 0;
  std::vector<Fact> facts = {};
};

StatedTerm stated(format::Term term, const std::vector<std::string>& parents);
/// Of a row of a table, which states no more than its columns.
StatedTerm stated(const Record& row, std::string_view id_field, const std::vector<std::string>& parents);

/// Adds terms of a release, or rewrites those that differ; others of the release stay.
void write_stated(Database& database, std::int64_t source, std::span<const StatedTerm> terms);
/// Of a release, those that `wanted` takes, with their facts: two queries, however many they are.
std::vector<StatedTerm> read_stated(Database& database, std::int64_t source,
                                    const std::function<bool(const std::string& id)>& wanted);
/// Copies those with these ids from another database; those that it does not have are skipped.
void copy_stated(Database& from, std::int64_t from_source, Database& to, std::int64_t source,
                 std::span<const std::string> ids);
void erase_stated(Database& database, std::int64_t source);

/// All of a release, ascending by id, without facts.
void each_stated(Database& database, std::int64_t source, const std::function<void(StatedTerm&&)>& use);
/// The same without names and parents, which costs a fraction of it.
void each_head(Database& database, std::int64_t source, const std::function<void(StatedTerm&&)>& use);
/// Adds names and parents.
void fill_content(Database& database, std::int64_t source, std::span<StatedTerm* const> terms);
std::optional<StatedTerm> find_stated(Database& database, std::int64_t source, std::string_view id);
/// Those that have a fact of this kind with this value.
std::vector<StatedTerm> stated_with(Database& database, std::int64_t source, std::string_view kind,
                                    std::string_view value);
/// (term, value) of all relations with this name in a release.
std::vector<std::pair<std::string, std::string>> stated_relations(Database& database, std::int64_t source,
                                                                  std::string_view relation);
/// The relations that terms of a release have, "is_a" included, ascending.
std::vector<std::string> relations_of(Database& database, std::int64_t source);
/// An obsolete one by its name, with or without "obsolete" before it.
std::optional<StatedTerm> find_obsolete(Database& database, std::int64_t source, std::string_view name);
/// (term, kind, value) of facts of these kinds of all obsolete terms.
struct ObsoleteFact {
  std::string term, kind, value;
};
std::vector<ObsoleteFact> facts_of_obsolete(Database& database, std::int64_t source);
std::vector<ObsoleteFact> fates_of(Database& database, std::int64_t source, std::string_view id);  ///< of one term
/// (alternative id, term).
std::vector<std::pair<std::string, std::string>> alternative_ids(Database& database, std::int64_t source);
/// Whether anything is stated for a release.
bool has_stated(Database& database, std::int64_t source);

}  // namespace lamin::lake
