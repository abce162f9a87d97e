// content_mutations_testing.hpp -- random folders for tests, and changes that each produce different content.
#pragma once
#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace lamin::testing {

/// A folder filled from a seed. It always holds files; links are relative and lead to files in it, those at the top
/// level also to folders in it.
class Mutations {
  using Path = std::filesystem::path;

 public:
  Mutations(Path folder, unsigned seed) : root_(std::move(folder)), random_(seed) {
    std::filesystem::create_directories(root_);
    for (int i = 0; i < 8; ++i) {
      write(new_path(), new_text());
      look();
    }
    for (int i = 0; i < 2; ++i) std::filesystem::create_directories(new_path());
    look();
    link(any(files_), new_path());
  }

  static constexpr std::size_t kinds = 20;

  /// Changes one thing, and removes links that are then broken. Returns "kind: where".
  std::string mutate() {
    static constexpr std::array<std::pair<const char*, Path (Mutations::*)()>, kinds> all = {{
        {"edit", &Mutations::edit},
        {"insert", &Mutations::insert},
        {"append", &Mutations::append},
        {"cut", &Mutations::cut},
        {"new file", &Mutations::add_file},
        {"new folder", &Mutations::add_folder},
        {"empty folder removed", &Mutations::remove_folder},
        {"file removed", &Mutations::remove_file},
        {"file renamed", &Mutations::rename_file},
        {"folder renamed", &Mutations::rename_folder},
        {"file moved", &Mutations::move_file},
        {"files swapped", &Mutations::swap_files},
        {"executable or not", &Mutations::toggle_executable},
        {"link for a file", &Mutations::file_to_link},
        {"link to another", &Mutations::retarget},
        {"file for a link", &Mutations::link_to_file},
        {"link to a folder", &Mutations::link_folder},
        {"link removed", &Mutations::remove_link},
        {"folder for a file", &Mutations::file_to_folder},
        {"normal form of a name", &Mutations::other_form},
    }};
    for (;;) {
      look();
      const auto& [kind, change] = all[below(kinds)];
      const auto where = (this->*change)();
      if (where.empty()) continue;
      remove_broken_links();
      return std::string(kind) + ": " + where.string();
    }
  }

 private:
  std::size_t below(std::size_t n) { return random_() % n; }
  const Path& any(const std::vector<Path>& paths) { return paths[below(paths.size())]; }

  void look() {
    namespace fs = std::filesystem;
    files_.clear();
    folders_.clear();
    links_.clear();
    for (const auto& entry : fs::recursive_directory_iterator(root_)) {
      (entry.is_symlink() ? links_ : entry.is_directory() ? folders_ : files_).push_back(entry.path());
    }
    for (auto* paths : {&files_, &folders_, &links_}) std::sort(paths->begin(), paths->end());
  }

  Path new_path() {
    auto folder = root_;
    if (!folders_.empty() && below(3) != 0) folder = any(folders_);
    if (below(3) == 0) folder /= "d" + std::to_string(++names_);
    static constexpr std::array endings = {"", ".txt", " blank", "\xc3\xa9", "-\xe7\xb4\xb0", "\n", "#?", ".sh"};
    return folder / ("n" + std::to_string(++names_) + endings[below(endings.size())]);
  }
  std::string new_text() {
    std::string text(below(4) == 0 ? 0 : below(3000), ' ');
    for (auto& c : text) c = static_cast<char>(random_());
    return text;
  }

  static std::string read(const Path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static void write(const Path& file, const std::string& text) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
  }
  static void link(const Path& target, const Path& at) {
    std::filesystem::create_directories(at.parent_path());
    std::filesystem::create_symlink(target.lexically_relative(at.parent_path()), at);
  }
  void remove_broken_links() {
    namespace fs = std::filesystem;
    std::error_code ignored;
    for (bool again = true; again;) {  // a link may lead to a link
      again = false;
      look();
      for (const auto& at : links_) {
        const bool may_be_folder = at.parent_path() == root_;
        if (may_be_folder ? fs::exists(at, ignored) : fs::is_regular_file(at, ignored)) continue;
        again = fs::remove(at);
      }
    }
  }

