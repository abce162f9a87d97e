// version_hooks.cpp -- keeps the latest version marked when rows are added, removed or moved between branches.
#include <fmt/format.h>
#include <algorithm>
#include "base/hash.hpp"
#include "base/text.hpp"
#include "base/uid.hpp"
#include "lake/instance/branches.hpp"
#include "lake/rows/block.hpp"
#include "lake/rows/given_uids.hpp"
#include "lake/rows/hook_chain.hpp"
#include "lake/rows/version.hpp"
#include "registry/writes.hpp"

namespace lamin::lake {
namespace {

bool is_latest(const Record& record) { return record.at("is_latest").boolean_or(false); }

/// Rows that are on no branch count as on main; a branch that a row is about is not where the row is.
std::int64_t branch_of(Database& database, const Record& record) {
  if (!record.table().has(schema::Trait::branched)) return main_branch;
  return record.at("branch").integer_or(database.session().branch);
}

std::int64_t number(const Record& record) { return base::version_number(record.uid().substr(stem_of(record).size())); }

void mark(Database& database, const Record& record, bool latest) {
  Query query{.registry = record.table().qualified.str(),
              .where = Expr::compare("id", Op::exact, record.id()),
              .any_branch = true};
  registry::Writes(database).update(query, {{"is_latest", Value(latest)}}, {.run_hooks = false});
}

/// The other rows of the family on a branch, newest first.
std::vector<Record> others(Database& database, const Record& record, std::int64_t branch) {
  auto family = family_newest_first(database, record.table(), stem_of(record));
  std::erase_if(family,
                [&](const Record& other) { return other.id() == record.id() || branch_of(database, other) != branch; });
  return family;
}

bool has_latest(Database& database, const Record& except, std::int64_t branch) {
  const auto rest = others(database, except, branch);
  return std::any_of(rest.begin(), rest.end(), is_latest);
}

/// Makes a record the latest on its branch and takes the mark from the row that has it, unless that has a greater
/// number.
void take_over(Database& database, Record& record) {
  bool latest = true;
  for (const auto& other : others(database, record, branch_of(database, record))) {
    if (!is_latest(other)) continue;
    if (number(other) > number(record)) latest = false;
    else mark(database, other, false);
  }
  record.set("is_latest", Value(latest));
}

/// After `record` has left a branch.
bool promote_newest(Database& database, const Record& record, std::int64_t branch) {
  const auto rest = others(database, record, branch);
  if (rest.empty()) return false;
  if (is_latest(rest.front())) return true;
  mark(database, rest.front(), true);
  database.say(Level::important,
               fmt::format("new latest {} version is: {}", record.table().name.view(), rest.front().uid()));
  return true;
}

/// A readme becomes the next version of its host's readme.
void follow_readme(Database& database, Record& block) {
  const auto* host = host_of(block.table());
  if (host == nullptr || block[host->position].is_null() || block.text("kind") != "readme") return;
  const Query before{.registry = block.table().qualified.str(),
                     .where = Expr::all_of({Expr::compare(host->name.str(), Op::exact, block[host->position]),
                                            Expr::compare("kind", Op::exact, Value("readme"))}),
                     .any_branch = true};
  auto all = database.all(before);
  if (all.empty()) return;
  newest_first(all);
  const auto& last = all.front();
  std::vector<std::string> taken;
  for (const auto& one : family_newest_first(database, block.table(), stem_of(last))) taken.emplace_back(one.uid());
  if (auto given = last_given(database, block.table(), stem_of(last)); !given.empty())
    taken.push_back(std::move(given));
  block.set("uid", Value(uid_after(stem_of(last), taken)));
}

void before_insert(Database& database, Record& record) {
  if (record.uid().empty()) follow_readme(database, record);
  if (record.uid().empty()) return;  // it gets its own stem
  if (branch_of(database, record) != trash_branch) take_over(database, record);
}

void before_update(Database& database, const Record& old, Record& now) {
  const auto from = branch_of(database, old), to = branch_of(database, now);
  if (from == to) {
    // The record may be stale: make sure there are neither two marks nor none.
    if (to != trash_branch && is_latest(now) != is_latest(old)) {
      if (is_latest(now)) take_over(database, now);
      else now.set("is_latest", Value(!has_latest(database, now, to)));
    }
    return;
  }
  const bool followed = from != trash_branch && is_latest(old) && promote_newest(database, old, from);
  if (to == trash_branch) {
    if (followed) now.set("is_latest", Value(false));
    return;
  }
  now.set("is_latest", Value(!has_latest(database, now, to)));
}

void before_delete(Database& database, const Record& record) {
  note_given(database, record.table(), record.uid());
  const auto branch = branch_of(database, record);
  if (branch != trash_branch && is_latest(record)) promote_newest(database, record, branch);
}

}  // namespace

void install_version_hooks(Database& database) {
  for (const schema::Table& table : database.catalog().tables()) {
    if (!table.registry || !table.has(schema::Trait::versioned)) continue;
    Hooks& hooks = database.hooks()[table.qualified.str()];
    append_hook(hooks.before_insert, before_insert);
    if (table.has(schema::Trait::branched)) append_update_hook(hooks, {"branch", "is_latest"}, before_update);
    else append_update_hook(hooks, {"is_latest"}, before_update);
    append_hook(hooks.before_delete, before_delete);
  }
}

}  // namespace lamin::lake
