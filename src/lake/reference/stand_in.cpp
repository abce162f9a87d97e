// stand_in.cpp -- if the file of a release cannot be had, terms of another version that comes with the program.
//
// A stand-in is a release of its own: its rows say that they come from it, and whoever uses it is told.
#include <fmt/format.h>
#include <memory>
#include <set>
#include "lake/reference/files.hpp"
#include "lake/reference/reference.hpp"
#include "lamin/error.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace lake {
namespace {

bool is_first_time(Instance& instance, const std::string& what) {
  auto& attached = instance.database().attachment("releases that others stand in for");
  if (!attached) attached = std::make_shared<std::set<std::string>>();
  return static_cast<std::set<std::string>*>(attached.get())->insert(what).second;
}

}  // namespace

std::optional<Record> stand_in(Instance& instance, const Record& release) {
  const auto files = carried(release.text("entity"), release.text("name"), release.text("organism"));
  if (files.empty() || files.front().version == release.text("version")) return std::nullopt;
  std::vector<Expr> same{Expr::compare("version", Op::exact, Value(files.front().version))};
  for (const char* field : {"entity", "organism", "name"})
    same.push_back(Expr::compare(field, Op::exact, release.at(field)));
  if (auto known = instance.database().first(
          {.registry = release.table().qualified.str(), .where = Expr::all_of(std::move(same)), .any_branch = true}))
    return known;
  Record other(release.table());
  for (const char* field : {"entity", "organism", "name", "description", "source_website"})
    other.set(field, release.at(field));
  other.set("version", Value(files.front().version));
  other.set("currently_used", Value(false));
  return other;
}

void keep_release(Instance& instance, Record& release) {
  if (!release.saved() && !instance.database().read_only()) registry::Writes(instance.database()).save(release);
}

}  // namespace lake

Record readable_release(Instance& instance, const Record& release) {
  if (lake::file_at_hand(instance, release)) return release;
  auto other = lake::stand_in(instance, release);
  if (!other) return release;
  try {
    release_file(instance, release);
    return release;
  } catch (const Error& error) {
    if (error.code() != Code::unavailable && error.code() != Code::no_access) throw;
  }
  const auto stem = lake::file_stem(release);
  if (lake::is_first_time(instance, stem)) {
    instance.say(Level::important,
                 fmt::format("{0} {1} is not here and cannot be downloaded: {0} {2}, the subset that comes with the "
                             "program, stands in for it (names, synonyms, parents; `lamin ontology add FILE` brings "
                             "all of {1})",
                             release.text("name"), release.text("version"), other->text("version")));
  }
  return std::move(*other);
}

}  // namespace lamin
