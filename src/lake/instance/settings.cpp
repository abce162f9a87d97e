#include "lamin/settings.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <cstdlib>
#include "base/cache_setting.hpp"
#include "base/path.hpp"
#include "base/text.hpp"
#include "lake/instance/env_file.hpp"
#include "lake/instance/settings_file.hpp"
#include "lamin/error.hpp"
#include "store/cache.hpp"

namespace lamin {
namespace fs = std::filesystem;
namespace lake {
namespace {

std::string line_of(const fs::path& file, std::size_t number) {
  const auto text = read_text_file(file);
  if (!text) return "";
  const auto lines = base::split(*text, '\n');
  return lines.size() > number ? std::string(base::trim(lines[number])) : "";
}

DevFolder dev_folder_at(const fs::path& folder) {
  DevFolder found{.folder = folder, .instance = line_of(folder / ".lamin" / "current_instance", 0)};
  found.branch = line_of(folder / ".lamin" / "current_branch", 1);  // its uid, then its name
  if (found.branch.empty()) found.branch = "main";
  return found;
}

}  // namespace
}  // namespace lake

std::optional<DevFolder> dev_folder() {
  const auto folder = lake::pointer_folder();
  return folder ? std::optional(lake::dev_folder_at(*folder)) : std::nullopt;
}

std::vector<DevFolder> dev_folders(const fs::path& below) {
  const auto root = base::resolve(below);
  std::error_code failed;
  if (!fs::is_directory(root, failed))
    throw Error(Code::not_found, fmt::format("there is no folder '{}'", root.string()));
  std::vector<DevFolder> found;
  const auto look = [&](const fs::path& folder) {
    std::error_code ignored;
    if (!lake::is_home(folder) && fs::is_regular_file(folder / ".lamin" / "current_instance", ignored))
      found.push_back(lake::dev_folder_at(folder));
  };
  look(root);
  constexpr auto options = fs::directory_options::skip_permission_denied;
  for (auto entry = fs::recursive_directory_iterator(root, options, failed);
       entry != fs::recursive_directory_iterator(); entry.increment(failed)) {
    if (failed) break;
    if (!entry->is_directory(failed) || entry->is_symlink(failed)) continue;
    look(entry->path());
  }
  std::ranges::sort(found, {}, &DevFolder::folder);
  return found;
}

fs::path cache_folder() { return base::cache_folder(); }

void set_cache_folder(const fs::path& folder) {
  if (const char* fixed = std::getenv("LAMIN_CACHE_DIR"); fixed != nullptr && *fixed != '\0') {
    throw Error(Code::conflict,
                fmt::format("the environment variable LAMIN_CACHE_DIR says '{}', and comes first: unset it", fixed));
  }
  if (!folder.empty() && !folder.is_absolute()) {
    throw Error(Code::invalid_argument,
                fmt::format("the cache is an absolute path, not '{}': it is used from any folder", folder.string()));
  }
  lake::check_env_value("cache folder", folder.string());
  std::error_code failed;
  if (!folder.empty() && !fs::create_directories(folder, failed) && failed)
    throw Error(Code::no_access, fmt::format("cannot make the folder '{}': {}", folder.string(), failed.message()));
  const auto file = base::settings_folder() / base::cache_setting_file;
  const auto text = fmt::format("{}={}\n", base::cache_setting, lake::or_null(folder.string()));
  lake::write_text_file(file, text);
}

std::int64_t cache_limit() { return base::cache_limit(); }

void set_cache_limit(std::int64_t bytes) {
  if (bytes <= 0) throw Error(Code::invalid_argument, fmt::format("a limit is a positive size, not {}", bytes));
  if (const char* fixed = std::getenv("LAMIN_CACHE_LIMIT"); fixed != nullptr && *fixed != '\0') {
    throw Error(Code::conflict,
                fmt::format("the environment variable LAMIN_CACHE_LIMIT says '{}', and comes first: unset it", fixed));
  }
  lake::write_text_file(base::settings_folder() / base::cache_limit_file, fmt::format("{}\n", bytes));
  store::Cache(base::cache_folder(), {.max_bytes = bytes}).trim();
}

std::vector<CachedCopy> cached_copies() {
  std::vector<CachedCopy> copies;
  for (auto& entry : store::Cache(base::cache_folder()).list())
    copies.push_back({std::move(entry.uid), std::move(entry.folder), entry.bytes, entry.used});
  return copies;
}

std::int64_t clear_cache() {
  store::Cache cache(base::cache_folder(), {.max_bytes = 0});
  const auto before = cache.bytes();
  cache.trim();
  return before - cache.bytes();
}

}  // namespace lamin
