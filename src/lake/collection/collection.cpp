// collection.cpp -- which row a set of artifacts becomes, and how it is written.
//
// Invariants
//   1. A collection is visible with all its members or not at all.
//   2. If two save the same key at once, the second becomes the next version of the first; if two save the same set
//      under one key, both get the same row.
#include "lamin/collection.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <set>
#include "base/hash.hpp"
#include "base/path.hpp"
#include "base/text.hpp"
#include "base/uid.hpp"
#include "lake/collection/hooks.hpp"
#include "lake/instance/branches.hpp"
#include "lake/rows/hook_chain.hpp"
#include "lake/rows/linked.hpp"
#include "lake/rows/run_scope.hpp"
#include "lake/rows/version.hpp"
#include "lamin/lineage.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace lake {
namespace {

bool trashed(const Record& record) { return record.at("branch").integer_or(main_branch) == trash_branch; }

void check_schemas(Instance& instance, std::span<const Record> members, std::int64_t schema) {
  constexpr std::size_t most_named = 10;
  std::vector<std::string> others;
  for (const Record& artifact : members)
    if (artifact.at("schema").integer_or(0) != schema) others.emplace_back(artifact.uid());
  if (others.empty()) return;
  const auto n = others.size();
  if (n > most_named) others.resize(most_named);
  const auto row = instance.database().find(instance.catalog().table("Schema"), schema);
  throw Error(
      Code::validation,
      fmt::format("Artifact schemas do not match the collection schema {}: {} of {} artifacts {} validated with "
                  "another one or none ({}{}): validate them with it, or leave the schema out",
                  row ? named(*row) : std::to_string(schema), n, members.size(), n == 1 ? "was" : "were",
                  base::join(others, ", "), n > most_named ? ", ..." : ""));
}

/// Each artifact once, in order; refuses what cannot be in a collection.
std::vector<Record> members_of(Instance& instance, const CollectionOptions& options) {
  if (options.artifacts.empty()) throw Error(Code::invalid_argument, "a collection needs artifacts: pass at least one");
  std::vector<Record> members;
  std::set<std::int64_t> ids;
  std::map<std::string_view, std::string_view> by_hash;
  for (const Record& artifact : options.artifacts) {
    if (!artifact || artifact.table().qualified != "Artifact") {
      throw Error(Code::invalid_argument, "a collection consists of artifacts, not of " +
                                              (artifact ? artifact.table().qualified.str() : std::string("nothing")));
    }
    if (!artifact.saved()) {
      throw Error(Code::invalid_argument, "Not all artifacts are yet saved, please save them: " + named(artifact));
    }
    const auto hash = artifact.text("hash");
    if (!hash.empty() && !by_hash.emplace(hash, artifact.uid()).second) {
      instance.say(Level::warning, fmt::format("your collection contains artifacts with non-unique hashes: {} and {}",
                                               by_hash.at(hash), artifact.uid()));
    }
    if (ids.insert(artifact.id()).second) members.push_back(artifact);
  }
  if (options.schema) check_schemas(instance, members, *options.schema);
  return members;
}

/// The row with this set: under the key, otherwise (if `others` count) any live one, otherwise one of the key in the
/// trash.
std::optional<Record> same_set(Instance& instance, const std::string& hash, const std::string& key, bool others) {
  if (hash.empty()) return {};
  auto found = instance.database().all({.registry = "Collection",
                                        .where = Expr::compare("hash", Op::exact, Value(hash)),
                                        .order_by = {"-id"},
                                        .any_branch = true});
  const auto same_key = [&](const Record& r) { return r.text("key") == key; };
  auto best = std::find_if(found.begin(), found.end(), [&](const Record& r) { return same_key(r) && !trashed(r); });
  if (best == found.end() && others) best = std::find_if_not(found.begin(), found.end(), trashed);
  if (best == found.end()) best = std::find_if(found.begin(), found.end(), same_key);
  if (best == found.end()) return {};
  return std::move(*best);
}

/// Applies the call's values to the existing row.
void adopt(Instance& instance, Record& record, const std::string& key, const std::string& description) {
  instance.say(Level::warning, fmt::format("returning collection{} with same hash: {}",
                                           trashed(record) ? " from trash" : "", named(record)));
  if (trashed(record)) record.set("branch", Value(main_branch));
  for (const auto& [field, value] : {std::pair("key", &key), std::pair("description", &description)}) {
    if (value->empty() || record.text(field) == *value) continue;
    instance.say(Level::warning, fmt::format("updated {} from {} to {}", field,
                                             record.at(field).is_null() ? "None" : record.text(field), *value));
    record.set(field, Value(*value));
  }
}

std::int64_t target_branch(Instance& instance, const CollectionOptions& options) {
  return options.branch.value_or(instance.database().session().branch);
}

/// The version to be replaced: the one named, or the latest of its family if it is outdated.
std::optional<Record> named_version(Instance& instance, const CollectionOptions& options) {
  if (options.revises.empty()) return {};
  auto named = instance.database().get(instance.catalog().table("Collection"), options.revises);
  if (!named.at("is_latest").boolean_or(false)) {
    if (auto latest = head_of_family(instance, named.table(), stem_of(named), target_branch(instance, options))) {
      instance.say(Level::warning,
                   "`revises` was not the latest version, updated it to the current head: " + lamin::named(*latest));
      named = std::move(*latest);
    }
  }
  return named;
}

Record blank(Instance& instance, const CollectionOptions& options, const std::string& key, const std::string& hash,
             const std::optional<Record>& revises, std::int64_t run) {
  const auto& table = instance.catalog().table("Collection");
  if (revises) check_tag(*revises, options.version_tag);
  Record record(table);
  const auto set_text = [&](const char* field, const std::string& text) {
    if (!text.empty()) record.set(field, Value(text));
  };
  record.set("uid", Value(revises ? next_uid(instance, table, stem_of(*revises)) : base::random_uid(16) + "0000"));
  record.set("branch", target_branch(instance, options));
  record.set("space", options.space.value_or(instance.database().session().space));
  set_text("key", key);
  set_text("hash", hash);
  const bool says = !options.description.empty() || !revises;
  set_text("description", says ? options.description : std::string(revises->text("description")));
  set_text("reference", options.reference);
  set_text("reference_type", options.reference_type);
  set_text("version_tag", options.version_tag);
  if (run != 0) record.set("run", run);
  if (options.schema) record.set("schema", *options.schema);
  if (options.meta_artifact) record.set("meta_artifact", *options.meta_artifact);
  return record;
}

/// What a run put together is what it used, unless the run made it.
void track_inputs(Instance& instance, const CollectionDraft& draft) {
  if (!draft.tracks_inputs || draft.run == 0) return;
  const RunScope scope(instance.database(), draft.run);
  for (const Record& artifact : draft.artifacts) track_input(instance, artifact);
  if (draft.revises && draft.revises->id() != draft.record.id()) track_input(instance, *draft.revises);
}

/// In a transaction: adds the run that recreated it, unless the run read it.
void save_known(Instance& instance, CollectionDraft& draft) {
  auto& database = instance.database();
  Record& record = draft.record;
  const auto stored = database.find(record.table(), record.id());
  if (!stored) throw Error(Code::conflict, fmt::format("collection {} was deleted meanwhile", record.uid()));
  if (draft.run != 0 && record.at("run").is_null()) {
    database.say(Level::warning, fmt::format("run was not set on {}, setting to current run", named(record)));
    record.set("run", draft.run);
  }
  if (stored->values() != record.values()) registry::Writes(database).save(record);
  if (draft.run == 0 || record.at("run").integer_or(0) == draft.run) return;
  Query inputs = database.related(record, *record.table().find_relation("input_of_runs"));
  inputs.where = Expr::all_of({inputs.where, Expr::compare("id", Op::exact, draft.run)});
  if (database.exists(inputs)) return;
  const std::int64_t runs[] = {draft.run};
  registry::Writes(database).link(record, *record.table().find_relation("recreating_runs"), runs);
}

/// In a transaction: writes the row as the next version of its family, its members, the run's inputs.
void save_new(Instance& instance, CollectionDraft& draft) {
  auto& database = instance.database();
  Record& record = draft.record;
  const auto family =
      draft.revises ? head_of_family(instance, record.table(), stem_of(*draft.revises), branch_of(instance, record))
                    : head(instance, record.table(), "key", record.at("key"), branch_of(instance, record));
  if (family) record.set("uid", Value(next_uid(instance, record.table(), stem_of(*family))));
  const RunScope scope(database, draft.run);
  registry::Writes(database).save(record);
  std::vector<std::int64_t> ids;
  for (const Record& artifact : draft.artifacts) ids.push_back(artifact.id());
  registry::Writes(database).link(record, *record.table().find_relation("artifacts"), ids);
}

}  // namespace
}  // namespace lake

