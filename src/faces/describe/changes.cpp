// changes.cpp -- what differs between two releases, and what an upgrade does, for people to read.
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include "base/text.hpp"
#include "lamin/describe.hpp"

namespace lamin {
namespace faces {
namespace {

using Fate = TermChange::Kind;
using Action = PlannedChange::Action;

constexpr std::array kinds{Fate::added,  Fate::revived, Fate::renamed,  Fate::reparented, Fate::replaced,
                           Fate::merged, Fate::split,   Fate::obsolete, Fate::removed};

std::string arrow(const std::string& from, const std::string& to) { return fmt::format("{} → {}", from, to); }

std::string parents(const std::vector<std::string>& added, const std::vector<std::string>& removed) {
  std::string text;
  for (const auto& id : added) text += (text.empty() ? "+" : ", +") + id;
  for (const auto& id : removed) text += (text.empty() ? "−" : ", −") + id;
  return text;
}

/// What there is to say of a change, besides its id and name.
std::string detail(const TermChange& change) {
  switch (change.kind) {
    case Fate::renamed: return arrow(change.former, change.name);
    case Fate::reparented: return parents(change.parents_added, change.parents_removed);
    case Fate::replaced:
    case Fate::merged:
    case Fate::split: return "→ " + base::join(change.into, ", ");
    case Fate::obsolete: return change.into.empty() ? "" : "consider " + base::join(change.into, ", ");
    default: return "";
  }
}

template <class Changes, class Row>
void add_part(Node& root, std::string title, std::vector<std::string> header, const Changes& changes, std::size_t most,
              const Row& row) {
  if (changes.empty()) return;
  Node part{.title = fmt::format("{} ({})", title, changes.size()), .header = std::move(header)};
  for (const auto* change : changes) {
    if (most != 0 && part.rows.size() == most) {
      part.cut = true;
      break;
    }
    part.rows.push_back(row(*change));
  }
  root.children.push_back(std::move(part));
}

std::string said(const std::vector<TermUse>& uses) {
  std::string text;
  for (const auto& use : uses)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", use.count, use.registry + (use.count == 1 ? "" : "s"));
  return text;
}

Node uses_node(const std::vector<TermUse>& uses) {
  Node part{.title = "touches", .header = {"registry", "rows", "such as"}};
  for (const auto& use : uses)
    part.rows.push_back({use.registry, std::to_string(use.count), base::join(use.some, ", ")});
  return part;
}

std::string what(const PlannedChange& change) {
  switch (change.action) {
    case Action::move: return "→ " + base::join(change.into, ", ");
    case Action::retire: return change.into.empty() ? "" : "choose " + base::join(change.into, ", ");
    case Action::adopt: return "was " + change.former;
    default: break;
  }
  std::string text = change.former.empty() ? "" : arrow(change.former, change.name);
  const auto add = [&](const std::string& more) { text += (text.empty() ? "" : "; ") + more; };
  if (const auto moved = parents(change.parents_added, change.parents_removed); !moved.empty()) add("parents " + moved);
  for (const auto& field : change.fields) {
    if (field == "description" || field == "synonyms" || field == "abbr") add(field);
    if (field == "branch") add("restored from the trash");
  }
  if (!change.kept.empty()) add("yours is kept: " + base::join(change.kept, ", "));
  return text;
}

struct Part {
  Action action;
  const char* title;
};
constexpr std::array parts{
    Part{Action::move, "obsolete: what uses it uses another one"},
    Part{Action::retire, "obsolete: what uses it stays"},
    Part{Action::keep, "not in the release: stays as it is"},
    Part{Action::adopt, "your own, now in the release"},
    Part{Action::rewrite, "changed"},
    Part{Action::insert, "new"},
};

}  // namespace
}  // namespace faces

Node diff_node(const ReleaseDiff& diff, const ChangesOptions& options) {
  using namespace faces;
  Node root{.title = fmt::format("{} {} → {}", diff.source, diff.from, diff.to),
            .fields = {{"terms", arrow(std::to_string(diff.terms_before), std::to_string(diff.terms_after))},
                       {"otherwise edited", std::to_string(diff.edited)}}};
  for (const auto kind : kinds) {
    std::vector<const TermChange*> some;
    for (const auto& change : diff.changes) {
      if (change.kind == kind) some.push_back(&change);
    }
    const bool bare = kind == Fate::added || kind == Fate::revived || kind == Fate::removed;
    add_part(root, std::string(name_of(kind)),
             bare ? std::vector<std::string>{"id", "name"} : std::vector<std::string>{"id", "name", "change"}, some,
             options.most, [&](const TermChange& change) {
               std::vector<std::string> row{change.id, change.name};
               if (!bare) row.push_back(detail(change));
               return row;
             });
  }
  if (!diff.notes.empty()) root.children.push_back({.title = "notes", .lines = diff.notes});
  return root;
}

Node plan_node(const UpgradePlan& plan, const ChangesOptions& options) {
  using namespace faces;
  Node root{.title = fmt::format("{}: {} {} → {}", plan.registry, plan.source,
                                 plan.from.empty() ? "(none)" : base::join(plan.from, ", "), plan.to),
            .fields = {{"rows", std::to_string(plan.rows)}, {"whole release", plan.whole ? "yes" : "no"}}};
  if (plan.changes.empty()) root.lines.emplace_back("no term that is registered changes");
  for (const auto& [action, title] : parts) {
    std::vector<const PlannedChange*> some;
    for (const auto& change : plan.changes) {
      if (change.action == action) some.push_back(&change);
    }
    if (action == Action::insert) {
      add_part(root, title, {"id", "name"}, some, options.most,
               [](const PlannedChange& change) { return std::vector{change.id, change.name}; });
      continue;
    }
    add_part(root, title, {"id", "name", "change", "used by"}, some, options.most, [](const PlannedChange& change) {
      return std::vector{change.id, change.name, what(change), said(change.uses)};
    });
  }
  if (!plan.uses.empty()) root.children.push_back(uses_node(plan.uses));
  if (!plan.notes.empty()) root.children.push_back({.title = "notes", .lines = plan.notes});
  return root;
}

Node upgrade_node(const Upgrade& upgrade) {
  Node node{.title = fmt::format("{}: {} {} → {}", upgrade.registry, upgrade.source,
                                 upgrade.from.empty() ? "(none)" : base::join(upgrade.from, ", "), upgrade.to)};
  node.fields = {{"upgrade", std::to_string(upgrade.number)},
                 {"rows changed", std::to_string(upgrade.rows)},
                 {"applied at", upgrade.applied_at},
                 {"undone at", upgrade.undone_at.empty() ? "-" : upgrade.undone_at}};
  return node;
}

}  // namespace lamin
