#include "lake/reference/copy.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <cerrno>
#include <chrono>
#include <string>
#include <system_error>
#include <vector>

#include "base/file.hpp"
#include "base/uid.hpp"
#include "lamin/error.hpp"
#include "store/copy.hpp"
#include "store/posix.hpp"

namespace lamin::lake {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view mark = ".copy";

store::Fd open_folder(const fs::path& folder) {
  store::Fd opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened.is_open()) store::fail(errno, "Cannot open", folder.string());
  return opened;
}

void copy_file(const fs::path& from, const store::Fd& folder, const fs::path& to) {
  store::copy_hashing(from, folder.get(), to.filename().string(), to.string());
  base::sync_path(to);
}

void copy_to(const fs::path& from, const fs::path& to) {
  if (!fs::is_directory(from)) return copy_file(from, open_folder(to.parent_path()), to);
  fs::create_directory(to);
  const auto folder = open_folder(to);
  for (const char* name : {"names.dmp", "nodes.dmp"}) copy_file(from / name, folder, to / name);
  base::sync_path(to);
}

/// A folder cannot be renamed over another one: they change places.
void give_name(const fs::path& copy, const fs::path& to) {
  if (!fs::is_directory(to)) return fs::rename(copy, to);
  const auto folder = open_folder(to.parent_path());
  const int failed = store::rename_exchange(folder.get(), copy.filename().c_str(), folder.get(), to.filename().c_str());
  if (failed != 0) {  // a file system that cannot do it
    fs::remove_all(to);
    return fs::rename(copy, to);
  }
  std::error_code ignored;
  fs::remove_all(copy, ignored);
}

/// A copy that is still being made changes all the time.
void sweep(const fs::path& folder) {
  const auto old = fs::file_time_type::clock::now() - std::chrono::hours(1);
  std::error_code failed;
  std::vector<fs::path> dead;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    if (entry.path().extension() == mark && entry.last_write_time(failed) < old) dead.push_back(entry.path());
  }
  for (const auto& path : dead) fs::remove_all(path, failed);
}

}  // namespace

void copy_durably(const fs::path& from, const fs::path& to) {
  auto copy = to;
  copy += fmt::format(".{}{}", base::random_uid(8), mark);
  try {
    fs::create_directories(to.parent_path());
    sweep(to.parent_path());
    copy_to(from, copy);
    give_name(copy, to);
  } catch (const std::exception& error) {
    std::error_code ignored;
    fs::remove_all(copy, ignored);
    const auto* refused = dynamic_cast<const fs::filesystem_error*>(&error);
    if (refused == nullptr) throw;
    throw Error(Code::no_access, fmt::format("'{}' cannot be copied to '{}': {}", from.string(), to.string(),
                                             refused->code().message()));
  }
  base::sync_path(to.parent_path());
}

}  // namespace lamin::lake
