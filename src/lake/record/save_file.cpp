// save_file.cpp -- saves a file as what it is: source code, a note, a dataset, or anything else as an artifact.
#include <fmt/format.h>
#include <utility>
#include "base/source_file.hpp"
#include "lamin/error.hpp"
#include "lamin/lineage.hpp"
#include "lamin/note.hpp"
#include "lamin/save.hpp"

namespace lamin {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view page = "README.md";  // about the whole instance
constexpr std::int64_t most_bytes_of_page = 16 << 20;

Record save_source(Instance& instance, const fs::path& path, const FileOptions& options) {
  auto source = source_of(path);
  const auto& [key, description] = std::pair(options.artifact.key, options.artifact.description);
  Record transform;
  instance.database().transaction([&] {
    transform = make_transform(instance, {.uid = options.stem_uid.empty() ? source.uid : options.stem_uid,
                                          .key = key.empty() ? source.key : key,
                                          .kind = source.kind,
                                          .description = description,
                                          .source_code = source.code});
    annotate(instance, transform, options.annotations);
  });
  return transform;
}

SavedFile save_as_note(Instance& instance, const fs::path& path, const Annotations& annotations) {
  auto note = save_note(instance, path);
  annotate(instance, note.record, annotations);
  return {.record = std::move(note.record), .renamed = note.renamed};
}

/// What the caller says of a plan stays.
void take_plan(Instance& instance, const fs::path& path, ArtifactOptions& options) {
  auto plan = read_plan(path);
  instance.say(Level::important, "saving artifact as kind \"plan\"");
  if (options.key.empty()) options.key = plan.key;
  if (options.description.empty()) options.description = plan.description;
  if (options.kind.empty()) options.kind = "plan";
  options.source = Source::of_bytes(std::move(plan.text), path.filename().string());
}

Record save_data(Instance& instance, const fs::path& path, FileOptions& options) {
  auto& artifact = options.artifact;
  if (!options.stem_uid.empty())
    artifact.revises = instance.database().get(instance.catalog().table("Artifact"), options.stem_uid).uid();
  if (options.schema) {
    if (content_type(instance, *options.schema, path, artifact.otype))
      return save_dataset(instance, *options.schema, artifact, options.annotations);
    artifact.schema = options.schema->id();
  }
  const bool is_page = (artifact.key.empty() ? path.filename().string() : artifact.key) == page;
  if (is_page) artifact.key = page;
  auto draft = prepare_artifact(instance, artifact);
  save_artifact(instance, draft, [&](Record& saved) {
    annotate(instance, saved, options.annotations);
    if (options.schema && options.annotations.features.empty())  // what it has must do
      set_feature_values(instance, saved, feature_values(instance, saved, true));
    if (is_page) write_page(instance, page, base::small_file(draft.source.string(), most_bytes_of_page));
  });
  return std::move(draft.record);
}

}  // namespace

std::string registry_of(const Instance& instance, const fs::path& file) {
  if (is_source(file)) return "Transform";
  return !is_plan(file) && is_note(instance, file) ? "Record" : "Artifact";
}

SavedFile save_file(Instance& instance, FileOptions options) {
  const auto* local = options.artifact.source.path();
  const fs::path path = local ? *local : fs::path(options.artifact.source.name());
  if (options.registry.empty()) {
    options.registry = local ? registry_of(instance, path) : "Artifact";
    if (local && is_plan(path)) take_plan(instance, fs::path(path), options.artifact);
    if (options.registry == "Record" && !options.artifact.key.empty()) options.registry = "Artifact";
  }
  if (options.schema && options.registry != "Artifact") {
    throw Error(
        Code::invalid_argument,
        fmt::format("A schema says what a dataset has, and '{}' would be saved as a {}: leave the schema out, or "
                    "save it as an Artifact.",
                    path.string(), options.registry));
  }
  if (options.registry == "Transform") return {.record = save_source(instance, path, options)};
  if (options.registry == "Record") return save_as_note(instance, path, options.annotations);
  if (options.registry == "Artifact") return {.record = save_data(instance, path, options)};
  throw Error(Code::invalid_argument,
              fmt::format("The registry is 'Artifact', 'Transform' or 'Record': '{}' is invalid.", options.registry));
}

}  // namespace lamin
