// intent.hpp -- what is about to happen to bytes, recorded in the database before it happens: the table lamin_intent.
//
// The commit protocol as a state machine. An intent is a row of an operation; its kind is the state:
//
//   put       bytes are being written to `place`, which only the uid that the operation was given can name
//   swap      bytes are being written to `place`, which only the operation can name; they are meant for `target`
//   swap_now  committed: a row points at `target`, its bytes wait at `place`
//   remove    committed: a row that pointed at `place` was deleted with its bytes
//   discard   committed: nobody needs the bytes at `place` any more, which only the operation can name
//   gone      the intent does not exist any more
//
//   declare ──► put ────── fulfil, in the commit ──► gone
//   declare ──► swap ───── fulfil, in the commit ──► swap_now ── settle ──► discard ──► gone
//   declare, in the commit that deletes a row ─────► remove ──── settle ──► discard ──► gone
//   put, swap ── reclaim (the writer failed, or is dead) ── bytes removed ──► gone
//
// Who may do what:
//
//                 put, swap                                 swap_now, remove, discard
//   writer        writes, then commits or reclaims          settles
//   dead writer   recovery reclaims                         anybody settles
//   2nd writer    is given the next uid, so another place   settles; a version that does not hold the place only
//                                                           loses its own bytes (lake/artifact/holder.hpp)
//   recovery      nothing while the writer lives            settles
//   reader        sees no row                               swap_now: reads at `place`; if that is gone, at `target`
//   LaminDB       may take the same uid: the commit finds   knows no intents: a row it makes meanwhile holds the
//                 its row and starts again, and its bytes   place, and its bytes stay
//                 stay, because a row points at them
//
// Invariants
//   1. The intent is durable before the first byte, and goes in the transaction that makes the artifact visible.
//   2. A commit counts its intents in that transaction; if one was reclaimed (reaper is set), it fails.
//   3. Bytes of a put or swap are removed only if, in the transaction that reclaims the intent, no row points at them;
//      the uid is never given again (lake/rows/given_uids.hpp), so no later artifact can lie there.
//   4. Bytes at a shared place change only in a transaction that has locked all intents waiting for
//      it (lake/artifact/exchange.hpp).
//   5. A live writer is never robbed: on this machine its process is looked up, elsewhere its lease and a grace period
//      must have run out.
//   6. Whatever is left undone is done by the next open or by `lamin gc`; each of these may itself be killed anywhere.
#pragma once
#include <cstdint>
#include <string>
#include <vector>
#include "lamin/instance.hpp"

namespace lamin::lake {

struct Intent {
  static constexpr std::string_view put = "put", swap = "swap", swap_now = "swap_now", remove = "remove",
                                    discard = "discard";

  std::string operation, place, kind, target, artifact_uid, artifact_key, owner, reaper;
  std::int64_t storage_id = 0;
  std::int64_t bytes = 0;       ///< to be written: determines the length of the lease
  std::int64_t expires_at = 0;  ///< microseconds since 1970

  bool is_committed() const { return kind == swap_now || kind == remove || kind == discard; }
  /// The place that other artifacts may also point at.
  const std::string& about() const { return target.empty() ? place : target; }
};

/// Inserts them; joins an open transaction.
void declare(Instance& instance, const std::vector<Intent>& intents);
/// In the commit: drops a put, turns a swap into swap_now. Throws conflict if one was reclaimed.
void fulfil(Instance& instance, const std::string& operation, std::size_t expected);

std::vector<Intent> all_intents(Instance& instance);
/// Committed intents about a place that wait to be settled.
std::vector<Intent> waiting_for(Instance& instance, std::int64_t storage, std::string_view place);
/// The same, and locks the place: nobody else may settle it before the transaction ends.
std::vector<Intent> lock_waiting(Instance& instance, std::int64_t storage, std::string_view place);
/// After this, the intent is about bytes that nobody needs.
void turn_to_discard(Instance& instance, const Intent& intent, const std::string& place);
void drop(Instance& instance, const Intent& intent);
/// Where the bytes of a committed version wait for their exchange with `place`; empty if they do not.
std::string waiting_place(Instance& instance, const Record& artifact, std::string_view place);
/// Where the bytes are that an operation in progress is bringing to an artifact's new place; empty if none is.
std::string brought_place(Instance& instance, const Record& artifact, std::string_view to);
/// Whether no live process is working on it.
bool is_abandoned(const Intent& intent);

/// Claims those of the intents that are not committed, records their uids as used, and reports whose bytes may be
/// removed. Other writers' intents only if abandoned. Joins the transaction.
enum class Whose { own, others };
struct Reclaimed {
  Intent intent;
  bool remove_bytes = false;
};
std::vector<Reclaimed> reclaim(Instance& instance, const std::vector<Intent>& intents, Whose whose);
/// After `reclaim`: removes the bytes and drops the intents. Returns the number of places that held something.
std::int64_t remove_reclaimed(Instance& instance, const std::vector<Reclaimed>& all);

}  // namespace lamin::lake
