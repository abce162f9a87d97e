#include "base/path.hpp"
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>
#include <cstdlib>
#include "base/budget.hpp"
#include "base/cache_setting.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "base/visible.hpp"
#include "lamin/error.hpp"

namespace lamin::base {
namespace {

namespace fs = std::filesystem;

std::size_t count_characters(std::string_view text) {
  std::size_t count = 0;
  for (char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

fs::path home_folder() {
  if (std::string home = environment("HOME"); !home.empty()) return home;
  if (const passwd* user = getpwuid(getuid()); user != nullptr && user->pw_dir != nullptr) return user->pw_dir;
  throw Error(Code::not_configured,
              "This user has no home folder: set HOME, or LAMIN_SETTINGS_DIR and LAMIN_CACHE_DIR.");
}

fs::path expand_home(const std::string& path) {
  if (path == "~") return home_folder();
  return path.starts_with("~/") ? home_folder() / path.substr(2) : fs::path(path);
}

[[noreturn]] void refuse_key(std::string_view key, std::string_view why) {
  constexpr std::size_t shown = 200;
  throw Error(Code::invalid_argument, fmt::format("The key '{}{}' {}.", visible_line(key.substr(0, shown)),
                                                  key.size() > shown ? "..." : "", why));
}

}  // namespace

void check_path(std::string_view key) {
  const auto refuse = [&](std::string_view why) { refuse_key(key, why); };
  if (key.empty())
    throw Error(Code::invalid_argument, "A key must not be empty: pass a relative path, such as 'a/b.csv'.");
  if (key.find('\0') != std::string_view::npos) refuse("has a NUL character");
  if (key.find('\\') != std::string_view::npos) refuse("has a backslash: separate folders by '/'");
  if (key.front() == '/') refuse("starts with '/': a key is relative to its storage");
  if (count_characters(key) > 1024) refuse("is longer than 1024 characters");
  for (std::size_t at = 0; at < key.size();) {
    if (!next_code_point(key, at)) refuse("is not UTF-8");
  }
  for (const auto& part : split(key, '/')) {
    if (part == "." || part == "..")
      refuse(fmt::format("has '{}' as a folder, which could lead out of its storage", part));
  }
}

void check_key(std::string_view key) {
  check_path(key);
  if (visible_line(key) != key) refuse_key(key, "has control characters: use letters, digits and signs");
}

fs::path resolve(const fs::path& path) {
  std::error_code failure;
  fs::path absolute = fs::absolute(path, failure);
  if (failure) {
    throw Error(Code::not_found, fmt::format("'{}' cannot be made absolute: {}.", path.string(), failure.message()));
  }
  fs::path result = fs::weakly_canonical(absolute, failure);
  if (failure) {
    throw Error(failure == std::errc::permission_denied ? Code::no_access : Code::not_found,
                fmt::format("'{}' cannot be resolved: {}.", path.string(), failure.message()));
  }
  // "a/" and "a" are the same folder.
  return result.has_filename() || result == result.root_path() ? result : result.parent_path();
}

std::string relative_key(const fs::path& root, const fs::path& path) {
  const fs::path key = resolve(path).lexically_relative(resolve(root));
  if (key.empty() || key == "." || *key.begin() == "..") return "";
  return key.generic_string();
}

fs::path settings_folder() {
  if (std::string folder = environment("LAMIN_SETTINGS_DIR"); !folder.empty()) return expand_home(folder) / ".lamin";
  return home_folder() / ".lamin";
}

fs::path system_settings_folder() {
  const auto folders = environment("XDG_CONFIG_DIRS");
  const fs::path first = folders.substr(0, folders.find(':'));
  return (first.is_absolute() ? first : fs::path("/etc/xdg")) / "lamindb";
}

std::int64_t cache_limit() {
  if (const auto text = environment("LAMIN_CACHE_LIMIT"); !text.empty()) return parse_size(text);
  const auto text = read_file(settings_folder() / cache_limit_file);
  return text ? parse_size(trim(*text)) : std::int64_t{50} << 30;
}

fs::path cache_folder() {
  if (std::string folder = environment("LAMIN_CACHE_DIR"); !folder.empty()) {
    const auto path = expand_home(folder);
    if (path.is_absolute()) return path;
    throw Error(Code::invalid_argument, fmt::format("LAMIN_CACHE_DIR must be a valid absolute path, not '{}'", folder));
  }
  for (const auto& file : {settings_folder() / cache_setting_file, system_settings_folder() / system_setting_file}) {
    const auto text = read_file(file);
    if (!text) continue;
    for (const std::string_view line : split(*text, '\n')) {
      const auto equals = line.find('=');
      if (equals == line.npos || trim(line.substr(0, equals)) != cache_setting) continue;
      if (const auto value = trim(line.substr(equals + 1)); value != "null") return expand_home(std::string(value));
    }
  }
#ifdef __APPLE__
  return home_folder() / "Library" / "Caches" / "lamindb";
#else
  // The XDG rules: ignore a relative value.
  const fs::path xdg = environment("XDG_CACHE_HOME");
  return (xdg.is_absolute() ? xdg : home_folder() / ".cache") / "lamindb";
#endif
}

}  // namespace lamin::base
