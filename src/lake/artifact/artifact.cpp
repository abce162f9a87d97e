// artifact.cpp -- prepare: from a path and options to the row that the bytes become.
#include "lamin/artifact.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <filesystem>
#include <set>
#include "base/path.hpp"
#include "base/text.hpp"
#include "base/uid.hpp"
#include "format/formats.hpp"
#include "lake/artifact/content.hpp"
#include "lake/artifact/holder.hpp"
#include "lake/artifact/place.hpp"
#include "lake/artifact/source.hpp"
#include "lake/rows/version.hpp"
#include "store/store.hpp"

namespace lamin {
namespace fs = std::filesystem;
namespace lake {
namespace {

// The suffix that path and key must share: a known one, otherwise whatever follows the last dot.
std::string raw_suffix(std::string_view path) {
  auto known = base::suffix_of(path);
  if (!known.empty()) return known;
  return base::lower(fs::path(std::string(path)).extension().string());
}

// A temporary file was written for the call, so that what is wrong is the key.
void check_key(const std::string& key, const fs::path& path, bool temporary) {
  lake::check_key(key);
  const auto of_path = raw_suffix(path.filename().string()), of_key = raw_suffix(key);
  if (of_path == of_key) return;
  throw Error(
      Code::invalid_argument,
      temporary
          ? fmt::format("The passed key's suffix '{}' must match the passed path's suffix '{}'.", of_key, of_path)
          : fmt::format("The passed path's suffix '{}' must match the passed key's suffix '{}'.", of_path, of_key))
      .known_as("InvalidArgument");
}

[[noreturn]] void refuse_own_folder() {
  throw Error(Code::invalid_argument, "Do not pass path inside the `.lamindb/` directory for non-s3/gs paths.");
}

// The storage that contains the source, to register it in place.
std::optional<InStorage> storage_to_register_in(std::optional<InStorage> inside) {
  if (inside && (inside->key.starts_with(auto_prefix) || inside->key == ".lamindb")) refuse_own_folder();
  return inside;
}

Record known_storage(Instance& instance, std::int64_t id) {
  auto storage = instance.database().find(instance.catalog().table("Storage"), id);
  if (!storage) throw Error(Code::not_found, fmt::format("there is no storage with id {}", id));
  if (storage->text("instance_uid") != instance.settings().uid()) {
    throw Error(Code::no_access, fmt::format("Cannot create an artifact in a storage location that is not managed by "
                                             "the current instance. '{}' can only be read by '{}'",
                                             storage->text("root"), instance.settings().slug()))
        .known_as("StorageNotManaged");
  }
  return *storage;
}

std::int64_t run_of(Instance& instance, const ArtifactOptions& options) {
  return options.run ? *options.run : instance.database().session().run;
}

// One preparation: options in, draft out.
class Preparation {
 public:
  Preparation(Instance& instance, const ArtifactOptions& options, LocalSource source, Telling telling)
      : instance_(instance),
        options_(options),
        telling_(telling),
        source_(std::move(source)),
        path_(source_.path),
        description_(options.description) {}

  Draft run() {
    content_ = source_.is_remote ? stated_content(instance_.store_of(source_.inside->storage), source_.inside->key)
                                 : read_content(path_, options_.links);
    draft_.hash = content_.hash.hash;
    draft_.hash_type = content_.hash.type;
    draft_.digest = content_.hash.digest;
    draft_.files = std::move(content_.files);
    draft_.links = std::move(content_.links);
    draft_.modes = std::move(content_.modes);
    draft_.run = run_of(instance_, options_);
    draft_.temporary_source = options_.temporary_source || source_.copy != nullptr;
    draft_.copy = source_.copy;
    find_revised();
    choose_place();
    if (draft_.run == 0 && !options_.run && telling_ == Telling::all) {
      tell(Level::warning, "no run & transform got linked, " + Words(Remedy{Remedy::Verb::track}));
    }
    if (find_existing()) return std::move(draft_);
    if (key_.empty() && description_.empty() && draft_.run == 0 && !revised_) {
      throw Error(Code::invalid_argument, "Pass one of key, run or description as a parameter");
    }
    make_new();
    return std::move(draft_);
  }

 private:
  std::int64_t branch() const { return options_.branch.value_or(instance_.database().session().branch); }

  void tell(Level level, const Words& words) {
    if (telling_ != Telling::nothing) instance_.say(level, words);
  }

