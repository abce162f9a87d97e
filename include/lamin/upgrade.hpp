// upgrade.hpp -- from one release of an ontology to another: what changed, what that means for the rows and datasets of
// an instance, and the move itself, which can be undone.
//
// `diff_releases` compares two releases as such. `plan_upgrade` says what moving a registry would do to its rows, and
// who uses them; it writes nothing. `apply_upgrade` does that in one transaction, `undo_upgrade` restores the same
// rows. Rows keep their ids, so what is annotated stays annotated: a renamed term keeps its former name as a synonym;
// what was annotated with an obsolete term is annotated with the one that replaces it, and where several may, nothing
// is guessed. A user's own terms, links, abbreviations, synonyms and texts stay.
//
// Genes and proteins move, too: what Ensembl retired is replaced as a table beside the release says
// (genes.hpp: map_retired_ids); a gene that a release lacks, and that nothing replaces, stays as it is.
//
// Example: examples/cpp/upgrade.cpp
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>
#include "lamin/instance.hpp"
#include "lamin/term.hpp"

namespace lamin {

/// What became of a term.
struct TermChange {
  enum class Kind : std::uint8_t {
    added,       ///< the later release has it, the earlier did not
    revived,     ///< it was obsolete and is no more
    renamed,     ///< `former` is its name in the earlier release
    reparented,  ///< it has other parents: `parents_added`, `parents_removed`
    replaced,    ///< obsolete; `into` has the one term that replaces it
    merged,      ///< obsolete, or gone; it is the same now as the term in `into`, which there was before
    split,       ///< obsolete; several terms replace it: `into`
    obsolete,    ///< nothing replaces it; `into` has terms to consider
    removed,     ///< the later release does not know it; a file that has a part of a release does not say so
  };
  Kind kind = Kind::added;
  std::string id = {}, name = {};  ///< its name in the later release, of a removed one in the earlier
  std::string former = {};
  std::vector<std::string> into = {};  ///< ids
  std::vector<std::string> parents_added = {}, parents_removed = {};
};
std::string_view name_of(TermChange::Kind kind);  ///< "added", ...

struct ReleaseDiff {
  std::string registry = {}, source = {}, from = {}, to = {};  ///< "bionty.CellType", "cl", the versions
  std::int64_t terms_before = 0, terms_after = 0;              ///< that are not obsolete
  std::int64_t edited = 0;               ///< terms of which something else is said: definition, synonyms, xrefs
  std::vector<TermChange> changes = {};  ///< by kind, then id; a term may be renamed and reparented
  std::vector<std::string> notes = {};   ///< which terms are not compared, where a file has a part of its release
  std::int64_t count(TermChange::Kind kind) const;
};

/// Releases are rows of registry bionty.Source. Throws what open_release throws; invalid_argument for releases of
/// different registries.
ReleaseDiff diff_releases(Instance& instance, const Record& from, const Record& to);

/// What happens to a row of the registry.
struct PlannedChange {
  enum class Action : std::uint8_t {
    insert,   ///< a new row
    rewrite,  ///< name, definition, synonyms or parents change
    move,     ///< what uses it uses `into` afterwards; the row itself is marked as obsolete
    retire,   ///< it is marked as obsolete; what uses it still does
    adopt,    ///< a term of the user's own becomes the release's term of this name
    keep,     ///< the release does not have it; nothing changes
  };
  Action action = Action::rewrite;
  std::string id = {}, name = {}, former = {};  ///< name: afterwards
  std::vector<TermChange::Kind> because = {};
  std::vector<std::string> into = {};  ///< move: one id; retire: those one may choose from
  /// rewrite, adopt: what changes: "name", "description", "synonyms", "parents"; "branch": it comes back from the trash
  std::vector<std::string> fields = {};
  std::vector<std::string> kept = {};                                 ///< fields that a user changed, and that stay
  std::vector<std::string> parents_added = {}, parents_removed = {};  ///< ids
  std::vector<TermUse> uses = {};
};
std::string_view name_of(PlannedChange::Action action);

struct UpgradeOptions {
  /// What replaces an obsolete term, by id, where a release names several or none.
  std::map<std::string, std::string> choose = {};
  std::string from = {};  ///< the version that rows must be of: planning throws not_found if none is; "" = any
};
struct UpgradePlan {
  std::string registry = {}, source = {}, to = {};
  std::vector<std::string> from = {};  ///< versions that rows of the registry are of
  bool whole = false;                  ///< the registry holds a whole release, and will hold all of this one
  std::int64_t rows = 0;  ///< of the registry that are concerned; those of which only the release changes, too
  std::vector<PlannedChange> changes = {};  ///< by action, then id; without `keep` of terms that nobody uses
  std::vector<TermUse> uses = {};       ///< of all changes but inserts; features and schemas of the registry's dtype
  std::vector<std::string> notes = {};  ///< what a person should know, or decide
  std::vector<ReleaseDiff> diffs = {};  ///< one for each version in `from` whose terms are at hand
  Record release = {};                  ///< the row of bionty.Source; maybe unsaved
  UpgradeOptions options = {};
  std::int64_t count(PlannedChange::Action action) const;
};

/// {"registry", "source", "from", "to", "changes": [{"action", "id", "name", ...}], "uses", "notes", "diffs"}
std::string to_json(const UpgradePlan& plan);
/// {"registry", "source", "from", "to", "terms_before", "terms_after", "edited", "changes": [{"kind", "id", ...}]}
std::string to_json(const ReleaseDiff& diff);

/// Throws what open_release throws; not_found as UpgradeOptions says; invalid_argument for a release of another
/// registry, one that states no terms, or a choice that is no term of it.
UpgradePlan plan_upgrade(Instance& instance, std::string_view registry, const Record& to,
                         const UpgradeOptions& options = {});

/// An upgrade that was applied.
struct Upgrade {
  std::int64_t number = 0;
  std::string registry = {}, source = {}, to = {};
  std::vector<std::string> from = {};
  std::string applied_at = {}, undone_at = {};  ///< UTC; undone_at "" = in effect
  std::int64_t rows = 0;                        ///< rows of all tables that it changed
};

/// Does what the plan says, in one transaction. Throws conflict if the registry is not as it was planned for;
/// no_access.
Upgrade apply_upgrade(Instance& instance, const UpgradePlan& plan);
/// Restores every row that the upgrade changed to what it was, ids and times included; 0 = the last one of the registry
/// that is in effect. Throws not_found without one; conflict if a later upgrade is in effect, a row was changed since,
/// or an added one is in use.
Upgrade undo_upgrade(Instance& instance, std::string_view registry, std::int64_t number = 0);
/// The last one to a version that is in effect, of rows of the version `from`, or any. Throws not_found.
Upgrade find_upgrade(Instance& instance, std::string_view registry, std::string_view to, std::string_view from = {});
/// Of a registry, or of all, the last one first.
std::vector<Upgrade> upgrades(Instance& instance, std::string_view registry = {});

}  // namespace lamin
