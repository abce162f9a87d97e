// diff.cpp -- what became of each term from one release to the next.
#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <tuple>

#include "base/text.hpp"
#include "lake/reference/reference.hpp"
#include "lake/upgrade/diff.hpp"
#include "lamin/error.hpp"

namespace lamin {
namespace lake {
namespace {

using Kind = TermChange::Kind;

/// Of one that the later release does not have as a live term.
TermChange gone(const StatedTerm& before, const Stated& older, const Stated& newer) {
  TermChange change{.kind = Kind::removed, .id = before.id, .name = before.name};
  const auto* now = newer.find(before.id);
  if (now == nullptr) {
    if (const auto same = newer.alternatives.find(before.id); same != newer.alternatives.end()) {
      change.kind = Kind::merged;
      change.into = {same->second};
    }
    return change;
  }
  if (!now->name.empty() && now->name != before.name) {
    change.name = now->name;
    change.former = before.name;
  }
  change.into = newer.successors(before.id);
  if (change.into.size() > 1) {
    change.kind = Kind::split;
  } else if (change.into.size() == 1) {
    const auto* was = older.find(change.into[0]);
    change.kind = was != nullptr && !was->obsolete ? Kind::merged : Kind::replaced;
  } else {
    change.kind = Kind::obsolete;
    if (const auto may = newer.considered.find(before.id); may != newer.considered.end()) change.into = may->second;
  }
  return change;
}

void compare(const StatedTerm& before, const StatedTerm& now, ReleaseDiff& diff) {
  if (before.digest == now.digest) return;
  bool changed = false;
  if (before.name != now.name) {
    diff.changes.push_back({.kind = Kind::renamed, .id = now.id, .name = now.name, .former = before.name});
    changed = true;
  }
  if (before.parents != now.parents) {
    TermChange change{.kind = Kind::reparented, .id = now.id, .name = now.name};
    const auto was = parents_of(before), is = parents_of(now);
    std::ranges::set_difference(is, was, std::back_inserter(change.parents_added));
    std::ranges::set_difference(was, is, std::back_inserter(change.parents_removed));
    diff.changes.push_back(std::move(change));
    changed = true;
  }
  if (!changed) ++diff.edited;
}

}  // namespace

std::vector<std::string> parents_of(const StatedTerm& term) {
  if (term.parents.empty()) return {};
  return base::split(term.parents, '|');
}

Stated::Stated(Instance& reference, std::int64_t source, bool fates) {
  each_stated(reference.database(), source, [&](StatedTerm&& term) { terms.push_back(std::move(term)); });
  by_id_.reserve(terms.size());
  for (std::size_t i = 0; i < terms.size(); ++i) by_id_.emplace(terms[i].id, i);
  if (!fates) return;
  for (auto& [term, kind, value] : facts_of_obsolete(reference.database(), source)) {
    (kind == "consider" ? considered : replaced)[term].push_back(std::move(value));
  }
  for (auto& [id, term] : alternative_ids(reference.database(), source)) {
    if (const auto* live = find(term); live != nullptr && !live->obsolete) alternatives.emplace(std::move(id), term);
  }
}

const StatedTerm* Stated::find(std::string_view id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &terms[found->second];
}

const StatedTerm* Stated::live(std::string_view id) const {
  const auto* term = find(id);
  return term == nullptr || term->obsolete ? nullptr : term;
}

std::vector<std::string> Stated::successors(const std::string& id) const {
  std::vector<std::string> live_ones;
  const auto add = [&](const std::string& other) {
    if (live(other) != nullptr && std::ranges::find(live_ones, other) == live_ones.end()) live_ones.push_back(other);
  };
  if (const auto found = replaced.find(id); found != replaced.end()) {
    for (auto other : found->second) {
      // What replaces it may have been replaced itself.
      for (int steps = 0; steps < 10 && live(other) == nullptr; ++steps) {
        const auto next = replaced.find(other);
        if (next == replaced.end() || next->second.size() != 1) break;
        other = next->second[0];
      }
      add(other);
    }
  }
  if (live_ones.empty()) {
    if (const auto same = alternatives.find(id); same != alternatives.end()) add(same->second);
  }
  return live_ones;
}

ReleaseDiff diff_stated(const Stated& older, const Stated& newer) {
  ReleaseDiff diff;
  for (const auto& before : older.terms) {
    const auto* now = newer.find(before.id);
    const bool lives = now != nullptr && !now->obsolete;
    if (!before.obsolete) ++diff.terms_before;
    if (before.obsolete && lives) diff.changes.push_back({.kind = Kind::revived, .id = now->id, .name = now->name});
    else if (!before.obsolete && lives) compare(before, *now, diff);
    else if (!before.obsolete) diff.changes.push_back(gone(before, older, newer));
  }
  for (const auto& now : newer.terms) {
    if (now.obsolete) continue;
    ++diff.terms_after;
    if (older.find(now.id) == nullptr) diff.changes.push_back({.kind = Kind::added, .id = now.id, .name = now.name});
  }
  std::ranges::sort(diff.changes, [](const TermChange& a, const TermChange& b) {
    return std::tie(a.kind, a.id) < std::tie(b.kind, b.id);
  });
  return diff;
}

}  // namespace lake

std::string_view name_of(TermChange::Kind kind) {
  static constexpr std::array<std::string_view, 9> names{"added",  "revived", "renamed",  "reparented", "replaced",
                                                         "merged", "split",   "obsolete", "removed"};
  return names[static_cast<std::size_t>(kind)];
}

std::int64_t ReleaseDiff::count(TermChange::Kind kind) const {
  return std::ranges::count(changes, kind, &TermChange::kind);
}

ReleaseDiff diff_releases(Instance& instance, const Record& from, const Record& to) {
  if (from.text("entity") != to.text("entity")) {
    throw Error(Code::invalid_argument, "a release of " + std::string(from.text("entity")) + " and one of " +
                                            std::string(to.text("entity")) + " cannot be compared");
  }
  const auto older = lake::reference(instance, from), newer = lake::reference(instance, to);
  auto diff = lake::diff_stated(lake::Stated(*older, lake::source_of(*older), false),
                                lake::Stated(*newer, lake::source_of(*newer), true));
  diff.registry = to.text("entity");
  diff.source = to.text("name");
  diff.from = from.text("version");
  diff.to = to.text("version");
  return diff;
}

}  // namespace lamin
