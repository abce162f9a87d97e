// tree.cpp -- walks through a folder.
//
// A folder is read to its end and closed before its subfolders are opened, so that a deep tree needs no more
// descriptors than a flat one. A link into a circle is recognized by device and inode of the folders around it.
#include "base/tree.hpp"
#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <set>
#include "base/source_file.hpp"
#include "base/threads.hpp"
#include "base/utf8.hpp"
#include "lamin/error.hpp"

namespace lamin::base {
namespace {

namespace fs = std::filesystem;

/// Folders with several links to one folder each make a tree that grows by a factor per level, so there is a limit.
constexpr std::size_t most_repeats = 100'000;

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto c = next_code_point(text, at);
    if (!c || (*c >= 0xD800 && *c < 0xE000)) return false;
  }
  return true;
}

/// What a folder has, each as its type (DT_REG, ...) and its name: a folder may have a million of them.
class Names {
 public:
  void add(unsigned char type, std::string_view name) {
    all_ += static_cast<char>(type);
    all_.append(name) += '\0';
  }
  bool empty() const { return all_.empty(); }
  template <class Use>
  void each(const Use& use) const {
    for (std::size_t at = 0; at < all_.size();) {
      const std::string name = all_.c_str() + at + 1;
      use(name, static_cast<unsigned char>(all_[at]));
      at += name.size() + 2;
    }
  }

 private:
  std::string all_;
};

std::string read_link(const std::string& at) {
  std::array<char, PATH_MAX> target{};
  const auto size = readlink(at.c_str(), target.data(), target.size());
  if (size < 0) fail_read(errno == EINVAL ? ELOOP : errno, at);
  return {target.data(), static_cast<std::size_t>(size)};
}

std::string real_path(const std::string& at) {
  const std::unique_ptr<char, decltype(&std::free)> path(realpath(at.c_str(), nullptr), &std::free);
  if (!path) fail_read(errno, at);
  return path.get();
}

class Walk {
 public:
  Walk(const fs::path& folder, Follow follow) : follow_(follow) {
    tree_.root = folder.string();
    while (tree_.root.size() > 1 && tree_.root.back() == '/') tree_.root.pop_back();
  }

  Tree run() {
    real_root_ = real_path(tree_.root);
    enter("", real_root_, false);
    std::sort(tree_.entries.begin(), tree_.entries.end(),
              [](const TreeEntry& a, const TreeEntry& b) { return a.path.view() < b.path.view(); });
    return std::move(tree_);
  }

 private:
  using Identity = std::pair<dev_t, ino_t>;

  static std::string below(const std::string& folder, const std::string& name) {
    return folder.empty() ? name : folder + "/" + name;
  }
  std::string shown(const std::string& path) const { return shown_name(tree_.root + "/" + path); }
  [[noreturn]] static void refuse(const std::string& message) { throw Error(Code::invalid_argument, message); }

  // Adds the content of the folder at `at`, which is `path` below the root. Returns whether there is any.
  bool enter(const std::string& path, const std::string& at, bool through_link) {
    Identity identity;
    const auto names = names_in(at, identity);
    around_.push_back(identity);
    names.each([&](const std::string& name, unsigned char type) {
      const auto child = below(path, name);
      if (!is_utf8(name)) refuse(fmt::format("the name '{}' is not UTF-8; rename it", shown(child)));
      add(child, at + "/" + name, type, through_link);
    });
    around_.pop_back();
    return !names.empty();
  }

  static Names names_in(const std::string& at, Identity& identity) {
    const int descriptor = open(at.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor < 0) fail_read(errno, at);
    const std::unique_ptr<DIR, int (*)(DIR*)> folder(fdopendir(descriptor), closedir);
    struct stat info{};
    if (!folder || fstat(dirfd(folder.get()), &info) != 0) fail_read(errno, at);
    identity = {info.st_dev, info.st_ino};
    Names names;
    for (;;) {
      errno = 0;
      const auto* entry = readdir(folder.get());
      if (entry == nullptr) {
        if (errno != 0) fail_read(errno, at);
        return names;
      }
      const std::string_view name = entry->d_name;
      if (name != "." && name != "..") names.add(entry->d_type, name);
    }
  }

  void add(const std::string& path, const std::string& at, unsigned char type, bool through_link) {
    struct stat info{};
    if (type != DT_REG && type != DT_DIR && type != DT_LNK) {  // also if the file system does not say
      if (lstat(at.c_str(), &info) != 0) fail_read(errno, at);
      type = static_cast<unsigned char>(IFTODT(info.st_mode));
    }
    if (type == DT_LNK) return add_link(path, at);
    if (type != DT_REG && type != DT_DIR) {
      refuse(fmt::format("'{}' is {}, which cannot be stored; remove it from the folder", shown(path),
                         kind_name(info.st_mode)));
    }
    add_entry(path, type == DT_DIR, at, through_link ? at : std::string(), {});
  }

  void add_entry(const std::string& path, bool is_folder, const std::string& at, std::string source, std::string link) {
    const bool through_link = !source.empty();
    const auto index = tree_.add(path, is_folder, std::move(source), std::move(link));
    if (is_folder) tree_.entries[index].is_empty = !enter(path, at, through_link);
  }

