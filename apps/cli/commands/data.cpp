// data.cpp -- save, load, create, delete.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "base/path.hpp"
#include "base/source_file.hpp"
#include "base/text.hpp"
#include "commands.hpp"
#include "faces/entity.hpp"
#include "lamin/artifact.hpp"
#include "lamin/collection.hpp"
#include "lamin/curate.hpp"
#include "lamin/feature.hpp"
#include "lamin/label.hpp"
#include "lamin/lineage.hpp"
#include "registry/values.hpp"

namespace lamin::cli {

namespace {

namespace fs = std::filesystem;

bool is_source(const fs::path& path) {
  static constexpr std::string_view suffixes[] = {".py",  ".ipynb", ".R",  ".r",   ".qmd",
                                                  ".Rmd", ".sh",    ".nf", ".smk", ".jl"};
  for (const auto suffix : suffixes) {
    if (path.extension() == suffix) return true;
  }
  return false;
}

std::string read_text(const fs::path& path) {
  constexpr std::int64_t most = 256 << 20;
  return base::small_file(path, most);
}

int save_transform(Instance& instance, const fs::path& path, const Given& given) {
  const auto extension = path.extension();
  const bool notebook = extension == ".ipynb" || extension == ".qmd" || extension == ".Rmd";
  const auto transform = make_transform(instance, {.key = given.text("key", path.filename().string()),
                                                   .kind = notebook ? "notebook" : "script",
                                                   .description = given.text("description"),
                                                   .source_code = read_text(path)});
  tell("→ saved: " + to_string(transform));
  return 0;
}

std::string required(const Given& given, const char* name, const char* why) {
  if (!given.has(name)) throw Error(Code::invalid_argument, std::string("Pass ") + name + ": " + why);
  return given.text(name);
}

Record create_schema(Instance& instance, const std::string& name, const Given& given) {
  SchemaOptions options{.name = name, .itype = given.text("itype"), .otype = given.text("otype")};
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

/// What a person writes for a field: a number, a time, the name or uid of the row that is meant.
Value setting(Instance& instance, const schema::Table& table, const std::string& field, const std::string& text) {
  const auto* column = table.find_column(field);
  if (column == nullptr) return Value(text);  // refused with the names that are near
  if (column->kind != schema::Kind::ref) return registry::as_looked_up(Value(text), column->type).value_or(Value(text));
  if (const auto named = find_by_name(instance, *column->to, text)) return Value(named->id());
  return Value(instance.database().get(*column->to, text).id());
}

Record create_any(Instance& instance, const schema::Table& table, const std::string& name, const Given& given) {
  std::map<std::string, Value> fields;
  if (!table.name_field.empty()) fields.emplace(table.name_field.str(), Value(name));
  if (given.has("dtype")) fields.emplace("_dtype_str", Value(given.text("dtype")));
  for (const auto& given_field : given.all("set")) {
    const auto equals = given_field.find('=');
    if (equals == given_field.npos)
      throw Error(Code::invalid_argument, "--set takes field=value, not '" + given_field + "'.");
    const std::string field = given_field.substr(0, equals);
    fields.insert_or_assign(field, setting(instance, table, field, given_field.substr(equals + 1)));
  }
  auto record = make_record(instance, table, fields);
  instance.database().save(record);
  return record;
}

}  // namespace

int save(const Given& given) {
  const auto instance = open();
  const fs::path path = given.text("path");
  const auto registry = given.text("registry", is_source(path) ? "transform" : "artifact");
  if (registry == "transform") return save_transform(*instance, path, given);
  if (registry != "artifact")
    throw Error(Code::invalid_argument, "--registry is artifact or transform, not '" + registry + "'.");
  std::optional<Curator> curator;
  ArtifactOptions options{.path = path,
                          .key = given.text("key"),
                          .description = given.text("description"),
                          .kind = given.text("kind"),
                          .links = links_called(given.text("links"))};
  if (given.has("schema")) {
    const auto schema = schema_called(*instance, given.text("schema"));
    curator.emplace(*instance, schema, read_slots(path));
    curator->validate();
    options.schema = schema.id();
    if (options.kind.empty()) options.kind = "dataset";
    options.n_observations = curator->slots().front().frame.rows();
  }
  auto draft = prepare_artifact(*instance, options);
  save_artifact(*instance, draft, [&](Record& artifact) {
    if (curator) curator->annotate(artifact);
  });
  const auto [root, key] = location(*instance, draft.record);
  tell("→ saved: " + to_string(draft.record));
  tell("→ storage path: " + root + "/" + key);
  std::printf("%s\n", std::string(draft.record.uid()).c_str());
  return 0;
}

int load(const Given& given) {
  const auto instance = open();
  const auto record = find(*instance, given);
  if (record.table().name == "Transform") {
    print_value(write_source(record, ".").string());
    return 0;
  }
  const bool collection = record.table().name == "Collection";
  if (!collection && record.table().name != "Artifact")
    throw Error(Code::invalid_argument, "Only artifacts, collections and transforms have content to load.");
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
  const auto name = table.name_field.empty() ? "" : required(given, "name", "what the new record is called.");
  const Record record =
      table.name == "Schema" ? create_schema(*instance, name, given) : create_any(*instance, table, name, given);
  tell("→ created: " + to_string(record));
  std::printf("%s\n", std::string(record.uid()).c_str());
  return 0;
}

int remove(const Given& given) {
  const auto entity = given.text("entity", "artifact");
  if (entity.find('/') != entity.npos) {
    delete_instance(entity, given.has("force"));
    std::fprintf(stderr, "→ deleted instance %s\n", entity.c_str());
    return 0;
  }
  const auto instance = open();
  auto record = find(*instance, given);
  if (!given.has("permanent") && record.table().has(schema::Trait::branched)) {
    trash(*instance, record);
    tell("→ moved record to trash: " + to_string(record));
  } else {
    if (record.table().name == "Artifact") delete_artifact(*instance, record, true);
    else instance->database().remove(record);
    tell("→ deleted: " + to_string(record));
  }
  return 0;
}

}  // namespace lamin::cli
