#include "lake/fsck/leftovers.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <optional>
#include "base/path.hpp"
#include "base/uid.hpp"
#include "lake/instance/owner.hpp"
#include "lamin/artifact.hpp"
#include "store/store.hpp"

namespace lamin {
namespace fs = std::filesystem;
namespace lake {
namespace {

using std::chrono::seconds;

fs::path drafts_folder() { return base::cache_folder() / "drafts"; }

// An owner contains "/", which a folder name must not.
std::string folder_of(std::string owner) {
  std::ranges::replace(owner, '/', '_');
  return owner;
}

Life life_of_folder(std::string name) {
  std::ranges::replace(name, '_', '/');
  return life_of(name);
}

std::optional<seconds> age_of(const fs::path& path) {
  std::error_code failed;
  const auto written = fs::last_write_time(path, failed);
  if (failed) return std::nullopt;
  return std::chrono::duration_cast<seconds>(fs::file_time_type::clock::now() - written);
}

std::string in_words(seconds age) {
  const auto n = age.count();
  if (n >= 2 * 86400) return fmt::format("{} days", n / 86400);
  if (n >= 2 * 3600) return fmt::format("{} hours", n / 3600);
  return n >= 120 ? fmt::format("{} minutes", n / 60) : fmt::format("{} seconds", n);
}

std::int64_t bytes_of(const fs::path& path) {
  std::error_code failed;
  if (!fs::is_directory(path, failed)) {
    const auto size = fs::file_size(path, failed);
    return failed ? 0 : static_cast<std::int64_t>(size);
  }
  std::int64_t sum = 0;
  for (fs::recursive_directory_iterator it(path, failed), end; !failed && it != end; it.increment(failed)) {
    std::error_code gone;
    const auto size = it->is_regular_file(gone) ? it->file_size(gone) : 0;
    if (!gone) sum += static_cast<std::int64_t>(size);
  }
  return sum;
}

// Age at which a draft is removed if its owner cannot be looked up.
seconds grace_for_unknown(seconds grace) { return std::max<seconds>(grace, std::chrono::hours(24)); }

void look_at(const fs::path& draft, seconds needed, std::vector<AbandonedDraft>& into) {
  const auto age = age_of(draft);
  if (!age) return;  // gone meanwhile
  into.push_back({draft, bytes_of(draft), in_words(*age), *age < needed});
}

}  // namespace

fs::path new_draft(const std::string& suffix) {
  const auto folder = drafts_folder() / folder_of(this_owner());
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) {
    throw Error(Code::no_access, fmt::format("cannot make the folder '{}' for datasets that are about to be saved: {}; "
                                             "set LAMIN_CACHE_DIR to a folder of yours",
                                             folder.string(), failed.message()));
  }
  return folder / (base::random_uid(16) + suffix);
}

std::vector<AbandonedDraft> abandoned_drafts(seconds grace) {
  std::vector<AbandonedDraft> found;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(drafts_folder(), failed)) {
    const auto life = life_of_folder(entry.path().filename().string());
    if (life == Life::alive) continue;
    const auto needed = life == Life::dead ? grace : grace_for_unknown(grace);
    const bool of_process = life == Life::dead || std::ranges::count(entry.path().filename().string(), '_') == 3;
    if (!of_process || !entry.is_directory(failed)) {  // as written by earlier versions
      look_at(entry.path(), needed, found);
      continue;
    }
    bool any = false;
    for (const auto& draft : fs::directory_iterator(entry.path(), failed)) {
      any = true;
      look_at(draft.path(), needed, found);
    }
    const auto age = any ? std::nullopt : age_of(entry.path());
    if (age && *age >= needed) fs::remove(entry.path(), failed);
  }
  return found;
}

bool remove_draft(const fs::path& draft) {
  std::error_code failed;
  fs::remove_all(draft, failed);
  if (failed) return false;
  std::error_code ignored;
  if (draft.parent_path() != drafts_folder()) fs::remove(draft.parent_path(), ignored);  // only if it is empty
  return true;
}

}  // namespace lake

fs::path lazy_source(const std::string& suffix, const std::string& key) {
  if (const auto of_key = base::suffix_of(key); !key.empty() && of_key != suffix)
    throw Error(Code::invalid_argument,
                fmt::format("The suffix argument {} and the suffix of key {} should be the same.", suffix, of_key));
  return lake::new_draft(suffix);
}

Leftovers remove_leftovers(Instance& instance, std::chrono::seconds grace) {
  Leftovers done;
  for (const auto& draft : lake::abandoned_drafts(grace)) {
    if (draft.young) {
      ++done.young;
    } else if (lake::remove_draft(draft.path)) {
      ++done.drafts;
      done.bytes += draft.bytes;
    }
  }
  for (const auto& storage : instance.database().all({.registry = "Storage", .any_branch = true})) {
    const bool ours = storage.text("instance_uid") == instance.settings().uid();
    if (storage.text("type") != "local" || !ours) continue;
    try {
      const auto swept = instance.store_of(storage.id()).sweep();
      done.staged += swept.folders;
      done.bytes += swept.bytes;
    } catch (const Error& e) {  // it is unavailable or not writable for us
      instance.say(Level::debug, fmt::format("cannot clean up '{}': {}", storage.text("root"), e.what()));
    }
  }
  return done;
}

}  // namespace lamin
