// row_moves.cpp -- what becomes of a row: it is rewritten, replaced, marked as obsolete, adopted or left alone.
#include <fmt/format.h>
#include <algorithm>

#include "base/text.hpp"
#include "base/uid.hpp"
#include "lake/ontology/trashed.hpp"
#include "lake/upgrade/mover.hpp"

namespace lamin::lake {
namespace {

std::string obsolete_name(const std::string& name) {
  return base::lower(name).starts_with("obsolete") ? name : "obsolete " + name;
}

}  // namespace

void Mover::consider(const Record& row) {
  const std::string id(row.text(table_.id_field));
  const Earlier* old = earlier(row);
  if (same_release(row) && !options_.choose.contains(id)) return;
  if (newer_->live(id) != nullptr && !options_.choose.contains(id)) return rewrite(row, id, old);
  auto into = newer_->successors(id);
  if (const auto chosen = options_.choose.find(id); chosen != options_.choose.end()) into = {chosen->second};
  if (into.size() == 1 && !later_->contents.contains(into[0])) into.clear();
  if (newer_->find(id) == nullptr && into.empty()) return keep(row);
  retire(row, id, old, std::move(into));
}

void Mover::rewrite(const Record& row, const std::string& id, const Earlier* old) {
  auto change = change_of(row, Action::rewrite);
  const auto content = later_->contents.find(id);
  if (content == later_->contents.end()) return;
  const TermContent& now = content->second;
  const TermContent* before = old ? old->content(id) : nullptr;
  const bool own_name = before != nullptr && before->name != row.text(table_.name_field);
  if (own_name && before->name != now.name) change.shown.kept.push_back(table_.name_field.str());
  Value synonyms = merged_synonyms(row.at("synonyms"), before, now.synonyms);
  if (!own_name && !now.name.empty() && now.name != row.text(table_.name_field)) {
    change.shown.former = row.text(table_.name_field);
    change.shown.name = now.name;
    change.shown.because.push_back(Kind::renamed);
    set(change, table_.name_field.str(), Value(now.name));
    if (!change.shown.former.empty()) synonyms = with_former(synonyms, change.shown.former);
  }
  set(change, "synonyms", std::move(synonyms));
  const bool own_text = before != nullptr && !(before->description == row.at("description"));
  if (!own_text && !now.description.is_null()) set(change, "description", now.description);
  else if (own_text && !(before->description == now.description)) change.shown.kept.emplace_back("description");
  for (std::size_t i = 0; i < further_.size(); ++i) {
    const auto& is = row[further_[i]->position];
    const bool own = before != nullptr && !(before->further[i] == is);
    if (!own && !now.further[i].is_null()) set(change, further_[i]->name.str(), now.further[i]);
    else if (own && !(before->further[i] == now.further[i])) change.shown.kept.push_back(further_[i]->name.str());
  }
  move_parents(change, id, old);
  finish(std::move(change));
}

Value Mover::with_former(const Value& synonyms, const std::string& former) {
  if (former.find('|') != std::string::npos || is_name(former)) return synonyms;
  auto all = parts_of(synonyms);
  if (std::ranges::find(all, former) != all.end()) return synonyms;
  all.push_back(former);
  return Value(base::join(all, "|"));
}

bool Mover::is_name(const std::string& text) {
  if (names_.empty()) {
    for (const auto& term : newer_->terms) {
      if (!term.obsolete) names_.emplace(base::fold(term.name), term.id);
    }
  }
  return names_.contains(base::fold(text));
}

void Mover::move_parents(RowChange& change, const std::string& id, const Earlier* old) {
  if (!has_hierarchy_) return;
  const auto* now = newer_->find(id);
  const auto* before = old ? old->stated().find(id) : nullptr;
  const auto wanted = now == nullptr || now->obsolete ? std::vector<std::string>() : parents_of(*now);
  const auto released = before ? parents_of(*before) : std::vector<std::string>();
  std::set<std::string> has;
  for (const auto parent : parents_[change.row.id()]) {
    const Record& row = *by_row_.at(parent);
    const std::string term(row.text(table_.id_field));
    if (!term.empty()) has.insert(term);
    const bool wants = std::ranges::find(wanted, term) != wanted.end();
    // Without the earlier release, a link to one of its terms is taken for one of its links.
    const bool of_release = before ? std::ranges::find(released, term) != released.end()
                                   : old == nullptr && source_row(row) != nullptr && by_term_.contains(term);
    if (term.empty() || wants || !of_release) continue;  // among them links of the user's own
    change.parents_remove.push_back(parent);
    change.shown.parents_removed.push_back(term);
  }
  for (const auto& term : wanted) {
    if (has.contains(term)) continue;
    // A link that the earlier release had and the registry lacks was removed by hand, or led to a term that is
    // missing.
    if (std::ranges::find(released, term) != released.end() && by_term_.contains(term)) continue;
    if (newer_->live(term) == nullptr) continue;
    change.parents_add.push_back(term);
    change.shown.parents_added.push_back(term);
    needed_.insert(term);
    if (!is_trashed(change.row)) relied_on_.push_back(term);
  }
  if (change.parents_add.empty() && change.parents_remove.empty()) return;
  change.shown.fields.emplace_back("parents");
  if (now != nullptr && !now->obsolete) change.shown.because.push_back(Kind::reparented);
}

void Mover::retire(const Record& row, const std::string& id, const Earlier* old, std::vector<std::string> into) {
  const auto* now = newer_->find(id);
  const bool moves = into.size() == 1;
  auto change = change_of(row, moves ? Action::move : Action::retire);
  const bool named = now != nullptr && !now->name.empty();
  std::string was(row.text(table_.name_field));
  if (was.empty()) was = id;
  const std::string name = obsolete_name(named ? now->name : was);
  if (row.text(table_.name_field) == name && row.at("synonyms").is_null() && !moves) {
    moves_.relinked.push_back(row.id());  // it was obsolete before
    return;
  }
  change.shown.former = row.text(table_.name_field);
  change.shown.name = name;
  change.shown.into = into;
  change.shown.because.push_back(why_gone(id, into, old));
  if (!moves && into.empty()) {
    if (const auto may = newer_->considered.find(id); may != newer_->considered.end()) change.shown.into = may->second;
  }
  set(change, table_.name_field.str(), Value(name));
  set(change, "synonyms", Value());
  move_parents(change, id, old);
  change.shown.fields.clear();
  if (moves) {
    needed_.insert(into[0]);
    if (!is_trashed(row)) relied_on_.push_back(into[0]);
    hand_over(row, into[0], old ? old->content(id) : nullptr, change);
  }
  finish(std::move(change));
}

Mover::Kind Mover::why_gone(const std::string& id, const std::vector<std::string>& into, const Earlier* old) const {
  if (into.empty()) return Kind::obsolete;
  if (into.size() > 1) return Kind::split;
  const auto* was = old ? old->stated().live(into[0]) : nullptr;
  return was != nullptr || newer_->find(id) == nullptr ? Kind::merged : Kind::replaced;
}

void Mover::hand_over(const Record& row, const std::string& into, const TermContent* before, RowChange& change) {
  const auto released = before ? parts_of(before->synonyms) : parts_of(row.at("synonyms"));
  for (const auto& one : parts_of(row.at("synonyms"))) {
    if (std::ranges::find(released, one) == released.end()) handed_[into].synonyms.push_back(one);
  }
  if (table_.find_column("abbr") != nullptr && !row.at("abbr").is_null()) {
    handed_[into].abbreviation = row.at("abbr");
    change.set.insert_or_assign("abbr", Value());
  }
  for (const auto child : children_[row.id()]) {
    const Record& below = *by_row_.at(child);
    if (by_term_.contains(std::string(below.text(table_.id_field)))) continue;  // its own release says
    RowChange moved = change_of(below, Action::rewrite);
    moved.to_release = false;
    moved.parents_remove.push_back(row.id());
    moved.parents_add.push_back(into);
    moved.shown.fields = {"parents"};
    moved.shown.because = {Kind::reparented};
    moved.shown.parents_added = {into};
    moved.shown.parents_removed = {std::string(row.text(table_.id_field))};
    moves_.changes.push_back(std::move(moved));
  }
}

void Mover::keep(const Record& row) {
  if (same_release(row)) return;
  auto change = change_of(row, Action::keep);
  change.to_release = false;
  if (!moves_.partial) change.shown.because.push_back(Kind::removed);
  moves_.changes.push_back(std::move(change));
}

void Mover::adopt(const Record& row) {
  const std::string name(row.text(table_.name_field));
  if (name.empty() || !is_name(name)) return;
  const std::string& id = names_.at(base::fold(name));
  if (row.text(table_.id_field) == id) return;
  if (by_term_.contains(id) || moves_.others.contains(id)) {
    moves_.notes.push_back(
        fmt::format("'{}' of your own is called like {}, which is registered: they stay apart", name, id));
    return;
  }
  auto change = change_of(row, Action::adopt);
  const TermContent& now = later_->contents.at(id);
  change.shown.former = change.shown.id.empty() ? name : change.shown.id;
  change.shown.id = id;
  change.shown.name = now.name;
  change.shown.because.push_back(Kind::added);
  set(change, table_.id_field.str(), Value(id));
  set(change, table_.name_field.str(), Value(now.name));
  change.set.insert_or_assign("uid", Value(base::derived_uid(id, table_.uid_size)));
  set(change, "synonyms", merged_synonyms(row.at("synonyms"), nullptr, now.synonyms));
  if (row.at("description").is_null() && !now.description.is_null()) set(change, "description", now.description);
  std::set<std::string> has;
  for (const auto parent : parents_[row.id()]) has.emplace(by_row_.at(parent)->text(table_.id_field));
  for (const auto& term : parents_of(*newer_->find(id))) {
    if (has.contains(term) || newer_->live(term) == nullptr) continue;
    change.parents_add.push_back(term);
    change.shown.parents_added.push_back(term);
    needed_.insert(term);
    if (!is_trashed(row)) relied_on_.push_back(term);
  }
  if (!change.parents_add.empty()) change.shown.fields.emplace_back("parents");
  by_term_.emplace(id, &row);
  finish(std::move(change));
}

void Mover::finish(RowChange change) {
  const bool relinks = !same_release(change.row);
  const bool changes = !change.set.empty() || !change.parents_add.empty() || !change.parents_remove.empty();
  if (!changes && change.shown.kept.empty()) {
    if (relinks) moves_.relinked.push_back(change.row.id());
    return;
  }
  std::ranges::sort(change.shown.parents_added);
  std::ranges::sort(change.shown.parents_removed);
  moves_.changes.push_back(std::move(change));
}

RowChange Mover::change_of(const Record& row, Action action) const {
  RowChange change{.shown = {.action = action,
                             .id = std::string(row.text(table_.id_field)),
                             .name = std::string(row.text(table_.name_field))},
                   .row = row};
  return change;
}

void Mover::set(RowChange& change, const std::string& field, Value value) const {
  if (change.row.at(field) == value) return;
  change.shown.fields.emplace_back(field);
  change.set.insert_or_assign(field, std::move(value));
}

}  // namespace lamin::lake
