#include "lake/command/rerun_parts.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include "base/hash.hpp"
#include "base/path.hpp"
#include "base/redact.hpp"
#include "base/text.hpp"
#include "base/uid.hpp"
#include "format/compare.hpp"
#include "lake/artifact/content.hpp"
#include "lamin/artifact.hpp"

namespace lamin::lake {
namespace fs = std::filesystem;
namespace {

/// Of files without a format: the first byte that differs, and of texts the line.
std::string first_difference(const fs::path& before, const fs::path& now) {
  std::ifstream one(before, std::ios::binary), other(now, std::ios::binary);
  std::istreambuf_iterator<char> a(one), b(other), end;
  std::int64_t byte = 0, line = 1;
  for (; a != end && b != end && *a == *b; ++a, ++b, ++byte)
    if (*a == '\n') ++line;
  return fmt::format("{} bytes instead of {}, they differ from byte {} (line {}) on",
                     static_cast<std::int64_t>(fs::file_size(now)), static_cast<std::int64_t>(fs::file_size(before)),
                     byte, line);
}

std::map<std::string, std::string> versions_in(const std::string& packages) {
  std::map<std::string, std::string> versions;
  for (const auto& line : base::split(packages, '\n'))
    if (const auto at = line.find("=="); at != line.npos) versions[line.substr(0, at)] = line.substr(at + 2);
  return versions;
}

}  // namespace

void place_copy(const fs::path& from, const fs::path& to) {
  fs::create_directories(to.parent_path());
  fs::copy_file(from, to, fs::copy_options::overwrite_existing);
  fs::permissions(to, fs::perms::owner_read | fs::perms::owner_write, fs::perm_options::add);
}

void check_source_is_whole(const Record& transform) {
  const auto code = transform.text("source_code");
  if (code.find(base::redaction_mark) == code.npos || transform.text("hash") == base::md5_base64(code)) return;
  throw Error(Code::unsupported,
              fmt::format("the source code of transform {} had a secret in it, which is not kept", transform.uid()));
}

std::string recorded_packages(Instance& instance, const Record& run) {
  const auto environment = instance.database().related_one(run, *run.table().find_relation("environment"));
  if (!environment) return "";
  std::ifstream in(cache_artifact(instance, *environment), std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void note_packages(const std::string& before, const std::string& now, std::vector<std::string>& notes) {
  if (now == before) return;
  const auto new_versions = versions_in(now);
  for (const auto& [name, version] : versions_in(before)) {
    const auto found = new_versions.find(name);
    if (found == new_versions.end()) notes.push_back(fmt::format("{} {} is not installed any more", name, version));
    else if (found->second != version)
      notes.push_back(fmt::format("{} is {}, it was {}", name, found->second, version));
  }
}

void compare_output(Instance& instance, const Record& artifact, const fs::path& now, double tolerance,
                    RerunOutput& output) {
  if (!fs::is_regular_file(now) && !fs::is_directory(now)) {
    output.differences.emplace_back("it was not written");
    return;
  }
  const auto before = cache_artifact(instance, artifact);
  const auto hash = base::hash_path(now);
  if (has_content(instance, artifact, hash.type, hash.digest) && artifact.text("hash") == hash.hash) {
    output.sameness = Sameness::bytes;
    return;
  }
  if (fs::is_directory(now)) {
    output.sameness = Sameness::different;
    output.differences.emplace_back("its files are not the same");
    return;
  }
  try {
    auto found = format::compare(before, now, tolerance);
    output.sameness = found.compared && found.differences.empty() ? Sameness::content : Sameness::different;
    output.differences = std::move(found.differences);
    if (!found.compared) output.differences.push_back(first_difference(before, now));
  } catch (const Error& error) {
    output.sameness = Sameness::different;
    output.differences.emplace_back(error.what());
  }
}

bool are_the_same_output(const Record& before, const Record& now) {
  if (!before.at("key").is_null() || !now.at("key").is_null()) return before.text("key") == now.text("key");
  if (before.text("description") != now.text("description")) return before.text("hash") == now.text("hash");
  return before.text("suffix") == now.text("suffix");
}

RerunOutput compare_saved_output(Instance& instance, const Record& artifact, Instance& scratch,
                                 const std::vector<Record>& saved, const RerunOptions& options) {
  RerunOutput output{.key = std::string(artifact.text("key")), .artifact = std::string(artifact.uid())};
  if (output.key.empty()) output.key = artifact.text("description");
  if (output.key.empty()) output.key = artifact.uid();
  const auto at = std::ranges::find_if(saved, [&](const Record& now) { return are_the_same_output(artifact, now); });
  if (at == saved.end()) output.differences.emplace_back("it was not saved");
  else compare_output(instance, artifact, cache_artifact(scratch, *at), options.tolerance, output);
  return output;
}

RerunFolder::RerunFolder(const RerunOptions& options)
    : path_(options.folder.empty() ? fs::temp_directory_path() / ("lamin-verify-" + base::random_uid(12))
                                   : fs::absolute(options.folder)),
      temporary_(options.folder.empty()) {
  if (fs::exists(path_)) throw Error(Code::conflict, fmt::format("'{}' exists: pass a new folder", path_.string()));
  fs::create_directories(path_ / "work");
  fs::create_directories(path_ / "tmp");
  path_ = base::resolve(path_);
}

RerunFolder::~RerunFolder() {
  std::error_code ignored;
  if (temporary_) fs::remove_all(path_, ignored);
}

}  // namespace lamin::lake
