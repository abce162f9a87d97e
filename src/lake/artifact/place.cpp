// Where bytes are, and checks that no change of a row separates it from them.
#include "lake/artifact/place.hpp"
#include <fmt/format.h>
#include "base/path.hpp"
#include "lake/artifact/holder.hpp"
#include "lake/artifact/intent.hpp"
#include "lake/rows/hook_chain.hpp"
#include "lake/rows/version.hpp"
#include "lamin/error.hpp"
#include "store/store.hpp"

namespace lamin::lake {
namespace {

void before_update(Instance& instance, const Record& old, const Record& now) {
  if (old.at("key") != now.at("key")) {
    if (now.at("key").is_null())
      throw Error(Code::invalid_argument, "Cannot update an artifact key to None.").known_as("InvalidArgument");
    check_key_of(now);
  }
  const auto from = place_of(old), to = place_of(now);
  if (from == to && old.at("storage") == now.at("storage")) return;
  // The change is fine if the bytes were moved by hand, if a later version took the place, or if they are there now.
  auto& store = instance.store_of(old.at("storage").integer_or(0));
  if (!store.stat(from) || !holds_place(instance, old)) return;
  if (const auto brought = brought_place(instance, now, to);
      !brought.empty() && instance.store_of(now.at("storage").integer_or(0)).stat(brought))
    return;
  throw Error(
      Code::invalid_argument,
      fmt::format("the content of artifact '{}' is at '{}/{}'; with this change it would be looked for at '{}'. "
                  "Change the artifact and save it, which moves the content, or move that first",
                  old.uid(), store.root(), from, to));
}

}  // namespace

void check_schema_suffix(Database& database, const Record& artifact) {
  const auto id = artifact.at("schema").integer_or(0);
  const auto schema = id == 0 ? std::nullopt : database.find(database.catalog().table("Schema"), id);
  if (!schema) return;
  const auto wanted = schema->text("suffix");
  if (wanted.empty() || wanted == artifact.text("suffix")) return;
  throw Error(Code::validation,
              fmt::format("Artifact not validated. Artifact suffix '{}' does not match schema suffix '{}'.",
                          artifact.text("suffix"), wanted));
}

std::string place_of(const Record& artifact) {
  if (const auto real = artifact.text("_real_key"); !real.empty()) return std::string(real);
  if (!artifact.at("key").is_null() && !artifact.at("_key_is_virtual").boolean_or(true)) {
    return std::string(artifact.text("key"));
  }
  const auto name = overwrites(artifact) ? stem_of(artifact) : artifact.uid();
  return fmt::format("{}{}{}", auto_prefix, name, artifact.text("suffix"));
}

std::string readable_place(Instance& instance, const Record& artifact) {
  const auto place = place_of(artifact);
  if (!shares_place(artifact)) return place;
  // In this order: between two queries, waiting bytes may be exchanged or superseded by another version.
  const auto waiting = waiting_place(instance, artifact, place);
  const auto storage = artifact.at("storage").integer_or(0);
  const auto holder = holder_of(instance, storage, place);
  if (holder.uid.empty()) {
    throw Error(Code::not_found, fmt::format("the artifact '{}' was deleted", artifact.uid()));
  }
  if (!holds(holder, artifact)) {
    throw Error(Code::invalid_argument,
                fmt::format("Cannot read this outdated artifact version '{}': version '{}' has replaced its content at "
                            "'{}/{}'. Read that one, or save the old content again",
                            artifact.uid(), holder.uid, instance.store_of(storage).root(), place));
  }
  return !waiting.empty() && instance.store_of(storage).stat(waiting) ? waiting : place;
}

bool overwrites(const Record& artifact) { return artifact.at("_overwrite_versions").boolean_or(false); }

bool has_real_place(const Record& artifact) { return !place_of(artifact).starts_with(auto_prefix); }

std::optional<InStorage> in_storage(Instance& instance, const std::filesystem::path& path) {
  std::optional<InStorage> best;
  std::size_t longest = 0;
  for (const auto& storage : instance.database().all({.registry = "Storage", .any_branch = true})) {
    const auto root = storage.text("root");
    if (storage.text("type") != "local" || root.size() < longest) continue;
    auto key = base::relative_key(std::string(root), path);
    if (key.empty()) continue;
    longest = root.size();
    best = InStorage{storage.id(), std::move(key)};
  }
  return best;
}

std::vector<Record> at_place(Instance& instance, std::int64_t storage, std::string_view key) {
  std::string place(key);
  Expr named = Expr::any_of(
      {Expr::compare("key", Op::exact, Value(place)), Expr::compare("_real_key", Op::exact, Value(place))});
  if (key.starts_with(auto_prefix)) {
    place = place.substr(0, place.find('/', auto_prefix.size()));  // a file in a folder has the folder's place
    const auto name = place.substr(auto_prefix.size());
    named = Expr::compare("uid", Op::startswith, Value(name.substr(0, name.find('.'))));
  }
  // The storage is compared here: as a condition it would make the database choose an index with few values.
  auto rows = instance.database().all(
      {.registry = "Artifact", .where = std::move(named), .order_by = {"id"}, .any_branch = true});
  std::erase_if(
      rows, [&](const Record& row) { return row.at("storage").integer_or(0) != storage || place_of(row) != place; });
  return rows;
}

void check_key(std::string_view key) {
  base::check_key(key);
  if (key.find(auto_prefix) == std::string_view::npos) return;
  throw Error(Code::invalid_argument, "Do not pass key that contains a managed storage path in `.lamindb/`");
}

void check_key_of(const Record& artifact) {
  const auto key = artifact.text("key");
  check_key(key);
  const auto suffix = base::suffix_of(key);
  if (suffix == artifact.text("suffix")) return;
  throw Error(Code::invalid_argument,
              fmt::format("The suffix '{}' of the provided key is incorrect, it should be '{}'.", suffix,
                          artifact.text("suffix")))
      .known_as("InvalidArgument");
}

void install_place_hooks(Instance& instance) {
  auto& hooks = instance.database().hooks()["Artifact"];
  append_hook(hooks.before_insert, [](Database& database, Record& row) { check_schema_suffix(database, row); });
  append_update_hook(hooks, {"schema", "suffix"},
                     [](Database& database, const Record&, Record& now) { check_schema_suffix(database, now); });
  append_update_hook(hooks, {"uid", "key", "suffix", "storage", "_real_key", "_key_is_virtual", "_overwrite_versions"},
                     [&instance](Database&, const Record& old, Record& now) { before_update(instance, old, now); });
}

}  // namespace lamin::lake
