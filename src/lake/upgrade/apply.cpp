// apply.cpp -- the move to another release, in one transaction, and back.
//
// Invariants
//   1. What is done is what a plan made in the same transaction says; it must be the plan that was shown.
//   2. Every write goes through the journal into the log (log.hpp), so that undoing it restores the same rows. What is
//      derived from rows (the closure, the terms that a release states) is made anew.
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <span>
#include <unordered_map>

#include "db/connection.hpp"
#include "lake/ontology/closure.hpp"
#include "lake/ontology/uses.hpp"
#include "lake/reference/reference.hpp"
#include "lake/upgrade/log.hpp"
#include "lake/upgrade/plan.hpp"
#include "lamin/error.hpp"
#include "lamin/public_terms.hpp"
#include "registry/scan.hpp"

namespace lamin {
namespace lake {
namespace {

using Action = PlannedChange::Action;
constexpr std::size_t ids_a_query = 500;

std::vector<StatedTerm> all_stated(const ReleaseMoves& moves) {
  return read_stated(moves.reference->database(), moves.reference_source, [](const std::string&) { return true; });
}

class Applier {
 public:
  /// `whole`: all that the release states, if the registry will hold all of it.
  Applier(Instance& instance, const schema::Table& table, ReleaseMoves& moves, Recorder& recorder,
          std::span<const StatedTerm> whole)
      : instance_(instance),
        database_(instance.database()),
        table_(table),
        moves_(moves),
        recorder_(recorder),
        whole_(whole) {}

  void run() {
    use_release();
    had_terms_ = has_stated(database_, release_);
    // Former rows first: what is unique about them may be needed by the others.
    for (const auto& change : moves_.changes) update(change);
    insert();
    relink();
    read_terms();
    move_parents();
    for (const auto& change : moves_.changes) {
      if (change.shown.action == Action::move) move_uses(change.row.id(), by_term_.at(change.shown.into.front()));
    }
    for (const auto& [row, synonyms] : moves_.other) write_other(row, synonyms);
    state_terms();
    if (parents_relation(table_) != nullptr) refresh_closure(database_, table_);
  }
  std::int64_t release() const { return release_; }
  bool had_terms() const { return had_terms_; }

 private:
  Query row(std::int64_t id) const {
    return {.registry = table_.qualified.str(), .where = Expr::compare("id", Op::exact, Value(id)), .any_branch = true};
  }

  void use_release() {
    registry::Writes writes(database_);
    auto& release = moves_.release;
    if (!release.saved()) {
      std::vector<Expr> same;
      for (const char* field : {"entity", "organism", "name", "version"})
        same.push_back(Expr::compare(field, Op::exact, release.at(field)));
      if (auto there = database_.first(
              {.registry = "bionty.Source", .where = Expr::all_of(std::move(same)), .any_branch = true}))
        release = std::move(*there);
    }
    release.set("currently_used", Value(true));
    if (moves_.whole && !moves_.partial) release.set("in_db", Value(true));
    writes.save(release);
    release_ = release.id();
  }

  void update(const RowChange& change) {
    auto values = change.set;
    if (change.to_release) values.insert_or_assign("source", Value(release_));
    registry::Writes(database_).update(row(change.row.id()), values, {.run_hooks = false});
  }

  void insert() {
    if (moves_.inserts.empty()) return;
    std::vector<Record> rows;
    rows.reserve(moves_.inserts.size());
    for (const auto& change : moves_.inserts) {
      rows.push_back(change.row);
      rows.back().set("source", Value(release_));
    }
    registry::Writes(database_).insert(rows, {.ignore_conflicts = false, .undoes = false});
  }

  void relink() {
    for (std::size_t at = 0; at < moves_.relinked.size(); at += ids_a_query) {
      const auto from = moves_.relinked.begin() + static_cast<std::ptrdiff_t>(at);
      const auto to =
          moves_.relinked.begin() + static_cast<std::ptrdiff_t>(std::min(at + ids_a_query, moves_.relinked.size()));
      registry::Writes(database_).update({.registry = table_.qualified.str(),
                                          .where = Expr::in("id", std::vector<Value>(from, to)),
                                          .any_branch = true},
                                         {{"source", Value(release_)}}, {.run_hooks = false});
    }
  }

  /// The rows of the release, by term.
  void read_terms() {
    const schema::Column& source = table_.column("source");
    const std::array<Value, 1> parameters{Value(release_)};
    auto rows = registry::Scan(table_, {.columns = {&table_.columns[0], &table_.column(table_.id_field)},
                                        .where = {{&source}},
                                        .order = {{&table_.columns[0]}}})
                    .rows(database_, parameters);
    while (rows->next()) {
      if (!rows->is_null(1)) by_term_.emplace(rows->text(1), rows->integer(0));
    }
    by_term_.insert(moves_.others.begin(), moves_.others.end());
  }

