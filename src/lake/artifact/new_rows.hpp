// new_rows.hpp -- the rows of new artifacts, in the transaction that makes them visible.
//
// What shares nothing with any row goes in together, by bulk statements; the others are looked at one by one, as what
// was planned may hold no more.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>
#include "lake/artifact/plan.hpp"

namespace lamin::lake {

/// What was planned does not hold any more: the transaction is to be rolled back, and all planned again.
struct PlanChanged {
  std::string why;
};

/// The artifact that LaminDB's unique index would not let the draft in for, if it has the same bytes; nullopt else.
/// Sets the draft's hash to null where other content has it.
std::optional<Record> row_in_the_way(Instance& instance, Draft& draft);
/// Of the drafts that have one.
std::vector<Value> keys_of(const std::vector<Draft*>& drafts);

class NewRows {
 public:
  /// `drafts` are all that will be added; `each` is called with each saved row.
  NewRows(Instance& instance, const std::vector<Draft*>& drafts, const std::function<void(Record&)>& each);
  void add(Draft& draft);  ///< throws PlanChanged
  void write();            ///< what waits; throws PlanChanged

 private:
  bool has_uid(std::string_view uid);
  void insert(std::int64_t run);

  Instance& instance_;
  const std::function<void(Record&)>& each_;
  Glance hashes_, keys_, uids_;
  std::vector<Draft*> pending_;  ///< of one run
};

}  // namespace lamin::lake