  void add_link(const std::string& path, const std::string& at) {
    auto target = read_link(at);
    const auto link = fmt::format("'{}' is a link to '{}'", shown(path), shown_name(target));
    if (follow_ == Follow::none) {
      refuse(fmt::format("{}, and links are refused; copy in what it leads to, or pass links=\"follow\"", link));
    }
    if (!is_utf8(target)) refuse(link + ", a name that is not UTF-8; rename what it leads to");
    struct stat info{};
    if (stat(at.c_str(), &info) != 0) {
      if (errno == ELOOP) refuse(link + ", and leads in a circle; remove it");
      if (errno != ENOENT && errno != ENOTDIR) fail_read(errno, at);
      throw Error(Code::not_found, link + ", which does not exist; restore what it leads to, or remove the link");
    }
    const auto source = real_path(at);
    if (follow_ == Follow::inside && !is_inside(source)) {
      refuse(link + ", outside of the folder; copy it in, or pass links=\"follow\"");
    }
    const bool is_folder = S_ISDIR(info.st_mode);
    if (!is_folder && !S_ISREG(info.st_mode)) {
      refuse(fmt::format("{}, {}, which cannot be stored; remove it from the folder", link, kind_name(info.st_mode)));
    }
    if (is_folder) {
      const Identity identity(info.st_dev, info.st_ino);
      if (std::find(around_.begin(), around_.end(), identity) != around_.end()) {
        refuse(link + ", a folder that it lies in; remove it");
      }
      if (!linked_.insert(identity).second && ++repeats_ > most_repeats) {
        refuse(
            fmt::format("{}, and more than {} links lead to folders that others lead to; copy in what is needed and "
                        "remove the links",
                        link, most_repeats));
      }
    }
    add_entry(path, is_folder, source, source, std::move(target));
  }

  bool is_inside(const std::string& place) const {
    const auto root = real_root_ == "/" ? std::string() : real_root_;
    return place == real_root_ || place.starts_with(root + "/");
  }

  const Follow follow_;
  Tree tree_;
  std::string real_root_;
  std::vector<Identity> around_;  // the folders being read, from the root down
  std::set<Identity> linked_;     // folders that links led to
  std::size_t repeats_ = 0;
};

}  // namespace

std::string shown_name(std::string_view name) {
  std::string shown;
  for (std::size_t at = 0; at < name.size();) {
    const auto begin = at;
    const auto c = next_code_point(name, at);
    if (c && *c >= 0x20 && (*c < 0x7F || *c > 0x9F)) {
      shown += name.substr(begin, at - begin);
      continue;
    }
    at = begin + 1;
    shown += fmt::format("\\x{:02x}", static_cast<unsigned char>(name[begin]));
  }
  return shown;
}

Tree walk(const fs::path& folder, Follow follow) { return Walk(folder, follow).run(); }

std::string_view Tree::link_of(const TreeEntry& entry) const {
  const auto found = linked_.find(entry.path.c_str());
  return found == linked_.end() ? std::string_view() : std::string_view(found->second.link);
}

std::string Tree::place_of(const TreeEntry& entry) const {
  const auto found = linked_.find(entry.path.c_str());
  return found == linked_.end() ? root + "/" + entry.path : found->second.source;
}

std::size_t Tree::add(std::string_view path, bool is_folder, std::string source, std::string link) {
  constexpr std::size_t block = std::size_t{1} << 18;
  const auto size = path.size() + 1;
  if (size > room_) {
    room_ = std::max(block, size);
    next_ = texts_.emplace_back(std::make_unique<char[]>(room_)).get();
  }
  std::memcpy(next_, path.data(), path.size());
  next_[path.size()] = '\0';
  entries.push_back({.path = {next_, path.size()}, .is_folder = is_folder});
  if (!source.empty()) linked_.emplace(next_, Linked{std::move(source), std::move(link)});
  next_ += size;
  room_ -= size;
  return entries.size() - 1;
}

TreeHash hash_tree(const Tree& tree, const std::function<FileHash(const TreeEntry&)>& hash_file, const TakeHash& take) {
  constexpr std::size_t at_once = 4096;
  TreeHash result;
  FolderHasher whole;
  std::vector<const TreeEntry*> files;
  std::vector<FileHash> hashes;
  const auto flush = [&] {
    hashes.assign(files.size(), {});
    in_parallel(files.size(), [&](std::size_t i) { hashes[i] = hash_file(*files[i]); });
    for (std::size_t i = 0; i < files.size(); ++i) {
      const auto path = files[i]->path.view();
      whole.add(path, hashes[i]);
      if (hashes[i].is_executable) result.executables.emplace_back(path);
      if (take) take(path, std::move(hashes[i]));
    }
    files.clear();
  };
  for (const auto& entry : tree.entries) {
    if (const auto link = tree.link_of(entry); !link.empty()) result.links.emplace_back(entry.path, link);
    if (entry.is_empty) result.empty_folders.push_back(entry.path);
    if (entry.is_folder) continue;
    files.push_back(&entry);
    if (files.size() == at_once) flush();
  }
  flush();
  result.whole = whole.finish(result.empty_folders);
  return result;
}

}  // namespace lamin::base