  void link(std::vector<Edge>& pairs, std::int64_t child, const std::vector<std::string>& terms) const {
    for (const auto& term : terms) {
      const auto parent = by_term_.find(term);
      if (parent != by_term_.end() && parent->second != child) pairs.emplace_back(child, parent->second);
    }
  }

  void move_parents() {
    const auto* parents = parents_relation(table_);
    if (parents == nullptr) return;
    std::vector<Edge> fresh;
    for (const auto& change : moves_.changes) {
      if (!change.parents_remove.empty()) unlink(*parents, change);
      link(fresh, change.row.id(), change.parents_add);
    }
    for (const auto& change : moves_.inserts) link(fresh, by_term_.at(change.shown.id), change.parents_add);
    registry::Writes(database_).add_pairs(*parents, fresh);
  }

  void unlink(const schema::Relation& parents, const RowChange& change) {
    std::vector<Value> gone(change.parents_remove.begin(), change.parents_remove.end());
    registry::Writes(database_).erase(
        {.registry = parents.through->table.str(),
         .where = Expr::all_of({Expr::compare(parents.from_column->name.str(), Op::exact, Value(change.row.id())),
                                Expr::in(parents.to_column->name.str(), std::move(gone))}),
         .any_branch = true});
  }

  /// What refers to one row refers to another; what would then be there twice goes.
  void move_uses(std::int64_t from, std::int64_t to) {
    for (const auto& [other, column] : referring(instance_.catalog(), table_)) {
      const auto rows = database_.all({.registry = other->table.str(),
                                       .where = Expr::compare(column->name.str(), Op::exact, Value(from)),
                                       .order_by = {"id"},
                                       .any_branch = true});
      for (const Record& row : rows) {
        Record moved = row;
        moved.set(column->position, Value(to));
        const Query itself{
            .registry = other->table.str(), .where = Expr::compare("id", Op::exact, row.at("id")), .any_branch = true};
        if (is_there(*other, *column, moved)) registry::Writes(database_).erase(itself);
        else registry::Writes(database_).update(itself, {{column->name.str(), Value(to)}}, {.run_hooks = false});
      }
    }
  }

  /// Whether a unique rule that names the column refuses another such row.
  bool is_there(const schema::Table& other, const schema::Column& column, const Record& row) {
    const auto same = [&](const std::vector<const schema::Column*>& columns) {
      std::vector<Expr> all;
      for (const auto* one : columns) all.push_back(Expr::compare(one->name.str(), Op::exact, row[one->position]));
      return database_.exists(
          {.registry = other.table.str(), .where = Expr::all_of(std::move(all)), .any_branch = true});
    };
    if (other.plain_pairs) {
      std::vector<const schema::Column*> ends;
      for (const auto& one : other.columns) {
        if (one.kind == schema::Kind::ref) ends.push_back(&one);
      }
      return same(ends);
    }
    for (const auto& rule : other.rules) {
      std::vector<const schema::Column*> columns;
      for (const auto& name : rule.unique) columns.push_back(&other.column(name));
      if (std::ranges::find(columns, &column) != columns.end() && same(columns)) return true;
    }
    return false;
  }

  void write_other(std::int64_t row, const std::vector<OwnSynonym>& synonyms) {
    LoggedChange change{.registry = "lamin_synonym/" + table_.qualified.str(), .record = row};
    change.before = own_synonyms_json(own_synonyms_of(database_, table_, row));
    change.after = own_synonyms_json(synonyms);
    replace_own_synonyms(database_, table_, row, synonyms);
    recorder_.add(std::move(change));
  }

  /// What the release states of the terms that are registered, or of all.
  void state_terms() {
    if (parents_relation(table_) == nullptr) return;  // its rows say all
    if (moves_.whole && !whole_.empty()) return write_stated(database_, release_, whole_);
    if (moves_.whole) return write_stated(database_, release_, all_stated(moves_));
    std::vector<std::string> ids;
    for (const auto& [term, row] : by_term_) ids.push_back(term);
    copy_stated(moves_.reference->database(), moves_.reference_source, database_, release_, ids);
  }

