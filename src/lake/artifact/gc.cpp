// gc.cpp -- recovery: finishes or removes what dead writers announced and did not finish.
//
// Committed intents are settled (lake/artifact/exchange.hpp), whoever announced them; others are reclaimed once their
// writer is dead: claimed in a transaction (after which a delayed writer can no longer commit), then the bytes are
// removed, then the intent. Any number of processes may do this at once, and each may be killed anywhere.
#include <fmt/format.h>
#include <vector>
#include "lake/artifact/exchange.hpp"
#include "lake/artifact/intent.hpp"
#include "lamin/artifact.hpp"

namespace lamin {
namespace lake {
namespace {

void reclaim_abandoned(Instance& instance, Recovery& done) {
  std::vector<Intent> abandoned;
  for (auto& intent : all_intents(instance)) {
    if (!intent.is_committed() && is_abandoned(intent)) abandoned.push_back(std::move(intent));
  }
  for (const auto& intent : abandoned) {
    try {
      std::vector<Reclaimed> mine;
      instance.database().transaction([&] { mine = reclaim(instance, {intent}, Whose::others); });
      done.files += remove_reclaimed(instance, mine);
      done.intents += static_cast<std::int64_t>(mine.size());
    } catch (const Error& e) {  // the storage may be unavailable for now; the intent stays
      instance.say(Level::debug, fmt::format("cannot clean up '{}': {}", intent.place, e.what()));
    }
  }
}

}  // namespace
}  // namespace lake

Recovery recover(Instance& instance) {
  Recovery done;
  lake::reclaim_abandoned(instance, done);
  const auto settled = lake::settle_all(instance);
  done.intents += settled.intents;
  done.files += settled.removed;
  return done;
}

}  // namespace lamin
