#include "process/places.hpp"
#include <unistd.h>
#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace lamin::process {
namespace fs = std::filesystem;
namespace {

/// Folders, by the beginning of a path.
struct Folder {
  std::string_view path;
  Role role;
};
constexpr Folder folders[] = {
    {"/proc/", Role::system},
    {"/sys/", Role::system},
    {"/dev/", Role::system},
    {"/usr/", Role::environment},
    {"/lib/", Role::environment},
    {"/lib32/", Role::environment},
    {"/lib64/", Role::environment},
    {"/libx32/", Role::environment},
    {"/bin/", Role::environment},
    {"/sbin/", Role::environment},
    {"/etc/", Role::environment},
    {"/opt/", Role::environment},
    {"/boot/", Role::environment},
    {"/snap/", Role::environment},
    {"/nix/store/", Role::environment},
    {"/gnu/store/", Role::environment},
    {"/run/systemd/", Role::environment},
    {"/run/user/", Role::environment},
    {"/var/lib/", Role::environment},
    {"/var/cache/", Role::environment},
    {"/var/run/", Role::environment},
    {"/tmp/", Role::scratch},
    {"/var/tmp/", Role::scratch},
};

/// Folders at any depth.
constexpr std::string_view installed_below[] = {
    "/site-packages/", "/dist-packages/", "/node_modules/", "/__pycache__/", "/conda-meta/",        "/R/library/",
    "/renv/library/",  "/.git/",          "/.venv/",        "/.pixi/",       "/.ipynb_checkpoints/"};

/// Ends of names.
constexpr std::string_view installed_suffixes[] = {".so", ".pyc", ".pyo", ".dll", ".dylib", ".jsa"};

/// What LaminDB keeps beside data.
constexpr std::string_view own_parts[] = {"/.lamindb/lamin.db", "/.lamindb/storage_uid.txt",
                                          "/.lamindb/_is_initialized", "/.lamin/", "/.lamin-verified"};

/// An environment of Python, conda or R is the folder that has one of these.
constexpr std::string_view marks_of_installation[] = {"pyvenv.cfg", "conda-meta", "lib/R/library/base"};

bool has_python(const std::string& prefix) {
  std::error_code failed;
  for (fs::directory_iterator i(prefix + "lib", failed), end; !failed && i != end; i.increment(failed))
    if (i->path().filename().string().starts_with("python3")) return true;
  return false;
}

std::string with_slash(std::string folder) {
  if (!folder.empty() && folder.back() != '/') folder += '/';
  return folder;
}

std::string real(const std::string& folder) {
  std::error_code failed;
  const auto path = fs::canonical(folder, failed);
  return failed ? folder : path.string();
}

bool starts_any(std::string_view path, const std::vector<std::string>& with) {
  return std::ranges::any_of(with, [&](const auto& folder) { return path.starts_with(folder); });
}

/// "libz.so.1.2": a number follows.
bool is_library(std::string_view name) {
  const auto at = name.find(".so.");
  return at != name.npos && at + 4 < name.size() && name[at + 4] >= '0' && name[at + 4] <= '9';
}

/// "lib/python3.11/os.py"
bool is_of_python(std::string_view path) {
  const auto at = path.find("/lib/python");
  if (at == path.npos) return false;
  const auto digit = at + 11;
  return digit < path.size() && path[digit] >= '0' && path[digit] <= '9';
}

}  // namespace

Places::Places(std::vector<std::string> data) {
  for (auto& folder : data) data_.push_back(with_slash(std::move(folder)));
  if (const char* home = std::getenv("HOME"); home != nullptr && home[0] == '/' && home[1] != '\0')
    home_ = with_slash(real(home));
  if (const char* temporary = std::getenv("TMPDIR"); temporary != nullptr && temporary[0] == '/')
    scratch_.push_back(with_slash(real(temporary)));
}

bool Places::is_known_data(std::string_view path) const { return starts_any(path, data_); }

Role Places::role(std::string_view path) const {
  for (const auto part : own_parts)
    if (path.find(part) != path.npos) return Role::system;
  if (is_known_data(path)) return Role::data;
  for (const auto& folder : folders)
    if (folder.role != Role::scratch && path.starts_with(folder.path)) return folder.role;
  if (starts_any(path, installed_)) return Role::environment;
  for (const auto part : installed_below)
    if (path.find(part) != path.npos) return Role::environment;
  for (const auto suffix : installed_suffixes)
    if (path.ends_with(suffix)) return Role::environment;
  if (is_library(path.substr(path.rfind('/') + 1)) || is_of_python(path)) return Role::environment;
  // Settings and caches of programs: ~/.config, ~/.cache, ~/.bashrc.
  if (!home_.empty() && path.starts_with(home_) && path.size() > home_.size() && path[home_.size()] == '.')
    return Role::environment;
  if (starts_any(path, scratch_)) return Role::scratch;
  for (const auto& folder : folders)
    if (path.starts_with(folder.path)) return folder.role;
  return Role::data;
}

void Places::started(const std::string& program) {
  const auto bin = program.rfind("/bin/");
  if (bin == std::string::npos || bin == 0) return;
  const auto prefix = program.substr(0, bin + 1);
  if (starts_any(prefix, installed_)) return;
  const auto has = [&](std::string_view mark) { return ::access((prefix + std::string(mark)).c_str(), F_OK) == 0; };
  if (std::ranges::any_of(marks_of_installation, has) || has_python(prefix)) installed_.push_back(prefix);
}

}  // namespace lamin::process
