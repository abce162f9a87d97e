// missing_terms.cpp -- terms that the registry needs and does not have, and what users gave to those that they replace.
#include <algorithm>

#include "base/text.hpp"
#include "base/uid.hpp"
#include "lake/instance/branches.hpp"
#include "lake/ontology/trashed.hpp"
#include "lake/upgrade/mover.hpp"

namespace lamin::lake {
namespace {

Value with_all(const Value& synonyms, const std::vector<std::string>& more) {
  auto all = parts_of(synonyms);
  for (const auto& one : more) {
    if (std::ranges::find(all, one) == all.end()) all.push_back(one);
  }
  return all.empty() ? Value() : Value(base::join(all, "|"));
}

}  // namespace

void Mover::insert_missing() {
  std::vector<std::string> open(needed_.begin(), needed_.end());
  std::set<std::string> wanted;
  if (moves_.whole) {
    for (const auto& term : newer_->terms) {
      if (!term.obsolete) open.push_back(term.id);
    }
  }
  while (!open.empty()) {
    const std::string id = std::move(open.back());
    open.pop_back();
    if (by_term_.contains(id) || moves_.others.contains(id) || newer_->live(id) == nullptr ||
        !later_->contents.contains(id) || !wanted.insert(id).second)
      continue;
    for (auto& parent : parents_of(*newer_->find(id))) open.push_back(std::move(parent));
  }
  for (const auto& id : wanted) moves_.inserts.push_back(inserted(id));
  apply_handed();
}

RowChange Mover::inserted(const std::string& id) {
  const TermContent& now = later_->contents.at(id);
  Record row(table_);
  row.set("uid", Value(base::derived_uid(id, table_.uid_size)));
  row.set(table_.id_field, Value(id));
  if (!now.name.empty()) row.set(table_.name_field, Value(now.name));
  row.set("description", now.description);
  row.set("synonyms", now.synonyms);
  for (std::size_t i = 0; i < further_.size(); ++i) row.set(further_[i]->position, now.further[i]);
  if (!organism_.is_null()) row.set("organism", organism_);
  RowChange change{.shown = {.action = Action::insert, .id = id, .name = now.name}, .row = std::move(row)};
  for (const auto& term : parents_of(*newer_->find(id))) {
    if (newer_->live(term) != nullptr) change.parents_add.push_back(term);
  }
  change.shown.parents_added = change.parents_add;
  return change;
}

void Mover::apply_handed() {
  for (auto& [id, given] : handed_) {
    auto insert = std::ranges::find(moves_.inserts, id, [](const RowChange& one) { return one.shown.id; });
    if (insert != moves_.inserts.end()) {
      insert->row.set("synonyms", with_all(insert->row.at("synonyms"), given.synonyms));
      if (!given.abbreviation.is_null()) insert->row.set("abbr", given.abbreviation);
      continue;
    }
    if (!by_term_.contains(id)) continue;  // of another source
    RowChange& change = change_to(id);
    const auto planned = change.set.find("synonyms");
    const Value now = planned == change.set.end() ? change.row.at("synonyms") : planned->second;
    set(change, "synonyms", with_all(now, given.synonyms));
    if (!given.abbreviation.is_null() && change.row.at("abbr").is_null()) set(change, "abbr", given.abbreviation);
  }
}

void Mover::restore() {
  std::set<std::string> seen;
  while (!relied_on_.empty()) {
    const std::string id = std::move(relied_on_.back());
    relied_on_.pop_back();
    if (!seen.insert(id).second) continue;
    const auto row = by_term_.find(id);
    const bool inserted = row == by_term_.end() && needed_.contains(id);
    if (!inserted && (row == by_term_.end() || !is_trashed(*row->second))) continue;
    if (!inserted) set(change_to(id), "branch", Value(main_branch));
    const auto* term = newer_->live(id);
    for (auto& above : term == nullptr ? std::vector<std::string>() : parents_of(*term)) {
      needed_.insert(above);
      relied_on_.push_back(std::move(above));
    }
  }
}

RowChange& Mover::change_to(const std::string& id) {
  const Record& row = *by_term_.at(id);
  const auto found =
      std::ranges::find_if(moves_.changes, [&](const RowChange& one) { return one.row.id() == row.id(); });
  if (found != moves_.changes.end()) return *found;
  std::erase(moves_.relinked, row.id());
  auto change = change_of(row, Action::rewrite);
  return moves_.changes.emplace_back(std::move(change));
}

}  // namespace lamin::lake
