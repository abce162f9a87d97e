// cache.cpp -- where an artifact's content can be read on this machine.
#include "store/cache.hpp"
#include <fmt/format.h>
#include "base/cache_setting.hpp"
#include "base/path.hpp"
#include "base/reporting.hpp"
#include "base/threads.hpp"
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
  const base::Reporting reporting([&](Level level, const Words& words) { instance.say(level, words); });
  auto& store = instance.store_of(artifact.at("storage").integer_or(0));
  for (int attempt = 1;; ++attempt) {
    lake::settle_what_waits(instance, artifact);
    const auto place = lake::require_content(instance, artifact);
    if (auto path = store.local_path(place)) return *path;
    try {
      const auto digest = lake::known_digest(instance, artifact);
      store::FolderShape shape;
      if (digest && !store.can().keeps_folders && !artifact.at("n_files").is_null()) {
        auto modes = lake::known_modes(instance, artifact.id());
        shape = {std::move(modes.executables), std::move(modes.empty_folders)};
      }
      return store::Cache(base::cache_folder(), {.max_bytes = base::cache_limit()})
          .materialise(artifact.uid(), digest.value_or(""), store, place, shape);
    } catch (const Error& e) {
      // At a shared place another version may have arrived since the check; checking again tells which.
      const bool moved = e.code() == Code::corrupt || e.code() == Code::not_found;
      if (!moved || attempt == most_attempts || !lake::shares_place(artifact)) throw;
    }
  }
}

std::vector<std::filesystem::path> cache_artifacts(Instance& instance, std::span<const Record> artifacts) {
  struct Remote {
    std::size_t at;
    store::Store& store;
    std::string place, digest;
  };
  std::vector<std::filesystem::path> paths(artifacts.size());
  std::vector<Remote> remote;
  for (std::size_t i = 0; i < artifacts.size(); ++i) {
    const auto& artifact = artifacts[i];
    auto& store = instance.store_of(artifact.at("storage").integer_or(0));
    lake::settle_what_waits(instance, artifact);
    auto place = lake::require_content(instance, artifact);
    if (auto path = store.local_path(place)) {
      paths[i] = std::move(*path);
      continue;
    }
    remote.push_back({i, store, std::move(place), lake::known_digest(instance, artifact).value_or("")});
  }
  base::in_parallel(remote.size(), [&](std::size_t i) {
    const auto& [at, store, place, digest] = remote[i];
    try {
      paths[at] = store::Cache(base::cache_folder()).materialise(artifacts[at].uid(), digest, store, place);
    } catch (const Error& e) {
      if (e.code() != Code::corrupt && e.code() != Code::not_found) throw;
    }
  });
  for (const auto& [at, store, place, digest] : remote)
    if (paths[at].empty()) paths[at] = cache_artifact(instance, artifacts[at]);  // it has moved, or says what is wrong
  return paths;
}

bool is_still_at(Instance& instance, const Record& artifact, const std::filesystem::path& path) {
  if (!lake::shares_place(artifact)) return true;
  auto& store = instance.store_of(artifact.at("storage").integer_or(0));
  const auto now = store.local_path(lake::readable_place(instance, artifact));
  return !now || *now == path;  // if not local, the path is a copy in the cache
}

}  // namespace lamin
