#include "lamin/branch.hpp"
#include <fmt/format.h>
#include <map>
#include <utility>
#include "base/text.hpp"
#include "lake/instance/branches.hpp"
#include "lake/instance/current.hpp"
#include "lake/rows/version.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace lake {
namespace {

Record named(Instance& instance, std::string_view registry, std::string_view what) {
  const auto by = [&](const char* field, Op op) {
    return instance.database().first({.registry = std::string(registry),
                                      .where = Expr::compare(field, op, Value(what)),
                                      .order_by = {"id"},
                                      .any_branch = true});
  };
  if (auto found = by("name", Op::iexact)) return *found;
  if (auto found = by("uid", Op::exact)) return *found;
  const std::string paths[] = {"name"};
  const auto names = instance.database().columns(
      {.registry = std::string(registry), .order_by = {"id"}, .limit = 20, .any_branch = true}, paths);
  std::vector<std::string> known;
  for (const auto& name : names.at(0)) known.emplace_back(name.text_or(""));
  throw Error(Code::not_found,
              fmt::format("{} '{}' does not exist. There are: {}", registry, what, base::join(known, ", ")));
}

Record current(Instance& instance, const char* registry, std::int64_t id) {
  auto row = instance.database().find(instance.catalog().table(registry), id);
  if (!row) throw Error(Code::not_found, fmt::format("there is no {} with id {}", registry, id));
  return *row;
}

Query on_branch(const schema::Table& table, std::int64_t branch) {
  return {.registry = table.qualified.str(), .where = Expr::compare("branch", Op::exact, branch), .any_branch = true};
}

/// In families with a latest on both branches, all but the newest lose the mark.
void settle_latest(Database& database, const schema::Table& table, std::int64_t from, std::int64_t into) {
  auto moving = on_branch(table, from);
  moving.where = Expr::all_of({moving.where, Expr::compare("is_latest", Op::exact, Value(true))});
  const std::string paths[] = {"uid"};
  const auto uids = database.columns(moving, paths);
  for (const auto& uid : uids.at(0)) {
    const auto stem = std::string_view(uid.text_or("")).substr(0, static_cast<std::size_t>(table.stem_size));
    bool newest = true;
    for (const auto& member : family_newest_first(database, table, stem)) {
      const auto branch = member.at("branch").integer_or(main_branch);
      if ((branch != from && branch != into) || !member.at("is_latest").boolean_or(false)) continue;
      if (std::exchange(newest, false)) continue;
      Query row{
          .registry = table.qualified.str(), .where = Expr::compare("id", Op::exact, member.id()), .any_branch = true};
      registry::Writes(database).update(row, {{"is_latest", Value(false)}}, {.run_hooks = false});
    }
  }
}

}  // namespace
}  // namespace lake

Record branch(Instance& instance, std::string_view name_or_uid) { return lake::named(instance, "Branch", name_or_uid); }
Record space(Instance& instance, std::string_view name_or_uid) { return lake::named(instance, "Space", name_or_uid); }

Record current_branch(Instance& instance) {
  return lake::current(instance, "Branch", instance.database().session().branch);
}

Record current_space(Instance& instance) {
  return lake::current(instance, "Space", instance.database().session().space);
}

Record create_branch(Instance& instance, std::string_view name, std::string_view description) {
  if (instance.database().first(
          {.registry = "Branch", .where = Expr::compare("name", Op::iexact, Value(name)), .any_branch = true}))
    throw Error(Code::conflict, fmt::format("the branch '{}' already exists", name));
  Record row(instance.catalog().table("Branch"));
  row.set("name", Value(name));
  if (!description.empty()) row.set("description", Value(description));
  registry::Writes(instance.database()).save(row);
  instance.say(Level::important, fmt::format("created branch: {}", name));
  return row;
}

void switch_branch(Instance& instance, const Record& branch) {
  lake::write_current(instance.settings(), "branch", branch);
  instance.database().session().branch = branch.id();
  instance.say(Level::important, fmt::format("switched to {}", branch.text("name")));
}

void switch_space(Instance& instance, const Record& space) {
  lake::write_current(instance.settings(), "space", space);
  instance.database().session().space = space.id();
  instance.say(Level::important, fmt::format("switched to {}", space.text("name")));
}

std::int64_t merge_branch(Instance& instance, const Record& from, const Record& into) {
  if (from.id() == into.id()) {
    instance.say(Level::important, "source and target branch are identical, nothing to merge");
    return 0;
  }
  for (const auto* end : {&from, &into}) {
    if (end->id() < lake::main_branch)
      throw Error(Code::invalid_argument,
                  fmt::format("'{}' is no line of work that can be merged: restore or move its rows instead",
                              end->text("name")));
  }
  auto& database = instance.database();
  std::int64_t moved = 0;
  database.transaction([&] {
    moved = 0;
    for (const schema::Table& table : instance.catalog().tables()) {
      if (!table.registry || !table.has(schema::Trait::branched)) continue;
      if (table.has(schema::Trait::versioned)) lake::settle_latest(database, table, from.id(), into.id());
      moved += registry::Writes(database).update(lake::on_branch(table, from.id()), {{"branch", Value(into.id())}},
                                                 {.run_hooks = false});
    }
    auto row = lake::current(instance, "Branch", from.id());
    row.set("_status_code", Value(schema::code_of(row.table().column("_status_code"), "merged")));
    registry::Writes(database).save(row);
  });
  instance.say(Level::important, fmt::format("merged branch '{}' into '{}'", from.text("name"), into.text("name")));
  return moved;
}

}  // namespace lamin
