#include "lake/reference/shelves.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <chrono>
#include <string>
#include <system_error>
#include <vector>

#include "base/uid.hpp"
#include "lamin/error.hpp"

namespace lamin::lake {
namespace {

namespace fs = std::filesystem;
using Clock = fs::file_time_type::clock;
using std::chrono::days;
using std::chrono::hours;

/// Nobody else's, nor a link to one, and closed to others.
bool is_own(const fs::path& folder) {
  struct stat info{};
  return ::lstat(folder.c_str(), &info) == 0 && S_ISDIR(info.st_mode) && info.st_uid == ::geteuid() &&
         (info.st_mode & 077) == 0;
}

/// "df_all__cl__2026-03-26__CellType" of "df_all__cl__2026-03-26__CellType.AbCdEf12.db"; "" of what is no reference.
std::string stem_of(const fs::path& file) {
  const auto name = file.filename().string();
  constexpr std::size_t end = 8 + 4;  // a uid, ".db" and a dot
  const bool is_reference =
      name.starts_with("df_") && name.ends_with(".db") && name.size() > end && name[name.size() - end] == '.';
  return is_reference ? name.substr(0, name.size() - end) : "";
}

}  // namespace

bool is_writable(const fs::path& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  return ::faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) == 0;
}

fs::path folder_of_ones_own() {
  auto folder = fs::temp_directory_path() / fmt::format("lamin-ontologies-{}", ::geteuid());
  if (::mkdir(folder.c_str(), 0700) == 0 || is_own(folder)) return folder;
  folder += "-" + base::random_uid(12);
  if (::mkdir(folder.c_str(), 0700) != 0)
    throw Error(Code::no_access, fmt::format("neither the cache nor '{}' can be written to: set LAMIN_CACHE_DIR to a "
                                             "folder of your own",
                                             folder.parent_path().string()));
  return folder;
}

void mark_used(const fs::path& reference) {
  std::error_code failed;
  const auto now = Clock::now();
  if (now - fs::last_write_time(reference, failed) > hours(1)) fs::last_write_time(reference, now, failed);
}

void sweep_references(const fs::path& made) {
  const auto now = Clock::now();
  const auto stem = stem_of(made), build = made.filename().string() + ".";
  std::error_code failed;
  std::vector<fs::path> gone;
  for (const auto& entry : fs::directory_iterator(made.parent_path(), failed)) {
    if (entry.path() == made) continue;
    const auto age = now - entry.last_write_time(failed);
    if (failed) continue;
    const auto of = stem_of(entry.path());
    const bool is_dead =
        entry.path().filename().string().starts_with(build) && age > hours(1);  // a build takes seconds
    const bool is_former = !of.empty() && age > (of == stem ? days(1) : days(30));
    if (is_dead || is_former) gone.push_back(entry.path());
  }
  for (const auto& path : gone) fs::remove(path, failed);
}

}  // namespace lamin::lake
