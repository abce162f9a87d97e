// run_source.cpp -- what the source file of a run says when it is finished: code, title, order of execution, a page.
#include <fmt/format.h>
#include "base/hash.hpp"
#include "base/redact.hpp"
#include "base/source_file.hpp"
#include "format/notebook.hpp"
#include "format/notebook_html.hpp"
#include "lake/lineage/attach.hpp"
#include "lamin/lineage.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace fs = std::filesystem;
namespace lake {
namespace {

constexpr std::int64_t most_bytes = 256 << 20;

Record transform_of(Instance& instance, const Record& run) {
  auto transform = instance.database().related_one(run, *run.table().find_relation("transform"));
  if (!transform) throw Error(Code::corrupt, fmt::format("run {} has no transform", run.uid()));
  return std::move(*transform);
}

/// Another version of the same program with this source.
std::optional<Record> twin_of(Instance& instance, const Record& transform, const std::string& hash) {
  return instance.database().first({.registry = "Transform",
                                    .where = Expr::all_of({Expr::compare("hash", Op::exact, Value(hash)),
                                                           Expr::compare("key", Op::exact, transform.at("key")),
                                                           Expr::compare("id", Op::ne, Value(transform.id()))}),
                                    .any_branch = true});
}

/// A version that was made because the source might change, which it did not, is taken back.
void become_version(Instance& instance, Record& run, const Record& draft, const Record& version) {
  auto& database = instance.database();
  run.set("transform", version.id());
  registry::Writes(database).save(run);
  const auto of_draft = Expr::compare("transform", Op::exact, Value(draft.id()));
  if (database.exists({.registry = "Run", .where = of_draft, .any_branch = true})) return;
  try {
    registry::Writes(database).remove(draft);
  } catch (const Error& error) {
    if (error.code() != Code::protected_row) throw;  // something refers to it: it stays, without a source
  }
}

/// In a transaction. Returns the run's transform, now with this source.
Record keep_source(Instance& instance, Record& run, const SourceCode& source) {
  auto transform = transform_of(instance, run);
  const auto hash = base::md5_base64(source.code);
  if (!source.title.empty() && transform.text("description") != source.title)
    transform.set("description", Value(source.title));
  if (!transform.at("hash").is_null() && transform.text("hash") != hash) {
    transform = make_transform(instance, {.uid = std::string(transform.uid().substr(0, 12)),
                                          .key = std::string(transform.text("key")),
                                          .kind = std::string(transform.text("kind")),
                                          .description = source.title,
                                          .source_code = source.code});
    run.set("transform", transform.id());
    return transform;
  }
  if (transform.at("hash").is_null()) {
    if (const auto twin = twin_of(instance, transform, hash)) {
      become_version(instance, run, transform, *twin);
      return *twin;
    }
    transform.set("source_code", Value(source.code));
    transform.set("hash", Value(hash));
  }
  registry::Writes(instance.database()).save(transform);
  return transform;
}

/// A page that another program has made of this file, or the notebook that is paired with it; empty if there is none.
fs::path page_beside(const fs::path& file) {
  const auto stem = file.stem().string();
  const fs::path candidates[] = {file.parent_path() / "__marimo__" / (stem + ".ipynb"),
                                 file.parent_path() / (stem + ".ipynb"), file.parent_path() / (stem + ".nb.html"),
                                 file.parent_path() / (stem + ".html"),
                                 file.parent_path() / (file.filename().string() + ".html")};
  std::error_code failed;
  for (const auto& one : candidates) {
    if (fs::is_regular_file(one, failed)) return one;
  }
  return {};
}

std::string page_of(const fs::path& file) {
  const auto text = base::small_file(file, most_bytes);
  if (file.extension() != ".ipynb") return base::redact_text(text);
  const auto notebook = format::read_notebook(text, file.string());
  return format::notebook_page(notebook, format::title_of(notebook));
}

}  // namespace
}  // namespace lake

std::string execution_gaps(const fs::path& file) {
  const auto notebook = format::read_notebook(base::small_file(file, lake::most_bytes), file.string());
  const auto gaps = format::gaps_in_execution(notebook, ".finish(");
  return gaps.empty() ? "" : format::shown(gaps);
}

Record save_run_source(Instance& instance, Record& run, const fs::path& file) {
  const auto source = source_of(file);
  Record transform;
  instance.database().transaction([&] {
    transform = lake::keep_source(instance, run, source);
    registry::Writes(instance.database()).save(run);
  });
  return transform;
}

bool save_run_report(Instance& instance, Record& run, const fs::path& file) {
  const auto page = file.extension() == ".ipynb" ? file : lake::page_beside(file);
  if (page.empty()) return false;
  if (page.extension() == ".ipynb") run.set("_is_consecutive", Value(execution_gaps(page).empty()));
  lake::attach(instance, run, "report", Source::of_bytes(lake::page_of(page), file.stem().string() + ".html"),
               fmt::format("Report of run {}", run.uid()));
  return true;
}

}  // namespace lamin