std::string collection_hash(std::span<const Record> artifacts) {
  std::set<std::string> hashes;
  for (const Record& artifact : artifacts) {
    if (const auto hash = artifact.text("hash"); !hash.empty()) hashes.emplace(hash);
  }
  return hashes.empty() ? "" : base::md5_base64(base::join(std::vector(hashes.begin(), hashes.end()), ":"));
}

CollectionDraft prepare_collection(Instance& instance, const CollectionOptions& options) {
  CollectionDraft draft;
  draft.artifacts = lake::members_of(instance, options);
  draft.run = options.run.value_or(instance.database().session().run);
  draft.revises = lake::named_version(instance, options);
  const std::string key = options.key.empty() && draft.revises ? std::string(draft.revises->text("key")) : options.key;
  if (key.empty()) throw Error(Code::invalid_argument, "a collection needs a key, such as 'study/plates'");
  base::check_key(key);
  const auto hash = collection_hash(draft.artifacts);
  if (auto known = lake::same_set(instance, hash, key, !options.skip_hash_lookup)) {
    lake::adopt(instance, *known, key, options.description);
    draft.record = std::move(*known);
    draft.existing = true;
    return draft;
  }
  if (!draft.revises) {
    draft.revises = lake::head(instance, instance.catalog().table("Collection"), "key", Value(key),
                               lake::target_branch(instance, options));
  }
  draft.record = lake::blank(instance, options, key, hash, draft.revises, draft.run);
  return draft;
}

