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

/// The user's latest run of a notebook, which may have been made elsewhere; a new one if there is none.
Record run_of(Instance& instance, const Record& transform, std::vector<std::string>& said) {
  auto& database = instance.database();
  auto run = database.first({.registry = "Run",
                             .where = Expr::compare("transform", Op::exact, Value(transform.id())),
                             .order_by = {"-started_at", "-id"}});
  if (run) return std::move(*run);
  auto made = start_run(instance, transform, {.tracked = false});
  finish_run(instance, made, RunStatus::completed);
  said.push_back(fmt::format("found no run, creating Run('{}') to display the html", made.uid()));
  return made;
}

/// R Markdown and Quarto are rendered by other programs, which leave a page beside the file.
void check_rendered(const fs::path& path) {
  if (path.extension() != ".qmd" && path.extension() != ".Rmd") return;
  const fs::path pages[] = {fs::path(path).replace_extension(".html"), fs::path(path).replace_extension(".nb.html")};
  const bool html = fs::exists(pages[0]), nb_html = fs::exists(pages[1]);
  if (!html && !nb_html && !fs::exists(path.string() + ".html")) {
    throw Error(Code::not_found, fmt::format("Please export your {} file as an html file here {}",
                                             path.extension().string(), pages[0].string()));
  }
  if (html && nb_html) {
    throw Error(Code::conflict,
                fmt::format("Please delete one of\n - {}\n - {}", pages[0].string(), pages[1].string()));
  }
}

SavedFile save_source(Instance& instance, const fs::path& path, const FileOptions& options) {
  SavedFile saved;
  check_rendered(path);
  const auto source = source_of(path);
  const auto uid = options.stem_uid.empty() ? source.uid : options.stem_uid;
  if (!uid.empty() && options.stem_uid.empty())
    saved.said.push_back(fmt::format("mapped '{}' on uid '{}'", path.filename().string(), uid));
  instance.database().transaction([&] {
    auto tracked = track_transform(
        instance, {.path = path, .uid = uid, .key = options.artifact.key, .description = options.artifact.description});
    saved.record = std::move(tracked.record);
    if (saved.said.size() < 2) saved.said.push_back(tracked.said);
    annotate(instance, saved.record, options.annotations);
  });
  if (saved.record.text("kind") != "notebook") return saved;
  auto run = run_of(instance, saved.record, saved.said);
  saved.record = save_run_source(instance, run, path);
  save_run_report(instance, run, path);
  if (path.extension() != ".ipynb") return saved;
  const auto gaps = execution_gaps(path);
  if (!gaps.empty()) instance.say(Level::warning, fmt::format("cells {} were not run consecutively", gaps));
  return saved;
}

SavedFile save_as_note(Instance& instance, const fs::path& path, const Annotations& annotations) {
  auto note = save_note(instance, path);
  annotate(instance, note.record, annotations);
  return {.record = std::move(note.record), .renamed = note.renamed};
}

/// What the caller says of a plan stays.
void take_plan(Instance& instance, const fs::path& path, ArtifactOptions& options) {
  auto plan = read_plan(path);
  instance.say(Level::important, "saving artifact as `kind=\"plan\"`");
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
  if (options.registry == "Transform") return save_source(instance, path, options);
  if (options.registry == "Record") return save_as_note(instance, path, options.annotations);
  if (options.registry == "Artifact") return {.record = save_data(instance, path, options)};
  throw Error(Code::invalid_argument,
              fmt::format("The registry is 'Artifact', 'Transform' or 'Record': '{}' is invalid.", options.registry));
}

}  // namespace lamin
