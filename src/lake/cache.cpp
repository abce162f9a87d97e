#include "store/cache.hpp"
#include <fmt/format.h>
#include "base/path.hpp"
#include "db/connection.hpp"
#include "lake/holder.hpp"
#include "lake/place.hpp"
#include "lamin/artifact.hpp"
#include "store/store.hpp"

namespace lamin {
namespace fs = std::filesystem;
namespace lake {
namespace {

// "" for what LaminDB wrote, or replaced since.
std::string digest_of(Instance& instance, const Record& artifact) {
  const Value key[] = {artifact.id()};
  auto rows =
      instance.database().connection().query("SELECT digest, hash FROM lamin_content WHERE artifact_id = ?", key);
  if (!rows->next()) return {};
  const auto& hash = artifact.at("hash");
  const bool current = hash.is_null() || (!rows->is_null(1) && rows->text(1) == hash.text_or(""));
  return current ? std::string(rows->text(0)) : std::string();
}

}  // namespace
}  // namespace lake

fs::path cache_artifact(Instance& instance, const Record& artifact) {
  auto& store = instance.store_of(artifact.at("storage").integer_or(0));
  auto key = lake::readable_place(instance, artifact);
  if (!store.stat(key)) key = lake::readable_place(instance, artifact);  // exchanged between the two looks
  if (!store.stat(key)) {
    throw Error(Code::not_found, fmt::format("the content of artifact '{}' is missing: there is nothing at '{}/{}'",
                                             artifact.uid(), store.root(), key));
  }
  if (auto path = store.local_path(key)) return *path;
  store::Cache cache(base::cache_folder());
  return cache.materialise(artifact.uid(), lake::digest_of(instance, artifact), store, key);
}

bool is_still_at(Instance& instance, const Record& artifact, const fs::path& path) {
  return !lake::shares_place(artifact) || cache_artifact(instance, artifact) == path;
}

}  // namespace lamin
