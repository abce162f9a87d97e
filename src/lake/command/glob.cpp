#include "lake/command/glob.hpp"
#include <fnmatch.h>
#include <algorithm>
#include "base/path.hpp"
#include "base/text.hpp"

namespace lamin::lake {
namespace fs = std::filesystem;
namespace {

using Parts = std::vector<std::string>;

Parts parts_of(std::string_view path) {
  auto parts = base::split(path, '/');
  std::erase_if(parts, [](const auto& part) { return part.empty() || part == "."; });
  return parts;
}

bool has_magic(std::string_view text) { return text.find_first_of("*?[") != text.npos; }

bool parts_match(const Parts& path, std::size_t i, const Parts& pattern, std::size_t k) {
  for (; k < pattern.size(); ++k, ++i) {
    if (pattern[k] == "**") {
      for (auto from = i; from <= path.size(); ++from)
        if (parts_match(path, from, pattern, k + 1)) return true;
      return false;
    }
    if (i >= path.size() || ::fnmatch(pattern[k].c_str(), path[i].c_str(), FNM_PERIOD) != 0) return false;
  }
  return true;  // what is left of the path is below a folder that was named
}

/// Absolute, and the part before the first wildcard with links resolved, as observed paths are.
std::string absolute(std::string_view pattern, const fs::path& folder) {
  const auto whole = (folder / fs::path(std::string(pattern))).string();
  const auto parts = parts_of(whole);
  fs::path fixed = "/";
  std::size_t i = 0;
  while (i < parts.size() && !has_magic(parts[i])) fixed /= parts[i++];
  auto resolved = base::resolve(fixed);
  for (; i < parts.size(); ++i) resolved /= parts[i];
  return resolved.string();
}

}  // namespace

bool matches(std::string_view path, std::string_view pattern, const fs::path& folder) {
  return parts_match(parts_of(path), 0, parts_of(absolute(pattern, folder)), 0);
}

std::vector<std::string> files_matching(std::string_view pattern, const fs::path& folder) {
  const auto whole = absolute(pattern, folder);
  const auto parts = parts_of(whole);
  fs::path root = "/";
  for (std::size_t i = 0; i < parts.size() && !has_magic(parts[i]); ++i) root /= parts[i];
  std::vector<std::string> found;
  std::error_code failed;
  if (fs::is_regular_file(root, failed)) return {root.string()};
  for (fs::recursive_directory_iterator i(root, fs::directory_options::skip_permission_denied, failed), end;
       !failed && i != end; i.increment(failed)) {
    if (i->is_regular_file(failed) && parts_match(parts_of(i->path().string()), 0, parts, 0))
      found.push_back(i->path().string());
  }
  std::ranges::sort(found);
  return found;
}

}  // namespace lamin::lake