  // `revises`: the named version, or the head of its family if that is no longer the latest.
  void find_revised() {
    if (options_.revises.empty()) {
      key_ = options_.key;
      return;
    }
    const auto& table = instance_.catalog().table("Artifact");
    revised_ = instance_.database().get(table, options_.revises);
    if (!revised_->at("is_latest").boolean_or(false)) {
      auto head = head_of_family(instance_, table, stem_of(*revised_), branch());
      if (head) {
        tell(Level::warning, "`revises` was not the latest version, updated it to the current head: " + named(*head));
        revised_ = std::move(head);
      }
    }
    const auto old_key = std::string(revised_->text("key"));
    key_ = options_.key.empty() ? old_key : options_.key;
    if (description_.empty()) description_ = revised_->text("description");
    check_tag(*revised_, options_.version_tag);
    if (!old_key.empty() && key_ != old_key) {
      tell(Level::warning, fmt::format("renaming artifact from '{}' to {}", old_key, key_));
    }
  }

  // In place if the path is in a storage, otherwise copied to the chosen one.
  void choose_place() {
    const auto inside = storage_to_register_in(source_.inside);
    if (inside && !(options_.storage && *options_.storage != inside->storage)) {
      storage_ = inside->storage;
      in_place_ = true;
      if (key_.empty()) key_ = inside->key;
      check_key(key_, path_, options_.temporary_source);
      real_key_ = key_ == inside->key ? std::string() : inside->key;
      virtual_key_ = !real_key_.empty();
      if (options_.key_is_virtual && *options_.key_is_virtual != virtual_key_) {
        throw Error(Code::invalid_argument,
                    fmt::format("Passing a path in an existing storage {} a virtual key and key_is_virtual={} is "
                                "incompatible.",
                                virtual_key_ ? "with" : "without", virtual_key_ ? "False" : "True"));
      }
      tell(Level::hint,
           fmt::format("path in storage '{}' with key '{}'",
                       instance_.database().find(instance_.catalog().table("Storage"), storage_)->text("root"), key_));
      return;
    }
    choose_storage();
    draft_.source = path_;
    virtual_key_ = options_.key_is_virtual.value_or(options_.virtual_keys);
    if (!key_.empty()) {
      check_key(key_, path_, options_.temporary_source);
      tell(Level::hint,
           fmt::format("path content will be copied to default storage upon `save()` with key '{}'", key_));
    }
  }

  // That of the caller, or the default one; a space has storages of its own, but not for the files of runs.
  void choose_storage() {
    const auto given = options_.storage ? std::optional(known_storage(instance_, *options_.storage)) : std::nullopt;
    const Record& storage = given ? *given : instance_.storage();
    storage_ = storage.id();
    constexpr std::int64_t all_spaces = 1;
    const auto current = instance_.database().session().space;
    const bool of_a_run = options_.kind == "__lamindb_run__";
    if (of_a_run || (!options_.space && (given || current == all_spaces))) {
      if (given) space_ = storage.at("space").integer_or(current);
      return;
    }
    const auto space = options_.space.value_or(current);
    if (storage.at("space").integer_or(all_spaces) == space) return;
    if (given) tell(Level::warning, "storage argument ignored as storage information from space takes precedence");
    storage_ = storage_of_space(space);
  }

  std::int64_t storage_of_space(std::int64_t space) {
    const auto storages = instance_.database().all(
        {.registry = "Storage",
         .where = Expr::all_of({Expr::compare("space", Op::exact, space),
                                Expr::compare("instance_uid", Op::exact, Value(instance_.settings().uid()))}),
         .order_by = {"id"}});
    if (storages.empty()) {
      const auto row = instance_.database().find(instance_.catalog().table("Space"), space);
      throw Error(Code::not_found, fmt::format("No storage location found for space '{}'. Register one in it, or set "
                                               "the space of an existing one",
                                               row ? row->text("name") : "?"))
          .known_as("NoStorageLocationForSpace");
    }
    if (storages.size() > 1) {
      tell(Level::warning, fmt::format("more than one storage location is managed by this instance for that space, "
                                       "choosing '{}'; pass storage for another",
                                       storages[0].text("root")));
    }
    return storages[0].id();
  }

  // The row that already has this content. As in LaminDB, the question is put off for a file that stays where it is:
  // when its draft is saved, the row with its key and content is found.
  bool find_existing() {
    const bool look = !options_.skip_hash_lookup.value_or(in_place_) && content_.hash.size != 0;
    if (!look || draft_.hash.empty()) return false;
    auto found = same_content(instance_, draft_.hash, draft_.hash_type, draft_.digest, draft_.links);
    const auto same_row = [&](const Record& r) {
      return r.at("storage").integer_or(0) == storage_ && r.text("key") == key_;
    };
    const auto live = [](const Record& r) { return r.at("branch").integer_or(1) != -1; };
    // Best first: the same key, then any. What is in the trash is not found.
    auto best = std::find_if(found.begin(), found.end(), [&](const Record& r) { return same_row(r) && live(r); });
    if (best == found.end()) best = std::find_if(found.begin(), found.end(), live);
    if (best == found.end()) return false;
    draft_.record = std::move(*best);
    draft_.existing = true;
    adopt();
    return true;
  }