void save_collection(Instance& instance, CollectionDraft& draft) {
  const Record unsaved = draft.record;
  for (int attempt = 1;; ++attempt) {
    try {
      instance.database().transaction([&] {
        draft.record = unsaved;
        if (draft.existing) lake::save_known(instance, draft);
        else lake::save_new(instance, draft);
        lake::track_inputs(instance, draft);
      });
      draft.existing = true;
      return;
    } catch (Error& e) {
      draft.record = unsaved;
      if (e.code() != Code::conflict || draft.existing || attempt == 3) {
        e.add_context(fmt::format("while saving collection '{}'", unsaved.text("key")));
        throw;
      }
      // Another process was first: it saved the same set or took the uid.
      if (auto same =
              lake::same_set(instance, std::string(unsaved.text("hash")), std::string(unsaved.text("key")), false)) {
        draft.record = std::move(*same);
        draft.existing = true;
        return save_collection(instance, draft);
      }
    }
  }
}

CollectionDraft append(Instance& instance, const Record& collection, const Record& artifact,
                       std::optional<std::int64_t> run) {
  CollectionOptions options{.artifacts = ordered_artifacts(instance, collection),
                            .key = std::string(collection.text("key")),
                            .description = std::string(collection.text("description")),
                            .revises = std::string(collection.uid()),
                            .run = run};
  if (const auto schema = collection.at("schema").integer_or(0); schema != 0) options.schema = schema;
  options.artifacts.push_back(artifact);
  return prepare_collection(instance, options);
}

void verify_schema(Instance& instance, const Record& collection) {
  const auto schema = collection.at("schema").integer_or(0);
  if (schema == 0) throw Error(Code::invalid_argument, "First set a schema: " + named(collection) + " has none");
  lake::check_schemas(instance, ordered_artifacts(instance, collection), schema);
}

void lake::install_collection_hooks(Instance& instance) {
  append_update_hook(instance.database().hooks()["Collection"], {"schema"},
                     [&instance](Database&, const Record& old, Record& now) {
                       if (old.at("schema") == now.at("schema") || now.at("schema").is_null()) return;
                       verify_schema(instance, now);
                     });
}

std::vector<Record> ordered_artifacts(Instance& instance, const Record& collection) {
  return lake::linked_in_order(instance.database(), collection, *collection.table().find_relation("artifacts"));
}

}  // namespace lamin
