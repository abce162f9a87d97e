// data.cpp -- save, load, create, delete, restore.
#include <fmt/format.h>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>

#include "base/path.hpp"
#include "base/text.hpp"
#include "commands.hpp"
#include "faces/entity.hpp"
#include "lamin/artifact.hpp"
#include "lamin/branch.hpp"
#include "lamin/collection.hpp"
#include "lamin/curate.hpp"
#include "lamin/feature.hpp"
#include "lamin/label.hpp"
#include "lamin/lineage.hpp"
#include "lamin/note.hpp"
#include "lamin/remove.hpp"
#include "lamin/save.hpp"
#include "lamin/settings.hpp"
#include "lamin/storage.hpp"
#include "standard_input.hpp"

namespace lamin::cli {

namespace {

namespace fs = std::filesystem;

/// The note that `lamin load topic/my-note` names: its words may also be meant as an instance that is not known here.
Record note_called(Instance& instance, const std::string& path) {
  try {
    return note_at(instance, path);
  } catch (const Error& no_note) {
    if (no_note.code() != Code::not_found || std::ranges::count(path, '/') != 1 || path.ends_with(".md")) throw;
    try {
      static_cast<void>(find_settings(path));
    } catch (Error& no_instance) {
      no_instance.add_context(std::string("nor is there a note: ") + no_note.what());
      throw;
    }
    throw;
  }
}

std::string required(const Given& given, const char* name, const char* why) {
  if (!given.has(name)) throw Error(Code::invalid_argument, std::string("Pass ") + name + ": " + why);
  return given.text(name);
}

Record create_schema(Instance& instance, const std::string& name, const Given& given) {
  SchemaOptions options{
      .name = name, .itype = given.text("itype"), .otype = given.text("otype"), .suffix = given.text("suffix")};
  for (const auto& part : base::split(given.text("features"), ',')) {
    const std::string feature_name(base::trim(part));
    if (feature_name.empty()) continue;
    auto feature = find_by_name(instance, instance.catalog().table("Feature"), feature_name);
    if (!feature)
      throw Error(Code::not_found, "There is no feature '" + feature_name + "'. `lamin create feature " + feature_name +
                                       " --dtype ...` makes it.");
    options.members.push_back(*feature);
  }
  for (const auto& slot : given.all("slot")) {
    const auto equals = slot.find('=');
    if (equals == slot.npos)
      throw Error(Code::invalid_argument, "--slot takes \"slot=schema\", such as obs=my_obs, not '" + slot + "'.");
    options.slots.emplace_back(slot.substr(0, equals), schema_called(instance, slot.substr(equals + 1)));
  }
  auto draft = prepare_schema(instance, options);
  save_schema(instance, draft);
  return draft.record;
}

Record create_any(Instance& instance, const schema::Table& table, const std::string& name, const Given& given) {
  std::map<std::string, Value> fields;
  if (!table.name_field.empty() && !name.empty()) fields.emplace(table.name_field.str(), Value(name));
  if (given.has("dtype")) fields.emplace("_dtype_str", Value(given.text("dtype")));
  for (const auto& given_field : given.all("set")) {
    const auto [field, text] = assignment(given_field, "--set");
    fields.insert_or_assign(field, setting(instance, table, field, text));
  }
  auto record = make_record(instance, table, fields);
  lamin::save(instance, record);
  return record;
}

/// For this command only.
void work_on(Instance& instance, const Given& given) {
  if (given.has("branch")) instance.session().branch = branch(instance, given.text("branch")).id();
  if (given.has("space")) instance.session().space = space(instance, given.text("space")).id();
}

/// Whether ENTITY, without anything that says which record, is the name of an own instance.
bool is_instance(const Given& given) {
  if (!given.has("entity") || given.has("uid") || given.has("key") || given.has("name")) return false;
  const auto known = known_instances();
  return std::ranges::find(known, current_user().handle + "/" + given.text("entity")) != known.end();
}

Record storage_called(Instance& instance, const std::string& root) {
  if (auto known = find_storage(instance, root)) return std::move(*known);
  throw Error(Code::not_found,
              "There is no storage '" + root + "'. `lamin create storage --set root=" + root + "` registers it.");
}

SavedFile save_as_what_it_is(Instance& instance, const FileOptions& options) {
  try {
    return save_file(instance, options);
  } catch (Error& error) {
    const auto& [key, description] = std::pair(options.artifact.key, options.artifact.description);
    if (error.code() == Code::invalid_argument && key.empty() && description.empty())
      error.add_context("Please pass a key or description via --key or --description");
    throw;
  }
}

/// The newest run of a transform that has an environment.
std::optional<Record> environment_of(Instance& instance, const Record& transform) {
  const auto run =
      instance.database().first({.registry = "Run",
                                 .where = Expr::all_of({Expr::compare("transform", Op::exact, transform.id()),
                                                        Expr::compare("environment", Op::isnull, false)}),
                                 .order_by = {"-started_at", "-id"}});
  if (!run) return std::nullopt;
  return instance.database().find(instance.catalog().table("Artifact"), run->at("environment").integer_or(0));
}

int load_transform(Instance& instance, const Record& transform, bool with_environment) {
  const auto folder = dev_folder();
  const bool elsewhere = folder && folder->folder != fs::current_path();
  const auto path = write_source(transform, elsewhere ? folder->folder : fs::path("."));
  print_value(path.string());
  if (!with_environment) return 0;
  const auto environment = environment_of(instance, transform);
  if (!environment) {
    tell("! no run of " + lamin::named(transform) + " has an environment");
    return 0;
  }
  const auto beside = path.parent_path() / (path.stem().string() + "__requirements.txt");
  std::error_code failed;
  if (!fs::copy_file(cache_artifact(instance, *environment), beside, failed))
    throw Error(Code::conflict,
                fmt::format("'{}' could not be written: {}", beside.string(), failed ? failed.message() : "it exists"));
  print_value(beside.string());
  return 0;
}

void print_saved(Instance& instance, const SavedFile& saved) {
  for (const auto& line : saved.said) tell("→ " + line);
  const auto shown = lamin::named(saved.record);
  if (saved.renamed) tell("→ renamed record: " + shown);
  tell((saved.record.table().name == "Record" ? "→ saved note: " : "→ saved: ") + shown);
  if (saved.record.table().name == "Artifact") {
    const auto [root, key] = location(instance, saved.record);
    tell("→ storage path: " + root + "/" + key);
  }
  print_value(std::string(saved.record.uid()));
}

std::string_view shown_by(const schema::Table& table) {
  return table.name_field.empty() ? std::string_view("uid") : table.name_field.view();
}

int save_each(Instance& instance, const ArtifactOptions& options) {
  auto drafts = prepare_files(instance, options);
  save_artifacts(instance, drafts);
  for (const auto& draft : drafts) print_value(std::string(draft.record.uid()));
  tell(fmt::format("→ saved: {} artifact{}", drafts.size(), drafts.size() == 1 ? "" : "s"));
  return 0;
}

}  // namespace

int save(const Given& given) {
  const auto instance = open();
  if (given.text("path").empty()) throw Error(Code::invalid_argument, "PATH is empty: pass a file or folder.");
  std::optional<StandardInput> piped;
  if (given.text("path") == "-") {
    if (!given.has("key")) throw Error(Code::invalid_argument, "Pass --key with -: what is piped in has no name.");
    base::check_key(given.text("key"));
    piped.emplace(fs::path(given.text("key")).filename());
  }
  const fs::path path = piped ? piped->file() : fs::path(given.text("path"));
  if (given.has("each") && given.has("schema"))
    throw Error(Code::invalid_argument, "--schema goes with one dataset, --each with the files of a folder.");
  work_on(*instance, given);
  FileOptions options{.artifact = {.source = path,
                                   .key = given.text("key"),
                                   .description = given.text("description"),
                                   .kind = given.text("kind"),
                                   .links = links_called(given.text("links"))},
                      .stem_uid = given.text("stem-uid"),
                      .annotations = {.labels = labels_of(*instance, given)}};
  if (given.has("registry")) options.registry = faces::entity(instance->catalog(), given.text("registry")).name.str();
  if (given.has("storage")) options.artifact.storage = storage_called(*instance, given.text("storage")).id();
  if (given.has("schema")) options.schema = schema_called(*instance, given.text("schema"));
  if (given.has("each") && !options.annotations.empty())
    throw Error(Code::invalid_argument,
                "Labels go with one file, --each with all of a folder: `lamin annotate` labels them.");
  if (given.has("each")) return save_each(*instance, options.artifact);
  const auto saved = save_as_what_it_is(*instance, options);
  for (const auto& label : options.annotations.labels)
    tell("→ labeled with " + faces::entity_name(label.table()) + ": " +
         std::string(label.text(shown_by(label.table()))));
  print_saved(*instance, saved);
  return 0;
}

int load(const Given& given) {
  const auto instance = open(given);
  const auto entity = given.text("entity");
  const bool path = entity.find("://") == entity.npos && (entity.find('/') != entity.npos || entity.ends_with(".md"));
  if (entity == "README.md") {  // the page about the whole instance
    print_value(write_page_file(*instance, entity).string());
    return 0;
  }
  const auto record = path ? note_called(*instance, entity) : find(*instance, given);
  if (record.table().name == "Record") {
    print_value(write_note(*instance, record).string());
    return 0;
  }
  if (record.table().name == "Transform") return load_transform(*instance, record, given.has("with-env"));
  if (given.has("with-env"))
    throw Error(Code::invalid_argument, "--with-env goes with a transform: other records have no environment.");
  const bool collection = record.table().name == "Collection";
  if (!collection && record.table().name != "Artifact")
    throw Error(Code::invalid_argument, "Only artifacts, collections, transforms and notes have content to load.");
  const auto artifacts = collection ? ordered_artifacts(*instance, record) : std::vector{record};
  for (const auto& artifact : artifacts) print_value(cache_artifact(*instance, artifact).string());
  track_input(*instance, record);
  return 0;
}

int create(const Given& given) {
  const auto instance = open();
  const auto& table = faces::entity(instance->catalog(), given.text("registry"));
  if (table.name_field.empty() && given.has("name"))
    throw Error(Code::invalid_argument,
                "A " + table.name.str() + " has no name. Pass its fields by --set field=value.");
  // With --set the registry itself says what is required.
  const bool named = !table.name_field.empty() && given.all("set").empty();
  const auto name = named ? required(given, "name", "what the new record is called.") : given.text("name");
  const Record record =
      table.name == "Schema" ? create_schema(*instance, name, given) : create_any(*instance, table, name, given);
  tell("→ created: " + lamin::named(record));
  std::printf("%s\n", std::string(record.uid()).c_str());
  return 0;
}

int remove(const Given& given) {
  const auto entity = given.text("entity", "artifact");
  const bool at_address = entity.find("://") != entity.npos;
  if (!at_address && (entity.find('/') != entity.npos || is_instance(given))) {
    delete_instance(entity, given.has("force"));
    std::fprintf(stderr, "→ deleted instance %s\n", entity.c_str());
    return 0;
  }
  const auto instance = open(given);
  auto record = find(*instance, given);
  const bool permanent = given.has("permanent") || record.table().find_column("branch") == nullptr;
  if (given.has("storage") && given.has("keep-storage"))
    throw Error(Code::invalid_argument, "Pass one of --storage and --keep-storage.");
  if (!permanent && (given.has("storage") || given.has("keep-storage")))
    throw Error(Code::invalid_argument, "--storage and --keep-storage go with --permanent: the trash keeps the bytes.");
  RemoveOptions options;
  if (permanent) options.permanent = true;
  if (given.has("storage")) options.storage = true;
  if (given.has("keep-storage")) options.storage = false;
  const auto shown = lamin::named(record);
  lamin::remove(*instance, record, options);
  if (permanent) tell("→ deleted: " + shown);
  return 0;
}

int restore(const Given& given) {
  const auto instance = open(given);
  auto record = find(*instance, given);
  lamin::restore(*instance, record);
  tell("→ restored: " + lamin::named(record));
  return 0;
}

}  // namespace lamin::cli
