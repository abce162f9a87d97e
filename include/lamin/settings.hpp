// settings.hpp -- what a user has set on this machine: where the cache is, which folders are or belong to an instance.
//
// A development folder is one whose programs, shells and notes belong to an instance wherever else the user is
// connected: keys of scripts are relative to it. It is marked by LaminDB's file .lamin/current_instance (set_current in
// instance.hpp writes it) and holds for everything below it, except the home folder, which is never one.
//
// Example: examples/cpp/settings.cpp
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>
#include "lamin/instance.hpp"

namespace lamin {

struct DevFolder {
  std::filesystem::path folder = {};
  std::string instance = {};  ///< slug
  std::string branch = {};    ///< "main" unless another was chosen in it
};
/// The nearest development folder, in or above the working directory.
std::optional<DevFolder> dev_folder();
/// All in or below a folder, sorted.
std::vector<DevFolder> dev_folders(const std::filesystem::path& below);

/// Opens the SQLite instance whose storage the folder is, or has as `storage`, and remembers where it is: after it was
/// moved or copied here, its registry of storages states the new place. Not made the current one. Throws not_found (no
/// instance in it), corrupt (its mark is missing), no_access (moved, but read-only), and, unless `replace`, conflict if
/// the instance, or another one with its name, is at another place of this machine still.
std::unique_ptr<Instance> connect_folder(const std::filesystem::path& folder, bool replace = false);

std::filesystem::path cache_folder();
/// Stored for this user; empty = the default again. Throws invalid_argument (a relative path), conflict (the
/// environment variable LAMIN_CACHE_DIR comes first), no_access.
void set_cache_folder(const std::filesystem::path& folder);
/// How many bytes of copies are kept; those used least recently go first. LAMIN_CACHE_LIMIT ("200GB") comes before what
/// is stored for this user; without both it is 50 GiB.
std::int64_t cache_limit();
/// Throws invalid_argument (not positive), conflict (the environment variable comes first).
void set_cache_limit(std::int64_t bytes);
/// A copy of a remote artifact.
struct CachedCopy {
  std::string uid = {};
  std::filesystem::path folder = {};
  std::int64_t bytes = 0;
  std::int64_t used = 0;  ///< seconds since 1970
};
/// The last used first.
std::vector<CachedCopy> cached_copies();
/// Removes copies of remote artifacts; returns the number of bytes. Those used in the last minutes may be open and
/// stay.
std::int64_t clear_cache();

}  // namespace lamin
