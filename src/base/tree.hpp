// tree.hpp -- what lies in a folder: one walk for all that hash a folder or copy it, so that they cannot disagree.
//
// Links are followed, and what they lead to is listed as if it lay there. Where a folder ends is decided by `Follow`.
// What cannot be stored is refused by its name: pipes, sockets, devices, links that lead nowhere or into a folder
// around them, names that are not UTF-8.
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
  inside,  ///< what leads out of the folder is refused
  all,
  none,  ///< every link is refused
};

struct TreeEntry {
  std::string path;         ///< below the folder, with "/"
  bool is_folder = false;   ///< else a file; of a link: what it leads to
  bool is_empty = false;    ///< a folder with nothing in it
  std::string link = {};    ///< what the link says, if it is one
  std::string source = {};  ///< where it really lies, if a link led there: the walk's judgement holds for that place
};

struct Tree {
  std::string root;
  std::vector<TreeEntry> entries;  ///< by the bytes of their paths: a folder before what is in it

  /// To open it.
  std::string place_of(const TreeEntry& entry) const {
    return entry.source.empty() ? root + "/" + entry.path : entry.source;
  }
};

/// Throws not_found (no folder, a broken link), no_access, invalid_argument (what cannot be stored), unavailable.
Tree walk(const std::filesystem::path& folder, Follow follow);

struct TreeHash {
  FileHash whole;
  std::vector<std::pair<std::string, FileHash>> files = {};
  std::vector<std::pair<std::string, std::string>> links = {};  ///< followed: path, what the link says
};

/// Calls `hash_file` for each file, in parallel, and puts together what it returns.
TreeHash hash_tree(const Tree& tree, const std::function<FileHash(const TreeEntry&)>& hash_file);

/// Both at once, for a folder on a disk.
TreeHash hash_folder(const std::filesystem::path& folder, Follow follow);

/// A name as a message shows it: bytes that are not UTF-8 and control characters as \xNN.
std::string shown_name(std::string_view name);

}  // namespace lamin::base
