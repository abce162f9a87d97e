// repair.cpp -- the repairs of a check: moves bytes out of the way, restores right bytes, stores digests.
#include <fmt/format.h>
#include <algorithm>
#include "base/cache_setting.hpp"
#include "base/path.hpp"
#include "db/connection.hpp"
#include "lake/artifact/content.hpp"
#include "lake/artifact/holder.hpp"
#include "lake/artifact/place.hpp"
#include "lake/fsck/parts.hpp"
#include "store/cache.hpp"

namespace lamin::lake {
namespace {

// An unused name in lost+found.
std::string free_name(store::Store& store, const std::string& place) {
  const auto name = place.substr(place.rfind('/') + 1);
  for (int n = 1;; ++n) {
    auto key = n == 1 ? fmt::format("{}/{}", lost_and_found, name)
                      : fmt::format("{}/{}.{}{}", lost_and_found, name.substr(0, name.find('.')), n,
                                    name.find('.') == name.npos ? "" : name.substr(name.find('.')));
    if (!store.stat(key)) return key;
  }
}

// Whether somebody else now has the place.
bool is_taken(FsckRun& run, const CheckedStorage& storage, const std::string& place, const Record* rightful) {
  if (AnnouncedPlaces(run.instance, storage.id).explains(place)) return true;
  const auto rows = at_place(run.instance, storage.id, place);
  if (rightful == nullptr) return !rows.empty();
  return std::ranges::none_of(rows, [&](const Record& row) { return row.values() == rightful->values(); }) ||
         !holds_place(run.instance, *rightful);
}

}  // namespace

std::string set_aside(FsckRun& run, const CheckedStorage& storage, const std::string& place, const Record* rightful) {
  std::string aside;
  // A writer must announce the place before it writes there, and has to wait for this transaction to do so.
  run.instance.database().transaction([&] {
    if (!aside.empty() || !storage.store->stat(place) || is_taken(run, storage, place, rightful)) return;
    auto to = free_name(*storage.store, place);
    storage.store->move(place, to);
    aside = std::move(to);
  });
  return aside;
}

std::string restore_content(FsckRun& run, const CheckedStorage& storage, const Record& artifact,
                            const Expected& expected, const ContentCheck& check) {
  if (expected.digest.empty()) return {};
  try {
    store::Cache cache(base::cache_folder(), {.max_bytes = base::cache_limit()});
    const auto copy = cache.find(artifact.uid(), expected.digest, check.place);
    if (copy.empty() || base::hash_path(copy).digest != expected.digest) return {};
    std::string aside;
    if (check.state != ContentState::missing) {
      aside = set_aside(run, storage, check.place, &artifact);
      if (aside.empty()) return {};
    }
    Draft draft{.record = artifact,
                .existing = true,
                .source = copy,
                .hash = expected.hash,
                .hash_type = expected.type,
                .digest = expected.digest};
    save_artifact(run.instance, draft);
    if (!verify_content(run.instance, artifact, Verify::full).right()) return {};
    const auto done = fmt::format("restored from {}", copy.string());
    return aside.empty() ? done : fmt::format("{}; what was there is at {}/{}", done, storage.root, aside);
  } catch (const Error& e) {
    run.instance.say(Level::warning, fmt::format("artifact {} cannot be restored: {}", artifact.uid(), e.what()));
    return {};
  }
}

void adopt_digest(Instance& instance, const Record& artifact, const ContentCheck& check) {
  instance.database().transaction([&] {
    const auto now = instance.database().find(artifact.table(), artifact.id());
    if (!now || now->values() != artifact.values()) return;  // the next check sees its new state
    forget_content(instance, artifact.id());
    Draft draft{.record = *now,
                .hash = std::string(artifact.text("hash")),
                .hash_type = check.found->type,
                .digest = check.found->digest,
                .files = check.files};
    Draft* const drafts[] = {&draft};
    write_contents(instance, drafts);
  });
}

}  // namespace lamin::lake
