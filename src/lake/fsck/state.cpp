// state.cpp -- the progress of a check.
#include <fmt/format.h>
#include <filesystem>
#include <fstream>
#include "base/hash.hpp"
#include "base/path.hpp"
#include "base/uid.hpp"
#include "lake/fsck/parts.hpp"

namespace lamin::lake {
namespace fs = std::filesystem;

FsckState::FsckState(const Instance& instance, const FsckOptions& options) {
  auto name = instance.settings().id;
  if (options.full) name += "-full";
  if (options.repair) name += "-repair";
  if (!options.storage.empty()) name += "-" + base::md5_base64(options.storage);
  file_ = base::cache_folder() / "fsck" / name;
}

FsckState::Position FsckState::read() const {
  std::ifstream file(file_);
  Position at;
  auto& report = at.report;
  if (file >> at.last_id >> at.without_digest >> report.artifacts >> report.bytes >> report.found >> report.repaired >>
      report.information) {
    return at;
  }
  return {};
}

void FsckState::write(const Position& at) const {
  std::error_code ignored;  // without the file an interrupted check just starts over
  fs::create_directories(file_.parent_path(), ignored);
  const auto fresh = file_.string() + "." + base::random_uid(8);
  const auto& report = at.report;
  std::ofstream(fresh) << fmt::format("{} {} {} {} {} {} {}\n", at.last_id, at.without_digest, report.artifacts,
                                      report.bytes, report.found, report.repaired, report.information);
  fs::rename(fresh, file_, ignored);
}

void FsckState::remove() const {
  std::error_code ignored;
  fs::remove(file_, ignored);
}

}  // namespace lamin::lake
