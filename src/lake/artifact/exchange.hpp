// exchange.hpp -- what committed operations still have to do at a place: replace its bytes with waiting ones, or remove
// them.
//
// One transaction locks all intents that wait for the place, moves bytes and drops the intents that are done. It only
// renames, so it is short; unneeded bytes are removed after it. If killed anywhere, it is done again: in the end the
// place holds the bytes of its holder (lake/artifact/holder.hpp), or nothing, whoever settles in whatever order.
#pragma once
#include <cstdint>
#include <string>
#include "lamin/instance.hpp"

namespace lamin::lake {

struct Settled {
  std::int64_t intents = 0, removed = 0;  ///< finished; places whose bytes were removed
};
/// Throws what the store throws, and conflict if a file that belongs to no artifact is at the place; the bytes then
/// keep waiting, and readers read them where they wait.
Settled settle(Instance& instance, std::int64_t storage, const std::string& place);
/// The same for a writer after its commit, which can no longer fail: tries again, and warns if that is in vain.
void settle_after_commit(Instance& instance, std::int64_t storage, const std::string& place) noexcept;
/// Settles every place with waiting intents. Never throws: what cannot be done now keeps waiting.
Settled settle_all(Instance& instance);

}  // namespace lamin::lake
