// copy_out.cpp -- an artifact's content to a place of the caller's.
#include <fcntl.h>
#include <fmt/format.h>
#include <cerrno>
#include <cstdio>
#include "base/hash.hpp"
#include "base/path.hpp"
#include "base/uid.hpp"
#include "lake/artifact/content.hpp"
#include "lake/artifact/verify.hpp"
#include "lamin/artifact.hpp"
#include "store/store.hpp"

namespace lamin {
namespace fs = std::filesystem;
namespace {

/// What people call it: the last part of its key, otherwise its uid.
std::string name_of(const Record& artifact) {
  const auto key = artifact.text("key");
  if (!key.empty()) return std::string(key.substr(key.rfind('/') + 1));
  return std::string(artifact.uid()) + std::string(artifact.text("suffix"));
}

[[noreturn]] void refuse_existing(const std::string& place) {
  throw Error(Code::conflict, fmt::format("'{}' exists: pass another place, or say that it may be replaced", place))
      .known_as("FileExists");
}

/// Removes what a failed copy left.
class Unfinished {
 public:
  explicit Unfinished(fs::path path) : path_(std::move(path)) {}
  ~Unfinished() {
    std::error_code ignored;
    if (!finished_) fs::remove_all(path_, ignored);
  }
  Unfinished(const Unfinished&) = delete;
  const fs::path& path() const { return path_; }
  void finish() { finished_ = true; }

 private:
  fs::path path_;
  bool finished_ = false;
};

/// A folder is replaced by an exchange. Where a file system has none, the old one goes aside, and comes back if the new
/// one does not arrive.
void put_in_place_of(const fs::path& from, const fs::path& to, std::error_code& failed) {
  std::error_code unknown;
  if (!fs::is_directory(from, unknown) && !fs::is_directory(to, unknown)) return fs::rename(from, to, failed);
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_EXCHANGE) == 0) {
    fs::remove_all(from, unknown);
    return;
  }
  const auto aside = to.parent_path() / fmt::format(".{}.old", base::random_uid(12));
  std::error_code ignored;
  fs::rename(to, aside, ignored);
  fs::rename(from, to, failed);
  if (failed) fs::rename(aside, to, ignored);
  else fs::remove_all(aside, ignored);
}

/// Under another name first, so that nobody finds half of it.
std::string copy_to_path(const fs::path& from, fs::path to, const std::string& name, const std::string& digest,
                         bool replace) {
  std::error_code failed;
  if (to.empty()) to = ".";
  if (!to.has_filename() || fs::is_directory(to, failed)) to /= name;
  to = base::resolve(to);
  if (!replace && fs::symlink_status(to, failed).type() != fs::file_type::not_found) refuse_existing(to.string());
  const auto fail = [&](const std::error_code& why) {
    throw Error(why == std::errc::permission_denied ? Code::no_access : Code::unavailable,
                fmt::format("cannot write '{}': {}", to.string(), why.message()));
  };
  fs::create_directories(to.parent_path(), failed);
  if (failed) fail(failed);
  Unfinished copy(to.parent_path() / fmt::format(".{}.{}", base::random_uid(12), to.filename().string()));
  fs::copy(from, copy.path(), fs::copy_options::recursive, failed);
  if (failed) fail(failed);
  if (!digest.empty() && lake::read_content(copy.path(), Links::follow).hash.digest != digest)
    throw Error(Code::corrupt, fmt::format("'{}' changed while it was copied: try again", from.string()));
  if (replace) {
    put_in_place_of(copy.path(), to, failed);
  } else if (::renameat2(AT_FDCWD, copy.path().c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) != 0) {
    if (errno == EEXIST) refuse_existing(to.string());
    fs::rename(copy.path(), to, failed);  // file systems without it
  }
  if (failed) fail(failed);
  copy.finish();
  return to.string();
}

std::string copy_to_store(const fs::path& from, Uri to, const std::string& name, bool replace) {
  if (to.key.empty() || to.key.ends_with('/')) to.key += name;
  const auto store = store::open_store(to.scheme + "://" + to.place);
  if (!replace && store->stat(to.key)) refuse_existing(to.text());
  store->put(from, to.key, replace);
  return to.text();
}

}  // namespace

std::string copy_artifact(Instance& instance, const Record& artifact, const std::string& to, bool replace) {
  const auto from = cache_artifact(instance, artifact);
  const auto name = name_of(artifact);
  if (auto uri = Uri::parse(to); uri && uri->scheme != "file")
    return copy_to_store(from, std::move(*uri), name, replace);
  constexpr std::string_view file = "file://";
  const auto path = to.starts_with(file) ? to.substr(file.size()) : to;
  return copy_to_path(from, path, name, lake::known_digest(instance, artifact).value_or(""), replace);
}

}  // namespace lamin
