// leftovers.hpp -- what processes leave behind that die between writing a dataset and saving it.
//
// A dataset that only exists in memory is written to a draft before it is saved: <cache>/drafts/<owner>/<name>. The
// name of the folder says which process it belongs to. A draft goes when it is older than the grace time and its
// process is gone; where nobody can tell (another machine, an older version of this program) after a day.
#pragma once
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>
#include "lamin/fsck.hpp"

namespace lamin::lake {

/// A path for a dataset that this process is about to save; its folder is made.
std::filesystem::path new_draft(const std::string& suffix);

struct AbandonedDraft {
  std::filesystem::path path;
  std::int64_t bytes = 0;
  std::string age;     ///< "2 h"
  bool young = false;  ///< its process is gone, but it is younger than the grace time
};
std::vector<AbandonedDraft> abandoned_drafts(std::chrono::seconds grace);
/// The draft, and the folder of its process if it was the last one. False if it could not be removed.
bool remove_draft(const std::filesystem::path& draft);

}  // namespace lamin::lake