  // Applies the call's options to the existing row.
  void adopt() {
    auto& record = draft_.record;
    tell(Level::important,
         fmt::format("returning artifact with same hash: {}; to track this artifact as an input, ", named(record)) +
             Words(Remedy{Remedy::Verb::get_input}));
    const auto update = [&](const char* field, const Value& value) {
      tell(Level::warning,
           fmt::format("updated {} from {} to {}", field, record.text(field).empty() ? "None" : record.text(field),
                       value.text_or("None")));
      record.set(field, value);
    };
    if (in_place_ && record.text("key") != key_ && bytes_are_gone(record)) {  // the file was moved in its storage
      tell(Level::warning, fmt::format("updating previous key {} to new key {}", record.text("key"), key_));
      record.set("key", Value(key_));
      record.set("_real_key", real_key_.empty() ? Value() : Value(real_key_));
      record.set("_key_is_virtual", Value(virtual_key_));
      record.set("storage", storage_);
    } else if (!key_.empty() && record.at("key").is_null()) {
      update("key", Value(key_));
    } else if (!key_.empty() && record.text("key") != key_) {
      tell(Level::warning,
           fmt::format("key {} on existing artifact differs from passed key {}, keeping original key; update manually "
                       "if needed",
                       record.text("key"), key_) +
               Words(Remedy{Remedy::Verb::duplicate}));
    }
    if (!options_.description.empty() && record.text("description") != options_.description) {
      update("description", Value(options_.description));
    }
    if (!options_.schema) return;
    if (record.at("schema").integer_or(0) != *options_.schema) record.set("schema", *options_.schema);
    check_schema_suffix(instance_.database(), record);  // the schema may have changed
  }

  bool bytes_are_gone(const Record& record) {
    return !holds_place(instance_, record) ||
           !instance_.store_of(record.at("storage").integer_or(0)).stat(place_of(record));
  }

  void make_new() {
    const auto& table = instance_.catalog().table("Artifact");
    if (!revised_ && !key_.empty()) {
      revised_ = head(instance_, table, "key", Value(key_), branch(), Expr::compare("storage", Op::exact, storage_));
      if (revised_) {
        const auto storage = instance_.database().find(instance_.catalog().table("Storage"), storage_);
        tell(Level::important,
             fmt::format("creating new artifact version for key '{}' in storage '{}'", key_, storage->text("root")));
        check_tag(*revised_, options_.version_tag);
      }
    }
    Record record(table);
    const auto set_text = [&](const char* field, const std::string& text) {
      if (!text.empty()) record.set(field, Value(text));
    };
    const auto suffix = base::suffix_of(path_.filename().string());
    record.set("uid", Value(revised_ ? next_uid(instance_, table, stem_of(*revised_)) : base::random_uid(16) + "0000"));
    set_text("key", key_);
    set_text("_real_key", real_key_);
    set_text("description", description_);
    set_text("kind", options_.kind);
    set_text("otype", !options_.otype.empty() || source_.is_remote ? options_.otype
                                                                   : std::string(format::otype_of(suffix, path_)));
    set_text("version_tag", options_.version_tag);
    record.set("branch", branch())
        .set("space", options_.space.value_or(space_.value_or(instance_.database().session().space)));
    record.set("storage", storage_);
    record.set("suffix", Value(suffix));
    record.set("size", content_.hash.size);
    if (!draft_.hash.empty()) record.set("hash", Value(draft_.hash)).set("_hash_type", Value(draft_.hash_type));
    const bool folder = content_.hash.files >= 0;
    if (folder) record.set("n_files", content_.hash.files);
    if (options_.n_observations) record.set("n_observations", *options_.n_observations);
    if (options_.schema) record.set("schema", *options_.schema);
    if (draft_.run != 0) record.set("run", draft_.run);
    record.set("_key_is_virtual", Value(virtual_key_));
    // A family always stores its versions in the same way.
    record.set("_overwrite_versions",
               Value(options_.overwrite_versions.value_or(revised_ ? overwrites(*revised_) : folder)));
    if (revised_) draft_.revises = revised_->id();
    draft_.key = key_;
    draft_.suffix = suffix;
    draft_.record = std::move(record);
  }

