// log.hpp -- the rows that an upgrade changed, as they were and as they became: lamin_upgrade, lamin_upgrade_change.
//
// Invariants
//   1. Every change of a catalog table that the upgrade made has a row, in the order they were made: they come from the
//      journal. Of an update only the columns that changed are kept.
//   2. Undoing goes backwards, and stops where a row is not what the upgrade made of it.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lake/label/own_synonyms.hpp"
#include "lamin/upgrade.hpp"
#include "registry/writes.hpp"

namespace lamin::lake {

struct LoggedChange {
  std::string registry;  ///< Table::table, or "lamin_synonym/bionty.CellType"
  std::int64_t record = 0;
  std::optional<std::string> before, after;  ///< JSON; nullopt: there was, or is, no row
};

/// While it lives, it hears every change that is made through the database. Whoever kept the journal goes on hearing.
class Recorder {
 public:
  explicit Recorder(Database& database);
  ~Recorder();
  Recorder(const Recorder&) = delete;

  void clear() { changes_.clear(); }  ///< a transaction starts anew
  void add(LoggedChange change) { changes_.push_back(std::move(change)); }
  const std::vector<LoggedChange>& changes() const { return changes_; }

 private:
  Database& database_;
  Journal others_;
  std::vector<LoggedChange> changes_;
};

/// Returns the number of the upgrade. `had_terms`: of the release, before.
std::int64_t write_log(Database& database, const UpgradePlan& plan, std::int64_t source, bool had_terms,
                       const std::vector<LoggedChange>& changes);
/// Its changes, the last one first.
std::vector<LoggedChange> read_log(Database& database, std::int64_t upgrade);
/// Makes rows what they were, in this order. Throws conflict if one is not what the upgrade made of it.
void put_back(Database& database, std::span<const LoggedChange> changes);
void mark_undone(Database& database, std::int64_t upgrade);
/// The release that an upgrade led to, and whether its terms were stated here before.
struct LogHead {
  Upgrade upgrade;
  std::int64_t source = 0;
  bool had_terms = false;
};
std::vector<LogHead> log_heads(Database& database, std::string_view registry);

std::string own_synonyms_json(const std::vector<OwnSynonym>& synonyms);

}  // namespace lamin::lake
