// tree.hpp -- the content of a folder: one walk for everything that hashes or copies a folder, so that they agree.
//
// Links are followed, and what they lead to is listed as if it were there. `Follow` decides where a folder ends. What
// cannot be stored is refused by name: pipes, sockets, devices, links that lead nowhere or into a folder around them,
// names that are not UTF-8.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>
#include "base/hash.hpp"

namespace lamin::base {

enum class Follow {
  inside,  ///< refuse what leads out of the folder
  all,
  none,  ///< refuse every link
};

/// A path in the memory of its Tree: a folder may have a million of them.
class TreePath {
 public:
  TreePath() = default;
  TreePath(const char* text, std::size_t size) : text_(text), size_(static_cast<std::uint32_t>(size)) {}
  std::string_view view() const { return {text_, size_}; }
  std::string str() const { return std::string(view()); }
  const char* c_str() const { return text_; }     ///< ends with a NUL
  operator std::string() const { return str(); }  // NOLINT(google-explicit-constructor)
  friend std::string operator+(std::string before, const TreePath& path) { return before.append(path.view()); }
  friend std::string operator+(const TreePath& path, std::string_view after) { return path.str().append(after); }

 private:
  const char* text_ = "";
  std::uint32_t size_ = 0;
};

struct TreeEntry {
  TreePath path = {};      ///< below the folder, with "/"
  bool is_folder = false;  ///< otherwise a file; for a link, what it leads to
  bool is_empty = false;   ///< a folder without content
};

class Tree {
 public:
  std::string root;
  std::vector<TreeEntry> entries;  ///< ordered by the bytes of their paths: a folder before its content

  /// The link's target as written; "" for what is no link.
  std::string_view link_of(const TreeEntry& entry) const;
  /// The path to open: the real one, if it was reached through a link, since the walk has checked that place.
  std::string place_of(const TreeEntry& entry) const;

  /// For the walk: adds an entry, `source` if it was reached through a link, and returns its place in `entries`.
  std::size_t add(std::string_view path, bool is_folder, std::string source, std::string link);

 private:
  struct Linked {
    std::string source, link;
  };
  std::vector<std::unique_ptr<char[]>> texts_;  ///< blocks of paths, each ended by a NUL
  std::size_t room_ = 0;
  char* next_ = nullptr;
  std::unordered_map<const char*, Linked> linked_;  ///< by the text of the path
};

/// Throws not_found (no folder, a broken link), no_access, invalid_argument (what cannot be stored), unavailable.
Tree walk(const std::filesystem::path& folder, Follow follow);

struct TreeHash {
  FileHash whole;
  std::vector<std::pair<std::string, std::string>> links = {};  ///< followed: path, target as written
  std::vector<std::string> empty_folders = {}, executables = {};
};

/// Takes each file and its hash, in the order of the paths.
using TakeHash = std::function<void(std::string_view path, FileHash&& hash)>;
/// Calls `hash_file` for each file, in parallel, and combines the results, of which only `take` gets them all.
TreeHash hash_tree(const Tree& tree, const std::function<FileHash(const TreeEntry&)>& hash_file,
                   const TakeHash& take = {});

/// Both at once, for a folder on a disk.
TreeHash hash_folder(const std::filesystem::path& folder, Follow follow, const TakeHash& take = {});

/// A name as a message shows it: bytes that are not UTF-8 and control characters as \xNN.
std::string shown_name(std::string_view name);

}  // namespace lamin::base
