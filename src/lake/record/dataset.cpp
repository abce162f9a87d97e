// dataset.cpp -- saves a dataset with its schema and labels, or later annotations of a record, in one commit each.
#include <utility>
#include "lake/artifact/source.hpp"
#include "lamin/error.hpp"
#include "lamin/note.hpp"
#include "lamin/save.hpp"

namespace lamin {

Record save_dataset(Instance& instance, const Record& schema, ArtifactOptions options, const Annotations& annotations) {
  const auto local = lake::local_source(instance, options.source);
  Curator curator(instance, schema, read_slots(local.path));
  curator.validate();
  if (options.kind.empty()) options.kind = "dataset";
  if (!options.n_observations) options.n_observations = curator.slots().front().frame.rows();
  options.schema = schema.id();
  auto draft = lake::prepare(instance, options, local, lake::Telling::all);
  save_dataset(instance, curator, draft, annotations);
  return std::move(draft.record);
}

namespace {

/// What the content says, then what the caller adds.
std::function<void(Record&)> annotator(Instance& instance, Curator& curator, const Annotations& annotations) {
  return [&instance, &curator, &annotations](Record& artifact) {
    curator.annotate(artifact);
    annotate(instance, artifact, annotations);
  };
}

}  // namespace

void save_dataset(Instance& instance, Curator& curator, Draft& draft, const Annotations& annotations) {
  draft.record.set("schema", Value(curator.schema().id()));
  SaveItem item{.record = &draft.record, .draft = &draft, .annotate = annotator(instance, curator, annotations)};
  save_all(instance, {&item, 1});
}

void annotate_dataset(Instance& instance, Curator& curator, Record& artifact, const Annotations& annotations) {
  if (curator.changed()) {
    throw Error(Code::invalid_argument, "the dataset was changed, but the file of " + named(artifact) +
                                            " was not: write it to a new file, and save that as the next version");
  }
  Record work = artifact;
  work.set("schema", Value(curator.schema().id()));
  SaveItem item{.record = &work, .annotate = annotator(instance, curator, annotations)};
  save_all(instance, {&item, 1});
  artifact = std::move(work);
}

void annotate(Instance& instance, Record& record, const Annotations& annotations) {
  if (annotations.empty()) return;
  Record work;
  instance.database().transaction([&] {
    work = record;
    if (!annotations.labels.empty()) add_labels(instance, work, annotations.labels);
    if (!annotations.features.empty()) update_feature_values(instance, work, annotations.features);
    if (!annotations.version_tag.empty()) {
      work.set("version_tag", Value(annotations.version_tag));
      save(instance, work);
    }
    if (!annotations.readme.empty()) write_readme(instance, work, annotations.readme);
    if (!annotations.comment.empty()) add_comment(instance, work, annotations.comment);
  });
  record = std::move(work);
}

}  // namespace lamin
