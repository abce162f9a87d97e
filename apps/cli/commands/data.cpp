// data.cpp -- load, create, delete, restore.
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
#include "lamin/lamin_uri.hpp"
#include "lamin/lineage.hpp"
#include "lamin/note.hpp"
#include "lamin/remove.hpp"
#include "lamin/save.hpp"
#include "lamin/settings.hpp"

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

/// Whether ENTITY, without anything that says which record, is the name of an own instance.
bool is_instance(const Given& given) {
  if (!given.has("entity") || given.has("uid") || given.has("key") || given.has("name")) return false;
  const auto known = known_instances();
  return std::ranges::find(known, current_user().handle + "/" + given.text("entity")) != known.end();
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

/// All artifacts that a pattern names; what is elsewhere is fetched together.
int load_all(Instance& instance, const Given& given) {
  const auto artifacts = find_all(instance, given);
  if (artifacts.front().table().name != "Artifact")
    throw Error(Code::invalid_argument, "A pattern of keys names artifacts: load anything else by its key.");
  const auto paths = cache_artifacts(instance, artifacts);
  for (std::size_t i = 0; i < artifacts.size(); ++i) {
    print_place(artifacts[i], paths[i].string(), given.has("json"));
    track_input(instance, artifacts[i]);
  }
  return 0;
}

}  // namespace

int load(const Given& given) {
  const auto instance = open(given);
  const auto entity = given.text("entity");
  if (is_artifact_uri(entity) && !given.has("with-env")) {  // which may name a file in a folder
    const auto local = local_artifact(*instance, entity);
    print_place(local.artifact, local.path.string(), given.has("json"));
    track_input(*instance, local.artifact);
    return 0;
  }
  const bool path = entity.find("://") == entity.npos && (entity.find('/') != entity.npos || entity.ends_with(".md"));
  if (entity == "README.md") {  // the page about the whole instance
    print_value(write_page_file(*instance, entity).string());
    return 0;
  }
  if (!path && given.text("key").find_first_of("*?") != std::string::npos) return load_all(*instance, given);
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
  for (const auto& artifact : artifacts)
    print_place(artifact, cache_artifact(*instance, artifact).string(), given.has("json"));
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
  print(fmt::format("{}\n", record.uid()));
  return 0;
}

namespace {

int remove_path(const Given& given) {
  const auto instance = open();
  const auto path = given.text("path");
  if (!remove_scrap(*instance, path))
    throw Error(
        Code::invalid_argument,
        fmt::format("'{}' is not below the default storage, so it is not deleted: --path takes a file or folder "
                    "there that is part of no artifact.",
                    path));
  tell("→ deleted: " + path);
  return 0;
}

}  // namespace

int remove(const Given& given) {
  if (given.has("path")) return remove_path(given);
  const auto entity = given.text("entity", "artifact");
  const bool at_address = entity.find("://") != entity.npos;
  if (!at_address && (entity.find('/') != entity.npos || is_instance(given))) {
    delete_instance(entity, given.has("force"));
    std::fprintf(stderr, "→ deleted instance %s\n", entity.c_str());
    return 0;
  }
  const auto instance = open(given);
  auto records = find_all(*instance, given);
  const bool permanent = given.has("permanent") || records.front().table().find_column("branch") == nullptr;
  if (given.has("storage") && given.has("keep-storage"))
    throw Error(Code::invalid_argument, "Pass one of --storage and --keep-storage.");
  if (!permanent && (given.has("storage") || given.has("keep-storage")))
    throw Error(Code::invalid_argument, "--storage and --keep-storage go with --permanent: the trash keeps the bytes.");
  RemoveOptions options;
  if (permanent) options.permanent = true;
  if (given.has("storage")) options.storage = true;
  if (given.has("keep-storage")) options.storage = false;
  for (auto& record : records) {
    const auto shown = lamin::named(record);
    const auto before = record;
    lamin::remove(*instance, record, options);
    if (permanent) tell("→ deleted: " + shown);
    if (given.has("json")) print_record(before, true);
  }
  return 0;
}

int restore(const Given& given) {
  const auto instance = open(given);
  for (auto& record : find_all(*instance, given, true)) {
    lamin::restore(*instance, record);
    tell("→ restored: " + lamin::named(record));
    if (given.has("json")) print_record(record, true);
  }
  return 0;
}

}  // namespace lamin::cli
