// diff.cpp -- what became of each term from one release to the next.
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <tuple>

#include "base/text.hpp"
#include "lake/reference/reference.hpp"
#include "lake/upgrade/diff.hpp"
#include "lake/upgrade/plan.hpp"
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
    if (change.into = newer.successors(before.id); !change.into.empty()) {
      change.kind = change.into.size() > 1 ? Kind::split : Kind::merged;
      return change;
    }
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

namespace {

/// Each term of either, with that of the other of the same id, or null.
template <class Use>
void each_pair(const Stated& older, const Stated& newer, Use use) {
  if (!older.sorted() || !newer.sorted()) {
    for (const auto& before : older.terms) use(&before, newer.find(before.id));
    for (const auto& now : newer.terms) {
      if (older.find(now.id) == nullptr) use(static_cast<const StatedTerm*>(nullptr), &now);
    }
    return;
  }
  const auto *before = older.terms.data(), *now = newer.terms.data();
  const auto *end = before + older.terms.size(), *now_end = now + newer.terms.size();
  while (before != end || now != now_end) {
    const int order = before == end ? 1 : now == now_end ? -1 : before->id.compare(now->id);
    use(order <= 0 ? before : nullptr, order >= 0 ? now : nullptr);
    before += order <= 0 ? 1 : 0;
    now += order >= 0 ? 1 : 0;
  }
}

/// Whether a part of a release, which lacks a term, says what became of it.
bool says_nothing_of(const Stated& part, const std::string& id) {
  return part.partial() && part.find(id) == nullptr && part.successors(id).empty();
}

std::string of_a_part(const char* which, const char* what, std::int64_t terms) {
  return fmt::format("the file of the {} release that is at hand has a part of its terms: {} {} {} not compared", which,
                     terms, what, terms == 1 ? "is" : "are");
}

}  // namespace

ReleaseDiff diff_stated(const Stated& older, const Stated& newer) {
  ReleaseDiff diff;
  std::int64_t not_after = 0, not_before = 0;
  each_pair(older, newer, [&](const StatedTerm* before, const StatedTerm* now) {
    const bool lived = before != nullptr && !before->obsolete, lives = now != nullptr && !now->obsolete;
    diff.terms_before += lived ? 1 : 0;
    diff.terms_after += lives ? 1 : 0;
    if (lived && lives) compare(*before, *now, diff);
    else if (lived && says_nothing_of(newer, before->id)) ++not_after;
    else if (lived) diff.changes.push_back(gone(*before, older, newer));
    else if (lives && before != nullptr)
      diff.changes.push_back({.kind = Kind::revived, .id = now->id, .name = now->name});
    else if (lives && older.partial()) ++not_before;
    else if (lives) diff.changes.push_back({.kind = Kind::added, .id = now->id, .name = now->name});
  });
  if (newer.partial()) diff.notes.push_back(of_a_part("later", "terms of the earlier one", not_after));
  if (older.partial()) diff.notes.push_back(of_a_part("earlier", "terms of the later one", not_before));
  std::ranges::sort(diff.changes, [](const TermChange& a, const TermChange& b) {
    return std::tie(a.kind, a.id) < std::tie(b.kind, b.id);
  });
  return diff;
}

void read_differing(Stated& older, Stated& newer) {
  std::vector<std::string_view> differing, gone;
  each_pair(older, newer, [&](const StatedTerm* before, const StatedTerm* now) {
    if (before != nullptr && now != nullptr && now->digest == before->digest) return;
    differing.emplace_back(before != nullptr ? before->id : now->id);
    if (before != nullptr && !before->obsolete && (now == nullptr || now->obsolete)) gone.emplace_back(before->id);
  });
  older.read_content(differing);
  newer.read_content(differing);
  newer.read_fates(gone);
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
  const auto& table = lake::upgradable(instance, to.text("entity"));
  lake::Stated before(*older, table, lake::Stated::Reads::differing),
      now(*newer, table, lake::Stated::Reads::differing);
  lake::read_differing(before, now);
  auto diff = lake::diff_stated(before, now);
  diff.registry = to.text("entity");
  diff.source = to.text("name");
  diff.from = from.text("version");
  diff.to = to.text("version");
  return diff;
}

}  // namespace lamin
