// exchange.cpp -- one transaction moves bytes into place, then unneeded ones are removed.
#include "lake/artifact/exchange.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <chrono>
#include <optional>
#include <set>
#include <thread>
#include <utility>
#include <vector>
#include "lake/artifact/holder.hpp"
#include "lake/artifact/intent.hpp"
#include "lake/artifact/place.hpp"
#include "lake/artifact/verify.hpp"
#include "store/store.hpp"

namespace lamin::lake {
namespace {

/// Where the replaced bytes go: a name that only the operation has.
std::string aside(const Intent& intent) { return fmt::format("{}{}.old", auto_prefix, intent.operation); }

/// One place while its lock is held.
class Exchange {
 public:
  Exchange(Instance& instance, std::int64_t storage, const std::string& place)
      : instance_(instance),
        store_(instance.store_of(storage)),
        storage_(storage),
        place_(place),
        waiting_(lock_waiting(instance, storage, place)),
        holder_(waiting_.empty() ? Holder{} : holder_of(instance, storage, place)) {}

  /// Where a copy is many steps: records that bytes of this instance may be at the place from now on. What a process
  /// that is killed among these steps leaves there is then not taken for a foreign file.
  void announce() {
    if (holder_.filled || !holder_.row) return;
    for (const auto& intent : waiting_) {
      if (intent.kind == Intent::remove || intent.artifact_uid != holder_.uid || !store_.stat(intent.place)) continue;
      if (store_.stat(place_) && !is_same(intent.place, place_)) refuse_foreign();
      note_filled(instance_, storage_, place_, std::string(unknown_stamp));
      return;
    }
  }

  Settled run() {
    may_replace_ = holder_.filled || place_.starts_with(auto_prefix) || was_cut_short();
    for (const auto& intent : waiting_) {
      if (intent.kind == Intent::remove) {
        vacate(intent);
      } else if (holder_.row && intent.artifact_uid == holder_.uid) {
        bring_in(intent);
      } else {  // a later version holds the place, or the artifact was deleted
        discard(intent, intent.place);
      }
    }
    return done_;
  }

 private:
  void bring_in(const Intent& intent) {
    if (!store_.can().moves_at_once) {
      if (may_replace_) copy_in(intent);  // otherwise it came after the announcement, and its writer settles it
      return;
    }
    const auto incoming = store_.stat(intent.place);
    const auto present = store_.stat(place_);
    bool moved_aside = false;
    if (incoming) {  // otherwise it was moved by a process that was then killed
      if (present && !may_replace_) refuse_foreign();
      if (present && (present->is_folder || incoming->is_folder)) {
        store_.move(place_, aside(intent));
        moved_aside = true;
      }
      store_.move(intent.place, place_, true);
    }
    if (const auto now = store_.stat(place_)) {
      note_filled(instance_, storage_, place_, now->stamp.empty() ? std::string(unknown_stamp) : now->stamp);
    }
    finish(intent, moved_aside || store_.stat(aside(intent)));
  }

  /// Where a move is many steps, the waiting bytes are copied, and stay whole until the exchange is committed: a
  /// process that is killed meanwhile leaves everything to do again.
  void copy_in(const Intent& intent) {
    if (store_.stat(intent.place)) store_.copy_over(intent.place, place_);
    if (const auto now = store_.stat(place_)) {
      note_filled(instance_, storage_, place_, now->stamp.empty() ? std::string(unknown_stamp) : now->stamp);
    }
    discard(intent, intent.place);
  }

  bool is_same(const std::string& one, const std::string& other) {
    const auto a = hash_stored(store_, one), b = hash_stored(store_, other);
    return a.digest == b.digest;
  }

  [[noreturn]] void refuse_foreign() const {
    throw Error(Code::conflict,
                fmt::format("a file that is not an artifact lies at '{}/{}': move it away and run `lamin gc`",
                            store_.root(), place_));
  }

  /// A process was killed after it moved bytes here and before it recorded that.
  bool was_cut_short() {
    return std::ranges::any_of(
        waiting_, [&](const Intent& intent) { return intent.kind == Intent::swap_now && !store_.stat(intent.place); });
  }

