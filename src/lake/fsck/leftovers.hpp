// leftovers.hpp -- what is left by processes that die between writing a dataset and saving it.
//
// A dataset that only exists in memory is written to a draft before it is saved: <cache>/drafts/<owner>/<name>. The
// folder's name tells which process it belongs to. A draft is removed when it is older than the grace period and its
// process is dead or, if that is unknown (another machine, an older version of this program), after a day.
#pragma once
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>
#include "lamin/fsck.hpp"

namespace lamin::lake {

/// A path for a dataset that this process is about to save; creates its folder.
std::filesystem::path new_draft(const std::string& suffix);

struct AbandonedDraft {
  std::filesystem::path path;
  std::int64_t bytes = 0;
  std::string age;     ///< "2 h"
  bool young = false;  ///< its process is dead, but it is younger than the grace period
};
std::vector<AbandonedDraft> abandoned_drafts(std::chrono::seconds grace);
/// Removes the draft, and the folder of its process if it was the last one. False if it could not be removed.
bool remove_draft(const std::filesystem::path& draft);

}  // namespace lamin::lake
