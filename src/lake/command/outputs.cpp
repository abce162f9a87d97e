#include "lake/command/outputs.hpp"
#include <fmt/format.h>
#include <algorithm>
#include "base/path.hpp"
#include "base/time.hpp"
#include "lake/artifact/place.hpp"
#include "lake/command/arguments.hpp"
#include "lake/command/glob.hpp"
#include "lake/command/script.hpp"
#include "lake/instance/settings_file.hpp"

namespace lamin::lake {
namespace fs = std::filesystem;

Outputs::Outputs(Instance& instance, const CommandOptions& options, const std::vector<std::string>& words,
                 fs::path folder)
    : instance_(instance), options_(options), folder_(std::move(folder)), started_(base::now().micros * 1000) {
  for (const auto& path : options.registered) registered_.insert(base::resolve(folder_ / path).string());
  for (const auto& path : outputs_named(words)) named_.insert(base::resolve(folder_ / path).string());
}

std::vector<std::pair<fs::path, std::string>> Outputs::planned() const {
  auto paths = registered_;
  paths.insert(named_.begin(), named_.end());
  std::vector<std::pair<fs::path, std::string>> all;
  for (const auto& path : paths) all.emplace_back(path, key_of(path));
  return all;
}

std::vector<Seen> Outputs::collect(process::Result& result, const std::set<std::string>& declared) {
  for (auto& use : result.files) {
    if (declared.contains(use.path)) use.read = true;
    // A project may be in a folder for temporary files.
    const bool here = !base::relative_key(folder_, use.path).empty();
    if (use.role == process::Role::scratch && here) use.role = process::Role::data;
    known_.insert(use.path);
    files_.push_back({.use = std::move(use)});
  }
  for (const auto& path : declared) add(path, false);
  add_declared(result);
  return std::move(files_);
}

void Outputs::add_declared(const process::Result& result) {
  if (result.exit_status == 0 || options_.save_failed) {
    for (const auto& path : named_)
      if (has_written_below(path)) registered_.insert(path);
    for (const auto& path : registered_) add_registered(path);
  }
  if (result.method != process::Method::declared) return;
  // Nothing was seen: what matches and is younger than the start was written.
  const auto is_new = [&](const std::string& path) {
    const auto stamp = process::stamp_of(path);
    return stamp && stamp->time >= started_;
  };
  for (const auto& pattern : options_.outputs)
    for (const auto& path : files_matching(pattern, folder_))
      if (is_new(path)) add(path, true);
  for (const auto& path : named_)
    if (is_new(path)) add(path, true);
}

void Outputs::add(const std::string& path, bool written) {
  if (!known_.insert(path).second) return;
  const auto stamp = process::stamp_of(path);
  process::FileUse use{.path = path, .read = !written, .written = written, .gone = !stamp};
  if (stamp) use.size = stamp->size;
  files_.push_back({.use = std::move(use)});
}

/// It counts as written: the caller says so.
void Outputs::add_registered(const std::string& path) {
  std::error_code failed;
  if (!fs::exists(path, failed)) {
    instance_.say(Level::warning, fmt::format("'{}' is not registered: the command has not written it", as_text(path)));
    return;
  }
  if (!known_.insert(path).second) {
    std::ranges::find(files_, path, [](const Seen& file) { return file.use.path; })->use.written = true;
    return;
  }
  const auto stamp = process::stamp_of(path);
  files_.push_back({.use = {.path = path, .written = true, .size = stamp ? stamp->size : 0}});
}

bool Outputs::has_written_below(const std::string& folder) const {
  return std::ranges::any_of(
      files_, [&](const Seen& file) { return file.use.written && file.use.path.starts_with(folder + "/"); });
}

/// A file in a folder that is registered as a whole.
bool Outputs::is_in_registered(const std::string& path) const {
  return std::ranges::any_of(registered_, [&](const auto& folder) { return path.starts_with(folder + "/"); });
}

bool Outputs::has(const Seen& file) const {
  const auto& use = file.use;
  if (!use.written || use.gone) return false;
  if (use.path.find(std::string("/") + std::string(auto_prefix)) != std::string::npos) return false;  // by `lamin save`
  if (registered_.contains(use.path) || named_.contains(use.path)) return true;
  if (is_in_registered(use.path)) return false;
  const auto matching = [&](const auto& pattern) { return matches(use.path, pattern, folder_); };
  if (std::ranges::any_of(options_.outputs, matching)) return true;
  return options_.save_outputs && use.role == process::Role::data;
}

std::string Outputs::key_of(const std::string& path) const {
  if (in_storage(instance_, path)) return "";
  const auto project = pointer_folder(folder_);
  for (const auto& root : {project.value_or(folder_), folder_})
    if (auto key = base::relative_key(base::resolve(root), path); !key.empty()) return key;
  return fs::path(path).filename().string();
}

}  // namespace lamin::lake
