#include "store/cache_entry.hpp"
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <algorithm>
#include <cerrno>
#include <fstream>
#include <sstream>
#include <vector>
#include "store/posix.hpp"

namespace lamin::store {
namespace {

namespace fs = std::filesystem;

/// One line per file; the name comes last, prefixed by its length instead of being escaped.
std::string state_of(const fs::path& path, const std::string& name) {
  struct stat info{};
  if (lstat(path.c_str(), &info) != 0) return {};
  return fmt::format("{} {} {} {}.{:09} {}.{:09} {} {}\n", info.st_mode, info.st_size, info.st_ino, info.st_mtim.tv_sec,
                     info.st_mtim.tv_nsec, info.st_ctim.tv_sec, info.st_ctim.tv_nsec, name.size(), name);
}

struct State {
  std::int64_t bytes = 0;
  std::string files;
};

State look(const fs::path& object) {
  State state;
  std::vector<fs::path> files;
  std::error_code failure;
  if (fs::is_directory(fs::symlink_status(object, failure))) {
    for (auto it = fs::recursive_directory_iterator(object, failure);
         !failure && it != fs::recursive_directory_iterator(); it.increment(failure)) {
      if (!it->is_directory(failure) || it->is_symlink(failure)) files.push_back(it->path());
    }
    std::sort(files.begin(), files.end());
  } else {
    files.push_back(object);
  }
  for (auto& file : files) {
    state.files += state_of(file, file.lexically_relative(object).generic_string());
    auto size = fs::file_size(file, failure);
    if (!failure) state.bytes += static_cast<std::int64_t>(size);
  }
  return state;
}

std::string read_note(const fs::path& entry) {
  std::ifstream file(entry / note_name, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string text_of(const State& state) { return fmt::format("{}\n{}", state.bytes, state.files); }

}  // namespace

std::optional<std::int64_t> noted_bytes(const fs::path& entry) {
  std::ifstream file(entry / note_name, std::ios::binary);
  std::int64_t bytes = 0;
  return file >> bytes ? std::optional(bytes) : std::nullopt;
}

bool unchanged(const fs::path& entry, const fs::path& object) {
  auto noted = read_note(entry);
  return !noted.empty() && noted == text_of(look(object));
}

void note(const fs::path& entry, const fs::path& object) {
  std::ofstream(entry / note_name, std::ios::binary | std::ios::trunc) << text_of(look(object));
}

void touch(const fs::path& entry) { utimensat(AT_FDCWD, (entry / note_name).c_str(), nullptr, 0); }

}  // namespace lamin::store
