// replace.cpp -- other content for the same version.
#include <fmt/format.h>
#include "base/path.hpp"
#include "lake/artifact/content.hpp"
#include "lake/artifact/holder.hpp"
#include "lake/artifact/moves.hpp"
#include "lake/artifact/place.hpp"
#include "lake/artifact/source.hpp"
#include "lamin/artifact.hpp"

namespace lamin {
namespace lake {
namespace {

[[noreturn]] void refuse(std::string text) { throw Error(Code::invalid_argument, std::move(text)); }

void check_replaceable(Instance& instance, const Record& artifact) {
  if (!artifact.saved()) refuse(fmt::format("{} is not saved: there is nothing to replace", named(artifact)));
  const auto storage =
      instance.database().find(instance.catalog().table("Storage"), artifact.at("storage").integer_or(0));
  if (!storage || storage->text("instance_uid") != instance.settings().uid()) {
    refuse(fmt::format(
        "Cannot replace the content of an artifact in a storage location that is not managed by the current "
        "instance: '{}'",
        storage ? storage->text("root") : "?"));
  }
  if (!holds_place(instance, artifact))
    refuse(fmt::format("a later version has replaced the content of artifact {}: replace that of the later one",
                       artifact.uid()));
}

void check_source(Instance& instance, const LocalSource& source, const Content& content, const Record& artifact) {
  if (source.inside) {
    const auto storage = instance.database().find(instance.catalog().table("Storage"), source.inside->storage);
    refuse(fmt::format("Can only replace with a local path not in any Storage. This data is in {}.",
                       storage ? storage->text("root") : "?"));
  }
  const bool was_folder = !artifact.at("n_files").is_null(), folder = content.hash.files >= 0;
  if (was_folder == folder) return;
  const auto word = [](bool is_folder) { return is_folder ? "a folder" : "a file"; };
  refuse(fmt::format("It is not allowed to replace {} with {}.", word(was_folder), word(folder)));
}

}  // namespace
}  // namespace lake

Draft prepare_replacement(Instance& instance, const Record& artifact, const ArtifactOptions& options) {
  auto source = lake::local_source(instance, options.source);
  auto content = lake::read_content(source.path, options.links);
  lake::check_replaceable(instance, artifact);
  lake::check_source(instance, source, content, artifact);
  Draft draft{.record = artifact,
              .existing = true,
              .source = source.path,
              .temporary_source = options.temporary_source || source.copy != nullptr,
              .copy = source.copy,
              .hash = content.hash.hash,
              .hash_type = content.hash.type,
              .digest = content.hash.digest,
              .files = std::move(content.files),
              .links = std::move(content.links),
              .run = options.run ? *options.run : instance.database().session().run};
  if (lake::has_content(instance, artifact, draft.hash_type, draft.digest, draft.links)) {
    instance.say(Level::important, fmt::format("{} has this content already", named(artifact)));
    return draft;
  }
  draft.replaces = true;
  auto& record = draft.record;
  const auto suffix = base::suffix_of(source.path.filename().string());
  if (suffix != artifact.text("suffix")) {
    record.set("suffix", Value(suffix));
    lake::follow_suffix(artifact, record);
    if (!artifact.at("key").is_null()) {
      instance.say(Level::warning, fmt::format("replacing the file will replace key '{}' with '{}'",
                                               artifact.text("key"), record.text("key")));
    }
  }
  record.set("size", content.hash.size).set("hash", Value(draft.hash)).set("_hash_type", Value(draft.hash_type));
  if (content.hash.files >= 0) record.set("n_files", content.hash.files);
  record.set("n_observations", options.n_observations ? Value(*options.n_observations) : Value());
  record.set("run", draft.run == 0 ? Value() : Value(draft.run));
  return draft;
}

}  // namespace lamin
