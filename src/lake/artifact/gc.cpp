// gc.cpp -- recovery: what writers that are gone have announced and not finished is finished or removed.
//
// What was committed is settled (lake/artifact/exchange.hpp), whoever announced it; what was not is reclaimed once its
// writer is dead: claimed in a transaction (a writer that comes back late then cannot commit any more), then the bytes
// go, then the intent. Any number may do so at once, and each may be killed anywhere.
#include <fmt/format.h>
#include <vector>
#include "base/log.hpp"
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
    } catch (const Error& e) {  // the storage may be away for now; the intent stays
      base::log(base::Level::debug, fmt::format("cannot clean up '{}': {}", intent.place, e.what()));
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
