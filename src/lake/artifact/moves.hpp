// moves.hpp -- saving a changed row of an artifact also moves its bytes: to another storage, to the real key or the
// suffix that it has now.
//
//   plan      the rules, applied to the changed row; one transaction declares where the bytes go
//   carry     a verified copy to that place
//   confirm   in the transaction of the row, before it is written: nothing has changed since the plan
//   conclude  in the same transaction, after it: the place is the row's, the former bytes are to be removed
//   settle    after the commit: they go
//
// Invariants
//   1. Until the commit the row and the former bytes are as they were; after it the row and the new ones. There is no
//      time in which a reader finds neither.
//   2. Bytes go to a place that nothing has ever had, or to one that is exchanged under its lock (exchange.hpp).
//   3. A row whose bytes are elsewhere (moved by hand, replaced by a later version) is written without moving any.
#pragma once
#include <span>
#include <string>
#include <vector>
#include "lake/artifact/intent.hpp"
#include "lamin/artifact.hpp"

namespace lamin::lake {

class Moves {
 public:
  /// Applies the rules, which may change the records: the storage follows the space, keys follow the suffix. Records of
  /// other registries and unsaved ones are ignored. Throws invalid_argument and conflict (what is in the way).
  Moves(Instance& instance, std::span<Record* const> records);

  void carry();     ///< throws what reading the content and writing it throws
  void confirm();   ///< throws conflict
  void conclude();  ///< may run again if the transaction is repeated
  void settle() noexcept;
  void take_back() noexcept;  ///< after a failure

 private:
  struct Move {
    Record old;
    Record* now = nullptr;
    Intent intent;
    bool removes = false;  ///< the former bytes; otherwise another row has them
  };
  void plan();
  void choose_place(Move& move) const;
  void check_free(const Move& move) const;

  Instance& instance_;
  std::vector<Move> moves_;
  std::string operation_;
  bool declared_ = false;
};

/// Applies the rules for a change of storage, space, key and suffix to the row; what is stored is `old`.
void apply_move_rules(Instance& instance, const Record& old, Record& now);
/// Gives keys the suffix that the row has now.
void follow_suffix(const Record& old, Record& now);
/// In the commit of a row that has left its place: false if another row with the same content takes the place over,
/// otherwise the bytes are to be removed when it is settled.
bool leave_place(Instance& instance, const Record& old);

}  // namespace lamin::lake
