// tree.hpp -- the content of a folder: one walk for everything that hashes or copies a folder, so that they agree.
//
// Links are followed, and what they lead to is listed as if it were there. `Follow` decides where a folder ends. What
// cannot be stored is refused by name: pipes, sockets, devices, links that lead nowhere or into a folder around them,
// names that are not UTF-8.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include "base/hash.hpp"

namespace lamin::base {

enum class Follow {
  inside,  ///< refuse what leads out of the folder
  all,
  none,  ///< refuse every link
};

struct TreeEntry {
  std::string path;         ///< below the folder, with "/"
  bool is_folder = false;   ///< otherwise a file; for a link, what it leads to
  bool is_empty = false;    ///< a folder without content
  std::string link = {};    ///< the link's target as written, if it is one
  std::string source = {};  ///< the real path, if reached through a link: the walk has checked that place
};

struct Tree {
  std::string root;
  std::vector<TreeEntry> entries;  ///< ordered by the bytes of their paths: a folder before its content

  /// The path to open.
  std::string place_of(const TreeEntry& entry) const {
    return entry.source.empty() ? root + "/" + entry.path : entry.source;
  }
};

/// Throws not_found (no folder, a broken link), no_access, invalid_argument (what cannot be stored), unavailable.
Tree walk(const std::filesystem::path& folder, Follow follow);

struct TreeHash {
  FileHash whole;
  std::vector<std::pair<std::string, FileHash>> files = {};
  std::vector<std::pair<std::string, std::string>> links = {};  ///< followed: path, target as written
};

/// Calls `hash_file` for each file, in parallel, and combines the results.
TreeHash hash_tree(const Tree& tree, const std::function<FileHash(const TreeEntry&)>& hash_file);

/// Both at once, for a folder on a disk.
TreeHash hash_folder(const std::filesystem::path& folder, Follow follow);

/// A name as a message shows it: bytes that are not UTF-8 and control characters as \xNN.
std::string shown_name(std::string_view name);

}  // namespace lamin::base
