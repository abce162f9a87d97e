// plan.cpp -- what an upgrade would do, for people to read.
#include <fmt/format.h>
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "lake/ontology/closure.hpp"
#include "lake/ontology/uses.hpp"
#include "lake/upgrade/plan.hpp"
#include "lamin/error.hpp"

namespace lamin {
namespace lake {
namespace {

using Action = PlannedChange::Action;

/// A renamed label is spelled otherwise in the files of its datasets.
void tell_what_to_decide(UpgradePlan& plan) {
  for (const auto& change : plan.changes) {
    if (change.action != Action::retire || change.uses.empty()) continue;
    if (change.into.empty()) {
      plan.notes.push_back(
          fmt::format("{} '{}' is obsolete, and nothing replaces it: what uses it stays with it, unless "
                      "you choose a term",
                      change.id, change.former));
      continue;
    }
    plan.notes.push_back(fmt::format("{} '{}' is obsolete; choose one of {}, or what uses it stays with it", change.id,
                                     change.former, base::join(change.into, ", ")));
  }
}

}  // namespace

UpgradePlan plan_of(Instance& instance, const schema::Table& table, const ReleaseMoves& moves,
                    const UpgradeOptions& options) {
  UpgradePlan plan{.registry = table.qualified.str(),
                   .source = std::string(moves.release.text("name")),
                   .to = std::string(moves.release.text("version")),
                   .from = {moves.from.begin(), moves.from.end()},
                   .whole = moves.whole,
                   .notes = moves.notes,
                   .diffs = moves.diffs,
                   .release = moves.release,
                   .options = options};
  plan.rows = static_cast<std::int64_t>(moves.changes.size() + moves.inserts.size() + moves.relinked.size());
  Uses uses(instance, table);
  std::vector<std::int64_t> touched;
  for (const auto& change : moves.changes) {
    const std::array<std::int64_t, 1> row{change.row.id()};
    auto shown = change.shown;
    shown.uses = uses.of(row);
    if (shown.action == Action::keep && shown.uses.empty()) continue;
    touched.push_back(row[0]);
    plan.changes.push_back(std::move(shown));
  }
  for (const auto& change : moves.inserts) plan.changes.push_back(change.shown);
  std::ranges::stable_sort(plan.changes, [](const PlannedChange& a, const PlannedChange& b) {
    return std::tie(a.action, a.id, a.name) < std::tie(b.action, b.id, b.name);
  });
  plan.uses = uses.of(touched);
  for (auto& use : uses.of_registry()) {
    if (touched.empty()) break;
    const auto same = std::ranges::find(plan.uses, use.registry, &TermUse::registry);
    if (same == plan.uses.end()) plan.uses.push_back(std::move(use));
    else if (use.count > same->count) *same = std::move(use);
  }
  tell_what_to_decide(plan);
  return plan;
}

std::string plan_key(const UpgradePlan& plan) {
  std::string key =
      fmt::format("{}\n{}\n{}\n{}\n{}\n", plan.registry, plan.source, plan.to, base::join(plan.from, ","), plan.rows);
  for (const auto& change : plan.changes) {
    if (change.action == Action::keep) continue;  // whether it is told depends on who uses it
    key += fmt::format("{}|{}|{}|{}|{}|{}|{}|{}\n", name_of(change.action), change.id, change.name, change.former,
                       base::join(change.into, ","), base::join(change.fields, ","),
                       base::join(change.parents_added, ","), base::join(change.parents_removed, ","));
  }
  return key;
}

const schema::Table& upgradable(Instance& instance, std::string_view registry) {
  const auto& table = instance.catalog().table(registry);
  const bool terms = !table.id_field.empty() && table.find_column("source") != nullptr &&
                     table.find_column("synonyms") != nullptr && table.find_column("description") != nullptr;
  if (!terms) {
    throw Error(Code::invalid_argument, table.qualified.str() +
                                            " has no identified terms of releases that could be upgraded: "
                                            "choose a registry such as bionty.CellType or bionty.Gene");
  }
  return table;
}

}  // namespace lake

std::string_view name_of(PlannedChange::Action action) {
  static constexpr std::array<std::string_view, 6> names{"insert", "rewrite", "move", "retire", "adopt", "keep"};
  return names[static_cast<std::size_t>(action)];
}

std::int64_t UpgradePlan::count(PlannedChange::Action action) const {
  return std::ranges::count(changes, action, &PlannedChange::action);
}

UpgradePlan plan_upgrade(Instance& instance, std::string_view registry, const Record& to,
                         const UpgradeOptions& options) {
  const auto& table = lake::upgradable(instance, registry);
  if (to.text("entity") != table.qualified) {
    throw Error(Code::invalid_argument, fmt::format("{} {} is a release for {}, not for {}", to.text("name"),
                                                    to.text("version"), to.text("entity"), table.qualified.view()));
  }
  auto plan = lake::plan_of(instance, table, lake::moves_to(instance, table, to, options), options);
  if (!options.from.empty() && std::ranges::find(plan.from, options.from) == plan.from.end()) {
    throw Error(Code::not_found,
                fmt::format("no term of {} is of release '{}': {}", table.qualified.view(), options.from,
                            plan.from.empty() ? "there are none of an earlier release"
                                              : "they are of " + base::join(plan.from, ", ")));
  }
  return plan;
}

}  // namespace lamin
