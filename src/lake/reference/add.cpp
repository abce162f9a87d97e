// add.cpp -- releases in the registry of sources: with a file of their own, and those that the program knows.
#include <map>
#include <tuple>
#include "base/path.hpp"
#include "base/text.hpp"
#include "lake/reference/reference.hpp"
#include "lamin/artifact.hpp"
#include "lamin/error.hpp"
#include "modules/initial_rows.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace {

/// The row of a release that may be registered.
std::optional<Record> registered(Instance& instance, const Record& release) {
  std::vector<Expr> same;
  for (const char* field : {"entity", "organism", "name", "version"})
    same.push_back(Expr::compare(field, Op::exact, release.at(field)));
  return instance.database().first(
      {.registry = "bionty.Source", .where = Expr::all_of(std::move(same)), .any_branch = true});
}

/// The same release, as a source of another registry.
Record for_registry(const schema::Table& table, const Record& release) {
  Record copy(release.table());
  for (const char* field : {"organism", "name", "version", "currently_used", "description", "url", "source_website"})
    copy.set(field, release.at(field));
  copy.set("entity", Value(table.qualified.view()));
  return copy;
}

Record row_of(const schema::Table& sources, const modules::PublicSource& known) {
  Record row(sources);
  for (const auto& [field, value] : {std::pair{"entity", known.entity},
                                     {"organism", known.organism},
                                     {"name", known.name},
                                     {"version", known.version},
                                     {"description", known.description},
                                     {"url", known.url},
                                     {"source_website", known.website}}) {
    row.set(field, Value(value));
  }
  row.set("currently_used", Value(false));
  return row;
}

}  // namespace

Record add_source(Instance& instance, std::string_view registry, Record release, const std::filesystem::path& file) {
  const auto& table = instance.catalog().table(registry);
  if (release.text("entity") != table.qualified) release = for_registry(table, release);
  if (!release.saved()) {
    if (auto known = registered(instance, release)) release = std::move(*known);
  }
  if (release.saved() && file.empty() && !release.at("dataframe_artifact").is_null()) return release;
  const auto from = file.empty() ? release_file(instance, release) : file;
  auto suffix = base::suffix_of(from.filename().string());  // ".json.zst"
  if (suffix.empty()) suffix = base::lower(from.extension().string());
  auto draft = prepare_artifact(instance, {.source = from,
                                           .key = lake::file_stem(release) + suffix,
                                           .kind = "__lamindb_run__",
                                           .run = 0,
                                           .overwrite_versions = false});
  Record work;
  save_artifact(instance, draft, [&](Record& artifact) {
    work = release;
    work.set("dataframe_artifact", artifact.id());
    registry::Writes(instance.database()).save(work);
  });
  return work;
}

std::vector<Record> sync_sources(Instance& instance, bool use) {
  const auto& sources = instance.catalog().table("bionty.Source");
  std::vector<Record> added;
  instance.database().transaction([&] {
    added.clear();
    for (const auto& known : modules::public_sources()) {
      if (instance.catalog().find(known.entity) == nullptr) continue;
      auto row = row_of(sources, known);
      auto there = registered(instance, row);
      if (!there) {
        registry::Writes(instance.database()).save(row);
        added.push_back(row);
        there = std::move(row);
      }
      if (!use || !known.used || there->at("currently_used").boolean_or(false)) continue;
      there->set("currently_used", Value(true));
      registry::Writes(instance.database()).save(*there);
    }
  });
  return added;
}

}  // namespace lamin
