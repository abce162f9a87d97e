#include "lake/command/match.hpp"
#include <algorithm>
#include <set>
#include "base/path.hpp"
#include "lake/artifact/content.hpp"
#include "lake/artifact/holder.hpp"
#include "lake/artifact/place.hpp"
#include "lake/rows/version.hpp"

namespace lamin::lake {
namespace fs = std::filesystem;
namespace {

/// Bytes of a file that is no artifact and hashed all the same.
constexpr std::int64_t most_noted = 1 << 20;

constexpr std::string_view kind_of_runs = "__lamindb_run__";

bool is_live(const Record& artifact) {
  return artifact.at("branch").integer_or(0) >= 0 && artifact.text("kind") != kind_of_runs;
}

class Matcher {
 public:
  explicit Matcher(Instance& instance)
      : instance_(instance), cache_(base::resolve(base::cache_folder()).string() + "/") {
    for (const auto& storage : instance.database().all({.registry = "Storage", .any_branch = true}))
      if (storage.text("type") == "local")
        roots_.push_back(base::resolve(std::string(storage.text("root"))).string() + "/");
  }

  void run(std::vector<Seen>& files) {
    std::vector<Seen*> others;
    for (auto& file : files) {
      if (!file.use.read && !file.use.executed) continue;
      file.artifact = by_place(file);
      if (!file.artifact && file.use.size > 0) others.push_back(&file);
    }
    by_content(others);
    for (auto* file : others)  // so that one can tell later whether it is still the same
      if (!file->artifact && file->hash.empty() && file->use.size <= most_noted) hash_of(*file);
  }

 private:
  bool in_storage(const std::string& path) const {
    return std::ranges::any_of(roots_, [&](const auto& root) { return path.starts_with(root); });
  }

  std::optional<Record> by_place(Seen& file) {
    const auto& path = file.use.path;
    if (path.starts_with(cache_)) return by_cache_entry(path);
    if (!in_storage(path)) return std::nullopt;
    auto found = artifact_at(instance_, path);
    // A file of a folder that was saved under its real key.
    for (auto folder = fs::path(path).parent_path(); !found && in_storage(folder.string() + "/x");
         folder = folder.parent_path())
      found = artifact_at(instance_, folder);
    if (!found || !is_live(*found)) return std::nullopt;
    if (found->at("n_files").is_null() && !has_its_content(file, *found)) return std::nullopt;
    return found;
  }

  /// A file stored by uid is never changed; one under a real key may be.
  bool has_its_content(Seen& file, const Record& artifact) {
    if (artifact.at("size").integer_or(-1) != file.use.size) return false;
    if (!has_real_place(artifact)) return true;
    const auto* hash = hash_of(file);
    return hash == nullptr || has_content(instance_, artifact, hash->type, hash->digest);
  }

  /// ~/.cache/lamindb/UID.DIGEST/name.h5ad
  std::optional<Record> by_cache_entry(const std::string& path) {
    const auto rest = path.substr(cache_.size());
    const auto uid = rest.substr(0, rest.find_first_of("./"));
    auto found = instance_.database().first(
        {.registry = "Artifact", .where = Expr::compare("uid", Op::exact, Value(uid)), .any_branch = true});
    return found && is_live(*found) ? std::move(found) : std::nullopt;
  }

  /// Of what was read; null if that is not known any more.
  const base::FileHash* hash_of(Seen& file) {
    auto& use = file.use;
    if (!use.before) {
      const auto& where = use.now_at.empty() ? use.path : use.now_at;
      const auto stamp = process::stamp_of(where);
      if (!stamp || stamp->size != use.size || use.written) return nullptr;
      try {
        use.before = base::hash_path(where);
      } catch (const Error&) { return nullptr; }
    }
    file.hash = use.before->hash;
    return &*use.before;
  }

  void by_content(const std::vector<Seen*>& files) {
    std::set<std::int64_t> sizes;
    for (const auto* file : files) sizes.insert(file->use.size);
    const auto known = known_sizes(sizes);
    for (auto* file : files) {
      if (!known.contains(file->use.size)) continue;
      const auto* hash = hash_of(*file);
      if (hash == nullptr) continue;
      auto same = same_content(instance_, hash->hash, hash->type, hash->digest);
      std::erase_if(same, [](const Record& artifact) { return !is_live(artifact); });
      if (!same.empty()) file->artifact = best(same, fs::path(file->use.path).filename().string());
    }
  }

  std::set<std::int64_t> known_sizes(const std::set<std::int64_t>& sizes) {
    constexpr std::size_t most = 500;
    std::set<std::int64_t> known;
    for (auto at = sizes.begin(); at != sizes.end();) {
      std::vector<Value> some;
      for (; at != sizes.end() && some.size() < most; ++at) some.emplace_back(*at);
      const std::string paths[] = {"size"};
      const auto columns = instance_.database().columns(
          {.registry = "Artifact", .where = Expr::in("size", std::move(some)), .any_branch = true}, paths);
      for (const auto& value : columns.at(0)) known.insert(value.integer_or(-1));
    }
    return known;
  }

  /// They are sorted, newest first.
  static Record best(std::vector<Record>& same, const std::string& name) {
    const auto named = std::ranges::find_if(
        same, [&](const Record& one) { return fs::path(std::string(one.text("key"))).filename() == name; });
    return std::move(named != same.end() ? *named : same.front());
  }

  Instance& instance_;
  std::vector<std::string> roots_;
  std::string cache_;
};

}  // namespace

std::vector<std::string> data_folders(Instance& instance) {
  std::vector<std::string> folders{base::resolve(base::cache_folder()).string()};
  for (const auto& storage : instance.database().all({.registry = "Storage", .any_branch = true}))
    if (storage.text("type") == "local") folders.push_back(base::resolve(std::string(storage.text("root"))).string());
  return folders;
}

void match_inputs(Instance& instance, std::vector<Seen>& files) { Matcher(instance).run(files); }

}  // namespace lamin::lake
