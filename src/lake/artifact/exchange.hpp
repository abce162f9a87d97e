// exchange.hpp -- what committed operations still want of a place: its bytes replaced by those that wait, or removed.
//
// One transaction locks all that waits for the place, moves bytes and drops what is done. It only renames, so it is
// short; bytes that nobody needs any more are removed after it, out of the way. Killed anywhere, it is done again: what
// the place holds in the end is the bytes of its holder (lake/artifact/holder.hpp), or nothing, whoever settles in
// whatever order.
#pragma once
#include <cstdint>
#include <string>
#include "lamin/instance.hpp"

namespace lamin::lake {

struct Settled {
  std::int64_t intents = 0, removed = 0;  ///< done with; places of which bytes were removed
};
/// Throws what the store throws, and conflict where a file that belongs to no artifact lies at the place; what waits
/// then goes on waiting, and readers read it where it waits.
Settled settle(Instance& instance, std::int64_t storage, const std::string& place);
/// The same for a writer after its commit, which cannot fail any more: tries again, and if that is in vain says so.
void settle_after_commit(Instance& instance, std::int64_t storage, const std::string& place) noexcept;
/// Settles every place for which something waits. Never throws: what cannot be done now goes on waiting.
Settled settle_all(Instance& instance);

}  // namespace lamin::lake