  // Each changes something and returns what, or "".
  template <class Change>
  Path with_text(Change change) {
    const auto& file = any(files_);
    auto text = read(file);
    if (text.empty()) return {};
    change(text);
    write(file, text);
    return file;
  }
  Path edit() {
    return with_text([&](std::string& t) { t[below(t.size())] ^= static_cast<char>(1 + below(255)); });
  }
  Path insert() {
    return with_text([&](std::string& t) { t.insert(below(t.size()), 1, static_cast<char>(random_())); });
  }
  Path append() {
    const auto& file = any(files_);
    write(file, read(file) + static_cast<char>(random_()));
    return file;
  }
  Path cut() {
    return with_text([&](std::string& t) { t.resize(below(t.size())); });
  }
  Path add_file() {
    const auto file = new_path();
    write(file, new_text());
    return file;
  }
  Path add_folder() {
    const auto folder = new_path();
    std::filesystem::create_directories(folder);
    return folder;
  }
  Path remove_folder() {
    for (const auto& folder : folders_) {
      if (std::filesystem::is_empty(folder) && std::filesystem::remove(folder)) return folder;
    }
    return {};
  }
  Path remove_file() {
    if (files_.size() < 4) return {};
    const auto& file = any(files_);
    std::filesystem::remove(file);
    return file;
  }
  Path rename(const Path& from, const Path& to) {
    std::filesystem::rename(from, to);
    return from;
  }
  Path rename_file() {
    const auto& file = any(files_);
    return rename(file, file.parent_path() / ("r" + std::to_string(++names_)));
  }
  Path rename_folder() {
    if (folders_.empty()) return {};
    const auto& folder = any(folders_);
    return rename(folder, folder.parent_path() / ("R" + std::to_string(++names_)));
  }
  Path move_file() {
    if (folders_.empty()) return {};
    const auto &file = any(files_), &folder = any(folders_);
    return folder == file.parent_path() ? Path() : rename(file, folder / file.filename());
  }
  Path swap_files() {
    const auto &one = any(files_), &other = any(files_);
    if (read(one) == read(other)) return {};
    const auto aside = root_ / "aside";
    rename(one, aside);
    rename(other, one);
    rename(aside, other);
    return one;
  }
  Path toggle_executable() {
    namespace fs = std::filesystem;
    const auto& file = any(files_);
    const bool is = (fs::status(file).permissions() & fs::perms::owner_exec) != fs::perms::none;
    fs::permissions(file, fs::perms::owner_exec, is ? fs::perm_options::remove : fs::perm_options::add);
    return file;
  }
  Path file_to_link() {
    const auto &file = any(files_), &target = any(files_);
    if (files_.size() < 4 || file == target) return {};
    std::filesystem::remove(file);
    link(target, file);
    return file;
  }
  Path retarget() {
    if (links_.empty()) return {};
    const auto &at = any(links_), &target = any(files_);
    if (std::filesystem::read_symlink(at) == target.lexically_relative(at.parent_path())) return {};
    std::filesystem::remove(at);
    link(target, at);
    return at;
  }
  Path link_to_file() {
    for (const auto& at : links_) {
      if (!std::filesystem::is_regular_file(at)) continue;
      const auto aside = root_ / "aside";
      std::filesystem::copy_file(at, aside);  // keeps its permissions
      return rename(aside, at);
    }
    return {};
  }
  Path link_folder() {
    if (folders_.empty()) return {};
    const auto at = root_ / ("l" + std::to_string(++names_));
    link(any(folders_), at);
    return at;
  }
  Path remove_link() {
    if (links_.empty()) return {};
    const auto& at = any(links_);
    std::filesystem::remove(at);
    return at;
  }
  Path file_to_folder() {
    if (files_.size() < 4) return {};
    const auto& file = any(files_);
    std::filesystem::remove(file);
    std::filesystem::create_directories(file);
    return file;
  }
  Path other_form() {
    static constexpr std::string_view one = "\xc3\xa9", two = "e\xcc\x81";  // both look the same
    for (const auto& file : files_) {
      auto name = file.filename().string();
      const auto at = name.find(one), other = name.find(two);
      if (at == name.npos && other == name.npos) continue;
      if (at != name.npos) name.replace(at, one.size(), two);
      else name.replace(other, two.size(), one);
      return rename(file, file.parent_path() / name);
    }
    return {};
  }

  Path root_;
  std::mt19937 random_;
  int names_ = 0;
  std::vector<Path> files_, folders_, links_;
};

}  // namespace lamin::testing
