// new_rows.hpp -- inserts the rows of new artifacts, in the transaction that makes them visible.
//
// Artifacts that share nothing with any row are inserted together, by bulk statements; the others are checked one by
// one, since the plan may no longer hold.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>
#include "lake/artifact/plan.hpp"

namespace lamin::lake {

/// The plan no longer holds: the transaction must be rolled back and everything planned again.
struct PlanChanged {
  std::string why;
};

/// The existing artifact that blocks this draft in LaminDB's unique index and has the same bytes, or nullopt. Sets the
/// draft's hash to null if other content has it.
std::optional<Record> row_in_the_way(Instance& instance, Draft& draft);
/// The keys of those drafts that have one.
std::vector<Value> keys_of(const std::vector<Draft*>& drafts);

class NewRows {
 public:
  /// `drafts` are all drafts that will be added; `each` is called with each saved row.
  NewRows(Instance& instance, const std::vector<Draft*>& drafts, const std::function<void(Record&)>& each);
  void add(Draft& draft);  ///< throws PlanChanged
  void write();            ///< the pending drafts; throws PlanChanged

 private:
  bool has_uid(std::string_view uid);
  void insert(std::int64_t run);

  Instance& instance_;
  const std::function<void(Record&)>& each_;
  PresenceFilter hashes_, keys_, uids_;
  std::vector<Draft*> pending_;  ///< of one run
};

}  // namespace lamin::lake
