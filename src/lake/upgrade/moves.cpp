#include "lake/upgrade/moves.hpp"

#include <fmt/format.h>
#include <algorithm>

#include "lake/ontology/closure.hpp"
#include "lake/reference/reference.hpp"
#include "lake/upgrade/mover.hpp"
#include "lamin/error.hpp"

namespace lamin::lake {
namespace {

bool gives_up(const RowChange& change) {
  return change.shown.action == PlannedChange::Action::move || change.shown.action == PlannedChange::Action::retire;
}

}  // namespace

Mover::Mover(Instance& instance, const schema::Table& table, const Record& to, const UpgradeOptions& options)
    : instance_(instance),
      table_(table),
      options_(options),
      further_(further_columns(table)),
      has_hierarchy_(parents_relation(table) != nullptr) {
  moves_.release = to;
  moves_.reference = reference(instance, to);
  moves_.reference_source = source_of(*moves_.reference);
  moves_.partial = is_partial(*moves_.reference);
  if (moves_.partial) {
    moves_.notes.push_back(
        fmt::format("the file of {} {} that is at hand has a part of its terms: those that it does not have stay as "
                    "they are",
                    to.text("name"), to.text("version")));
  }
  later_ = terms_of(*moves_.reference, table);
  moves_.terms.push_back(later_);
  newer_ = &later_->stated;
  if (newer_->terms.empty()) {
    throw Error(Code::invalid_argument, fmt::format("{} {} states no terms", to.text("name"), to.text("version")));
  }
  for (const auto& [id, into] : options.choose) {
    if (newer_->live(into) != nullptr) continue;
    throw Error(Code::invalid_argument, fmt::format("'{}' cannot replace '{}': it is not a term of {} {}", into, id,
                                                    to.text("name"), to.text("version")));
  }
  read_rows();
}

ReleaseMoves Mover::run() {
  for (const Record* row : concerned_) consider(*row);
  // A gene of one's own is not that of another organism which is called alike.
  for (const Record* row : own_) {
    if (has_hierarchy_) adopt(*row);
  }
  insert_missing();
  restore();
  compare_releases();
  compare_other_synonyms();
  // An abbreviation is unique: what gives one up comes first.
  std::ranges::stable_sort(moves_.changes,
                           [](const RowChange& a, const RowChange& b) { return gives_up(a) && !gives_up(b); });
  return std::move(moves_);
}

void Mover::read_rows() {
  Database& database = instance_.database();
  sources_ = database.all({.registry = "bionty.Source",
                           .where = Expr::compare("entity", Op::exact, Value(table_.qualified.view())),
                           .any_branch = true});
  rows_ = database.all({.registry = table_.qualified.str(), .order_by = {"id"}, .any_branch = true});
  for (const Record& row : rows_) {
    by_row_.emplace(row.id(), &row);
    const std::string id(row.text(table_.id_field));
    const auto* source = source_row(row);
    const bool same = source != nullptr && source->text("name") == moves_.release.text("name") &&
                      source->text("organism") == moves_.release.text("organism");
    if (same || (source == nullptr && !id.empty() && newer_->find(id) != nullptr)) {
      concerned_.push_back(&row);
      by_term_.emplace(id, &row);
      if (source != nullptr && source->text("version") != moves_.release.text("version")) {
        moves_.from.emplace(source->text("version"));
        moves_.whole = moves_.whole || source->at("in_db").boolean_or(false);
      }
    } else if (id.empty() || newer_->find(id) == nullptr) {
      own_.push_back(&row);
    } else {  // of another source, such as one that a user made of the same terms
      moves_.others.emplace(id, row.id());
    }
  }
  moves_.whole = moves_.whole || moves_.release.at("in_db").boolean_or(false);
  if (!concerned_.empty() && table_.find_column("organism") != nullptr) organism_ = concerned_.front()->at("organism");
  if (!has_hierarchy_) return;
  for (const auto& [child, parent] : read_edges(database, *parents_relation(table_))) {
    parents_[child].push_back(parent);
    children_[parent].push_back(child);
  }
}

const Record* Mover::source_row(const Record& row) const {
  const auto id = row.at("source").integer_or(0);
  const auto found = std::ranges::find_if(sources_, [&](const Record& one) { return one.id() == id; });
  return id == 0 || found == sources_.end() ? nullptr : &*found;
}

const Earlier* Mover::earlier(const Record& row) {
  const auto* source = source_row(row);
  if (source == nullptr || source->text("version") == moves_.release.text("version")) return nullptr;
  const std::string version(source->text("version"));
  const auto [found, is_new] = earlier_.try_emplace(version);
  auto& one = found->second;
  if (is_new) {
    one.version = version;
    try {
      one.reference = reference(instance_, *source);
      one.terms = terms_of(*one.reference, table_);
      moves_.terms.push_back(one.terms);
    } catch (const Error& error) {
      if (error.code() != Code::unavailable && error.code() != Code::no_access) throw;
      moves_.notes.push_back(
          fmt::format("the terms of {} {} are not at hand, so that what you changed by hand cannot "
                      "be told from what it said: names and definitions are those of {}",
                      source->text("name"), version, moves_.release.text("version")));
    }
  }
  return one.terms ? &one : nullptr;
}

bool Mover::same_release(const Record& row) const {
  const auto* source = source_row(row);
  return source != nullptr && source->text("version") == moves_.release.text("version");
}

void Mover::compare_other_synonyms() {
  std::unordered_map<std::int64_t, std::string> here;
  for (const auto& [term, row] : by_term_) here.emplace(row->id(), term);
  const auto now = other_synonyms(instance_, table_, here);
  const auto& later = later_->others;
  const auto same = [](const OwnSynonym& a, const OwnSynonym& b) { return a.scope == b.scope && a.text == b.text; };
  for (const auto& [term, row] : by_term_) {
    const auto is = now.find(term), will = later.find(term);
    auto wanted = will == later.end() ? std::vector<OwnSynonym>() : will->second;
    if (newer_->find(term) == nullptr ||
        (is == now.end() ? wanted.empty() : std::ranges::equal(is->second, wanted, same)))
      continue;
    for (auto& one : wanted) one.record = row->id();
    moves_.other.emplace(row->id(), std::move(wanted));
  }
}

void Mover::compare_releases() {
  for (auto& [version, one] : earlier_) {
    if (!one.terms) continue;
    auto diff = diff_stated(one.stated(), *newer_);
    diff.registry = table_.qualified.str();
    diff.source = moves_.release.text("name");
    diff.from = version;
    diff.to = moves_.release.text("version");
    moves_.diffs.push_back(std::move(diff));
  }
}

ReleaseMoves moves_to(Instance& instance, const schema::Table& table, const Record& to, const UpgradeOptions& options) {
  return Mover(instance, table, to, options).run();
}

}  // namespace lamin::lake