  Instance& instance_;
  Database& database_;
  const schema::Table& table_;
  ReleaseMoves& moves_;
  Recorder& recorder_;
  std::span<const StatedTerm> whole_;
  std::int64_t release_ = 0;
  bool had_terms_ = false;
  std::unordered_map<std::string, std::int64_t> by_term_;
};

Upgrade head_of(Instance& instance, std::int64_t number) {
  for (auto& head : log_heads(instance.database(), {})) {
    if (head.upgrade.number == number) return std::move(head.upgrade);
  }
  throw Error(Code::not_found, fmt::format("there is no upgrade {}", number));
}

/// The one that can be undone: of later ones none may be in effect.
LogHead undoable(Instance& instance, const schema::Table& table, std::int64_t number) {
  for (auto& head : log_heads(instance.database(), table.qualified)) {
    const bool in_effect = head.upgrade.undone_at.empty();
    if (number == 0 || head.upgrade.number == number) {
      if (in_effect) return std::move(head);
      if (number != 0) {
        throw Error(Code::not_found, fmt::format("upgrade {} of {} was undone already, at {}", number,
                                                 table.name.view(), head.upgrade.undone_at));
      }
    } else if (in_effect) {
      throw Error(Code::conflict, fmt::format("upgrade {} of {} came later and is in effect: undo it first",
                                              head.upgrade.number, table.name.view()));
    }
  }
  throw Error(Code::not_found, number == 0 ? fmt::format("no upgrade of {} is in effect", table.qualified.view())
                                           : fmt::format("{} has no upgrade {}", table.qualified.view(), number));
}

}  // namespace
}  // namespace lake

Upgrade apply_upgrade(Instance& instance, const UpgradePlan& plan) {
  const auto& table = lake::upgradable(instance, plan.registry);
  auto& database = instance.database();
  if (database.read_only()) throw Error(Code::no_access, "the database may only be read: nothing can be upgraded");
  const auto wanted = lake::plan_key(plan);
  // Reads the releases before anybody waits for the transaction, in which they are at hand.
  const auto before = lake::moves_to(instance, table, plan.release, plan.options);
  const bool states = before.whole && lake::parents_relation(table) != nullptr;
  const auto whole = states ? lake::all_stated(before) : std::vector<lake::StatedTerm>();
  std::int64_t number = 0;
  lake::Recorder recorder(database);
  database.transaction([&] {
    recorder.clear();
    auto moves = lake::moves_to(instance, table, plan.release, plan.options);
    if (lake::plan_key(lake::plan_of(instance, table, moves, plan.options)) != wanted) {
      throw Error(Code::conflict, plan.registry + " is not what the upgrade was planned for any more: plan it again");
    }
    lake::Applier applier(instance, table, moves, recorder, whole);
    applier.run();
    number = lake::write_log(database, plan, applier.release(), applier.had_terms(), recorder.changes());
  });
  return lake::head_of(instance, number);
}

Upgrade undo_upgrade(Instance& instance, std::string_view registry, std::int64_t number) {
  const auto& table = lake::upgradable(instance, registry);
  auto& database = instance.database();
  lake::LogHead head;
  try {
    database.transaction([&] {
      head = lake::undoable(instance, table, number);
      lake::put_back(database, lake::read_log(database, head.upgrade.number));
      if (!head.had_terms) lake::erase_stated(database, head.source);
      if (lake::parents_relation(table) != nullptr) lake::refresh_closure(database, table);
      lake::mark_undone(database, head.upgrade.number);
    });
  } catch (const Error& error) {  // told by the database, at the latest when the transaction ends
    if (error.code() != Code::protected_row) throw;
    throw Error(Code::conflict,
                fmt::format("a term that the upgrade added is in use: label what uses it with another one "
                            "first. {}",
                            error.what()));
  }
  return lake::head_of(instance, head.upgrade.number);
}

Upgrade find_upgrade(Instance& instance, std::string_view registry, std::string_view to, std::string_view from) {
  for (auto& one : upgrades(instance, registry)) {
    const bool same = one.to == to && (from.empty() || std::ranges::find(one.from, from) != one.from.end());
    if (same && one.undone_at.empty()) return std::move(one);
  }
  throw Error(Code::not_found, fmt::format("no upgrade of {} {}to {} is in effect", registry,
                                           from.empty() ? "" : fmt::format("from {} ", from), to));
}

std::vector<Upgrade> upgrades(Instance& instance, std::string_view registry) {
  std::vector<Upgrade> all;
  const std::string_view of = registry.empty() ? registry : instance.catalog().table(registry).qualified.view();
  for (auto& head : lake::log_heads(instance.database(), of)) all.push_back(std::move(head.upgrade));
  return all;
}

}  // namespace lamin