  Instance& instance_;
  const ArtifactOptions& options_;
  Telling telling_;
  LocalSource source_;
  const fs::path& path_;
  Draft draft_;
  Content content_;
  std::optional<Record> revised_;
  std::string description_, key_, real_key_;
  std::int64_t storage_ = 0;
  std::optional<std::int64_t> space_;  // that of the storage
  bool in_place_ = false, virtual_key_ = true;
};

}  // namespace

Draft prepare(Instance& instance, const ArtifactOptions& options, Telling telling) {
  if (!options.key.empty()) check_key(options.key);
  if (const auto* path = options.source.path(); path != nullptr && !fs::exists(*path)) {
    const auto text = path->string();
    if (text.starts_with(auto_prefix) || text.find("/" + std::string(auto_prefix)) != text.npos) refuse_own_folder();
  }
  try {
    auto remote = remote_source(instance, options.source, options.storage);
    return prepare(instance, options, remote ? std::move(*remote) : local_source(instance, options.source), telling);
  } catch (Error& e) {
    if (e.code() != Code::invalid_argument)  // which is about what the caller wrote
      e.add_context(fmt::format("while preparing artifact '{}'", options.source.text()));
    throw;
  }
}

Draft prepare(Instance& instance, const ArtifactOptions& options, LocalSource source, Telling telling) {
  return Preparation(instance, options, std::move(source), telling).run();
}

}  // namespace lake

Draft prepare_artifact(Instance& instance, const ArtifactOptions& options) {
  return lake::prepare(instance, options, lake::Telling::all);
}

namespace lake {
namespace {

// The files of a folder in a bucket, each where it is.
std::vector<Draft> remote_files(Instance& instance, const ArtifactOptions& options, const LocalSource& folder) {
  auto& store = instance.store_of(folder.inside->storage);
  std::vector<Draft> drafts;
  for (const auto& file : store.list(folder.inside->key)) {
    auto of_file = folder;
    of_file.path = "/" + file.key;
    of_file.inside->key = file.key;
    auto with = options;
    with.key.clear();
    if (!options.key.empty()) with.key = options.key + file.key.substr(folder.inside->key.size());
    drafts.push_back(prepare(instance, with, std::move(of_file), drafts.empty() ? Telling::all : Telling::of_content));
  }
  return drafts;
}

}  // namespace
}  // namespace lake

std::vector<Draft> prepare_files(Instance& instance, const ArtifactOptions& options) {
  if (const auto remote = lake::remote_source(instance, options.source, options.storage)) {
    return lake::remote_files(instance, options, *remote);
  }
  const auto local = lake::local_source(instance, options.source);
  const auto& folder = local.path;
  const auto prefix = !options.key.empty() ? options.key
                      : local.inside       ? local.inside->key
                                           : folder.filename().string();
  std::vector<Draft> drafts;
  std::set<std::string> seen;
  for (const auto& file : files_below(folder, options.links)) {
    auto of_file = options;
    of_file.source = folder / file;
    of_file.key = prefix + "/" + file;
    auto draft = lake::prepare(instance, of_file, seen.empty() ? lake::Telling::all : lake::Telling::of_content);
    if (seen.insert(draft.digest).second) {
      drafts.push_back(std::move(draft));
    } else {
      instance.say(Level::warning, fmt::format("dropping {}: its content is that of another file", file));
    }
  }
  return drafts;
}

std::pair<std::string, std::string> location(Instance& instance, const Record& artifact) {
  const auto id = artifact.at("storage").integer_or(0);
  if (id == instance.storage().id()) return {std::string(instance.storage().text("root")), lake::place_of(artifact)};
  const auto storage = instance.database().find(instance.catalog().table("Storage"), id);
  if (!storage) throw Error(Code::not_found, fmt::format("artifact '{}' names no storage that exists", artifact.uid()));
  return {std::string(storage->text("root")), lake::place_of(artifact)};
}

std::optional<Record> artifact_at(Instance& instance, const fs::path& path) {
  const auto inside = lake::in_storage(instance, base::resolve(path));
  if (!inside) return std::nullopt;
  auto rows = lake::at_place(instance, inside->storage, inside->key);
  if (rows.empty()) return std::nullopt;
  const auto holder = lake::holder_of(instance, inside->storage, lake::place_of(rows.front()));
  const auto held = std::ranges::find_if(rows, [&](const Record& row) { return row.uid() == holder.uid; });
  if (held == rows.end()) return std::nullopt;
  return std::move(*held);
}

std::optional<Record> find_artifact(Instance& instance, std::string_view key) {
  return lake::head(instance, instance.catalog().table("Artifact"), "key", Value(key),
                    instance.database().session().branch);
}

}  // namespace lamin
