// intent.hpp -- what is about to happen to bytes, said in the database before it happens.
//
// Kinds of intent, and what a crash at any point leaves for recovery:
//   put     bytes appear at `place`, an artifact will point there      -> without commit: the bytes are removed
//   swap    bytes appear at `place`; after the commit they replace `target`
//           -> without commit (kind swap): removed; after it (kind swap_now): the replacement is finished
//   remove  no row points at `place` any more, its bytes go             -> the bytes are removed
//
// Invariants
//   1. The intent is durable before the first byte, and goes in the same transaction that makes the artifact visible.
//   2. A commit counts its intents in that transaction; if recovery has claimed one (reaper is set), it fails.
//   3. Recovery claims in one transaction, removes bytes, then drops the row: it may itself be killed anywhere.
//   4. A writer that lives is never robbed: on this machine the process is asked for, elsewhere its lease must have
//      run out and a grace time on top.
#pragma once
#include <cstdint>
#include <string>
#include <vector>
#include "lamin/instance.hpp"

namespace lamin::lake {

struct Intent {
  std::string operation, place, kind, target, artifact_uid, artifact_key;
  std::int64_t storage_id = 0;
  std::int64_t bytes = 0;  ///< how much is to be written: decides how long the lease is
};

/// Inserts them; joins an open transaction.
void declare(Instance& instance, const std::vector<Intent>& intents);
/// In the commit: drops the intents of an operation; a swap becomes swap_now, which stays until the bytes are
/// exchanged. Throws conflict if recovery has taken one.
void fulfil(Instance& instance, const std::string& operation, std::size_t expected);
/// Claims for removal what of an operation is still announced and not committed; returns it. Joins the transaction.
std::vector<Intent> reclaim(Instance& instance, const std::string& operation);
/// The bytes are dealt with; joins the transaction.
void drop(Instance& instance, const Intent& intent);

/// Finishes the replacement of `target` by `place`: either it is done completely or a later call completes it.
void finish_swap(store::Store& store, const std::string& place, const std::string& target);

}  // namespace lamin::lake
