// cache.cpp -- where an artifact's content can be read on this machine.
#include "store/cache.hpp"
#include "base/path.hpp"
#include "lake/content.hpp"
#include "lake/holder.hpp"
#include "lake/place.hpp"
#include "lake/verify.hpp"
#include "lamin/artifact.hpp"
#include "store/store.hpp"

namespace lamin {

std::filesystem::path cache_artifact(Instance& instance, const Record& artifact) {
  const auto place = lake::require_content(instance, artifact);
  auto& store = instance.store_of(artifact.at("storage").integer_or(0));
  if (auto path = store.local_path(place)) return *path;
  store::Cache cache(base::cache_folder());
  return cache.materialise(artifact.uid(), lake::known_digest(instance, artifact).value_or(""), store, place);
}

bool is_still_at(Instance& instance, const Record& artifact, const std::filesystem::path& path) {
  if (!lake::shares_place(artifact)) return true;
  auto& store = instance.store_of(artifact.at("storage").integer_or(0));
  const auto now = store.local_path(lake::readable_place(instance, artifact));
  return !now || *now == path;  // what is not here is a copy in the cache
}

}  // namespace lamin
