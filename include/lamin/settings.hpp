// settings.hpp -- what a user has set on this machine: where the cache is, which folders belong to which instance.
//
// A development folder is one whose programs, shells and notes belong to an instance wherever else the user is
// connected: keys of scripts are relative to it. It is marked by LaminDB's file .lamin/current_instance (set_current in
// instance.hpp writes it) and holds for everything below it, except the home folder, which is never one.
//
// Example: examples/cpp/settings.cpp
#pragma once
#include <filesystem>
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

std::filesystem::path cache_folder();
/// Stored for this user; empty = the default again. Throws invalid_argument (a relative path), conflict (the
/// environment variable LAMIN_CACHE_DIR comes first), no_access.
void set_cache_folder(const std::filesystem::path& folder);
/// Removes copies of remote artifacts; returns the number of bytes. Those used in the last minutes may be open and
/// stay.
std::int64_t clear_cache();

}  // namespace lamin