  void vacate(const Intent& intent) {
    if (!holder_.row) {  // otherwise somebody has saved there since
      if (const auto present = store_.stat(place_)) {
        if (present->is_folder && store_.can().moves_at_once) store_.move(place_, aside(intent));
        else store_.remove(place_);
        ++done_.removed;
      }
      note_filled(instance_, storage_, place_, "");
    }
    finish(intent, store_.stat(aside(intent)).has_value());
  }

  void finish(const Intent& intent, bool leaves_something) {
    if (leaves_something) {
      discard(intent, aside(intent));
    } else {
      drop(instance_, intent);
      ++done_.intents;
    }
  }

  void discard(const Intent& intent, const std::string& bytes) { turn_to_discard(instance_, intent, bytes); }

  Instance& instance_;
  store::Store& store_;
  std::int64_t storage_;
  const std::string& place_;
  std::vector<Intent> waiting_;
  Holder holder_;
  bool may_replace_ = true;
  Settled done_;
};

/// Any number of processes may do this at once.
Settled remove_discarded(Instance& instance, const std::vector<Intent>& all) {
  Settled done;
  for (const auto& intent : all) {
    auto& store = instance.store_of(intent.storage_id);
    store.remove(intent.place);
    store.remove(aside(intent));  // from an exchange that was interrupted before a later version arrived
    instance.database().transaction([&] { drop(instance, intent); });
    ++done.intents;
  }
  return done;
}

void add(Settled& to, const Settled& more) {
  to.intents += more.intents;
  to.removed += more.removed;
}

}  // namespace

Settled settle(Instance& instance, std::int64_t storage, const std::string& place) {
  const auto before = waiting_for(instance, storage, place);
  if (before.empty()) return {};
  Settled done;
  if (!instance.store_of(storage).can().moves_at_once && !place.starts_with(auto_prefix))
    instance.database().transaction([&] { Exchange(instance, storage, place).announce(); });
  instance.database().transaction([&] { done = Exchange(instance, storage, place).run(); });
  std::set<std::string> operations;
  for (const auto& intent : before) operations.insert(intent.operation);
  auto discarded = all_intents(instance);
  std::erase_if(discarded, [&](const Intent& intent) {
    return intent.kind != Intent::discard || !operations.contains(intent.operation);
  });
  add(done, remove_discarded(instance, discarded));
  return done;
}

void settle_after_commit(Instance& instance, std::int64_t storage, const std::string& place) noexcept {
  constexpr int attempts = 3;
  try {
    for (int attempt = 1;; ++attempt) {
      try {
        settle(instance, storage, place);
        return;
      } catch (const Error& e) {
        if (attempt < attempts) {
          std::this_thread::sleep_for(std::chrono::milliseconds(10 * attempt));
          continue;
        }
        instance.say(
            Level::warning,
            fmt::format("the change of '{}' is committed, but not yet carried out in the storage ({}); content "
                        "that was saved is read from where it waits until `lamin gc`, or the next program that "
                        "opens the instance, puts it into place",
                        place, e.what()));
        return;
      }
    }
  } catch (const std::exception& e) { instance.say(Level::debug, e.what()); }
}

Settled settle_all(Instance& instance) {
  Settled done;
  std::set<std::pair<std::int64_t, std::string>> places;
  std::vector<Intent> discarded;
  for (auto& intent : all_intents(instance)) {
    if (intent.kind == Intent::discard) discarded.push_back(std::move(intent));
    else if (intent.is_committed()) places.emplace(intent.storage_id, intent.about());
  }
  const auto unless_away = [&](const std::string& what, const auto& work) {
    try {
      add(done, work());
    } catch (const Error& e) {  // the storage may be unavailable for now
      instance.say(Level::debug, fmt::format("cannot settle '{}': {}", what, e.what()));
    }
  };
  for (const auto& [storage, place] : places) unless_away(place, [&] { return settle(instance, storage, place); });
  for (const auto& intent : discarded) unless_away(intent.place, [&] { return remove_discarded(instance, {intent}); });
  return done;
}

}  // namespace lamin::lake
