// cache.cpp -- where an artifact's content can be read on this machine.
#include "store/cache.hpp"
#include <fmt/format.h>
#include "base/path.hpp"
#include "lake/artifact/content.hpp"
#include "lake/artifact/exchange.hpp"
#include "lake/artifact/holder.hpp"
#include "lake/artifact/intent.hpp"
#include "lake/artifact/place.hpp"
#include "lake/artifact/verify.hpp"
#include "lamin/artifact.hpp"
#include "store/store.hpp"

namespace lamin {

namespace lake {
namespace {

// Moves waiting bytes to their place first, so that the returned path stays valid.
void settle_what_waits(Instance& instance, const Record& artifact) {
  if (!shares_place(artifact) || instance.database().read_only()) return;
  const auto place = place_of(artifact);
  if (waiting_place(instance, artifact, place).empty()) return;
  try {
    settle(instance, artifact.at("storage").integer_or(0), place);
  } catch (const Error& e) { instance.say(Level::debug, fmt::format("'{}' waits on: {}", place, e.what())); }
}

}  // namespace
}  // namespace lake

std::filesystem::path cache_artifact(Instance& instance, const Record& artifact) {
  constexpr int most_attempts = 4;
  auto& store = instance.store_of(artifact.at("storage").integer_or(0));
  for (int attempt = 1;; ++attempt) {
    lake::settle_what_waits(instance, artifact);
    const auto place = lake::require_content(instance, artifact);
    if (auto path = store.local_path(place)) return *path;
    try {
      return store::Cache(base::cache_folder())
          .materialise(artifact.uid(), lake::known_digest(instance, artifact).value_or(""), store, place);
    } catch (const Error& e) {
      // At a shared place another version may have arrived since the check; checking again tells which.
      const bool moved = e.code() == Code::corrupt || e.code() == Code::not_found;
      if (!moved || attempt == most_attempts || !lake::shares_place(artifact)) throw;
    }
  }
}

bool is_still_at(Instance& instance, const Record& artifact, const std::filesystem::path& path) {
  if (!lake::shares_place(artifact)) return true;
  auto& store = instance.store_of(artifact.at("storage").integer_or(0));
  const auto now = store.local_path(lake::readable_place(instance, artifact));
  return !now || *now == path;  // if not local, the path is a copy in the cache
}

}  // namespace lamin
