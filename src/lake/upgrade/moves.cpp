#include "lake/upgrade/moves.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "base/uid.hpp"
#include "db/connection.hpp"
#include "lake/ontology/closure.hpp"
#include "lake/reference/reference.hpp"
#include "lamin/error.hpp"
#include "registry/scan.hpp"

namespace lamin::lake {
namespace {

using Action = PlannedChange::Action;
using Kind = TermChange::Kind;

/// An earlier release that rows are of.
struct Earlier {
  std::string version;
  std::shared_ptr<Instance> reference;
  std::optional<Stated> stated;
  Contents contents;

  const Content* content(const std::string& id) const {
    const auto found = contents.find(id);
    return found == contents.end() ? nullptr : &found->second;
  }
};

std::string obsolete_name(const std::string& name) {
  return base::lower(name).starts_with("obsolete") ? name : "obsolete " + name;
}

class Mover {
 public:
  Mover(Instance& instance, const schema::Table& table, const Record& to, const UpgradeOptions& options)
      : instance_(instance), table_(table), options_(options) {
    moves_.release = to;
    moves_.reference = reference(instance, to);
    moves_.reference_source = source_of(*moves_.reference);
    newer_.emplace(*moves_.reference, moves_.reference_source, true);
    contents_ = contents_of(*moves_.reference, table);
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

  Moves run() {
    for (const Record* row : concerned_) consider(*row);
    for (const Record* row : own_) adopt(*row);
    insert_missing();
    compare_releases();
    compare_other_synonyms();
    // An abbreviation is unique: what gives one up comes first.
    std::ranges::stable_sort(moves_.changes,
                             [](const RowChange& a, const RowChange& b) { return gives_up(a) && !gives_up(b); });
    return std::move(moves_);
  }

 private:
  void read_rows() {
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
    for (const auto& [child, parent] : read_edges(database, *parents_relation(table_))) {
      parents_[child].push_back(parent);
      children_[parent].push_back(child);
    }
  }

  const Record* source_row(const Record& row) const {
    const auto id = row.at("source").integer_or(0);
    const auto found = std::ranges::find_if(sources_, [&](const Record& one) { return one.id() == id; });
    return id == 0 || found == sources_.end() ? nullptr : &*found;
  }

  /// What the row's own release says; null if it is the same release, or cannot be had.
  const Earlier* earlier(const Record& row) {
    const auto* source = source_row(row);
    if (source == nullptr || source->text("version") == moves_.release.text("version")) return nullptr;
    const std::string version(source->text("version"));
    const auto [found, is_new] = earlier_.try_emplace(version);
    auto& one = found->second;
    if (is_new) {
      one.version = version;
      try {
        one.reference = reference(instance_, *source);
        one.stated.emplace(*one.reference, source_of(*one.reference), false);
        one.contents = contents_of(*one.reference, table_);
      } catch (const Error& error) {
        if (error.code() != Code::unavailable && error.code() != Code::no_access) throw;
        moves_.notes.push_back(
            fmt::format("the terms of {} {} are not at hand, so that what you changed by hand cannot "
                        "be told from what it said: names and definitions are those of {}",
                        source->text("name"), version, moves_.release.text("version")));
      }
    }
    return one.stated ? &one : nullptr;
  }

  RowChange change_of(const Record& row, Action action) const {
    RowChange change{.shown = {.action = action,
                               .id = std::string(row.text(table_.id_field)),
                               .name = std::string(row.text(table_.name_field))},
                     .row = row};
    return change;
  }
  void set(RowChange& change, const std::string& field, Value value) const {
    if (change.row.at(field) == value) return;
    change.shown.fields.emplace_back(field);
    change.set.insert_or_assign(field, std::move(value));
  }

  void consider(const Record& row) {
    const std::string id(row.text(table_.id_field));
    const Earlier* old = earlier(row);
    if (same_release(row) && !options_.choose.contains(id)) return;
    if (newer_->live(id) != nullptr && !options_.choose.contains(id)) return rewrite(row, id, old);
    auto into = newer_->successors(id);
    if (const auto chosen = options_.choose.find(id); chosen != options_.choose.end()) into = {chosen->second};
    std::erase_if(into, [&](const std::string& one) { return !contents_.contains(one); });
    if (newer_->find(id) == nullptr && into.empty()) return keep(row);
    retire(row, id, old, std::move(into));
  }

  void rewrite(const Record& row, const std::string& id, const Earlier* old) {
    auto change = change_of(row, Action::rewrite);
    const auto content = contents_.find(id);
    if (content == contents_.end()) return;
    const Content& now = content->second;
    const Content* before = old ? old->content(id) : nullptr;
    const bool own_name = before != nullptr && before->name != row.text(table_.name_field);
    if (own_name && before->name != now.name) change.shown.kept.push_back(table_.name_field.str());
    Value synonyms = merged_synonyms(row.at("synonyms"), before, now.synonyms);
    if (!own_name && now.name != row.text(table_.name_field)) {
      change.shown.former = row.text(table_.name_field);
      change.shown.name = now.name;
      change.shown.because.push_back(Kind::renamed);
      set(change, table_.name_field.str(), Value(now.name));
      synonyms = with_former(synonyms, change.shown.former);
    }
    set(change, "synonyms", std::move(synonyms));
    const bool own_text = before != nullptr && !(before->description == row.at("description"));
    if (!own_text && !now.description.is_null()) set(change, "description", now.description);
    else if (own_text && !(before->description == now.description)) change.shown.kept.emplace_back("description");
    move_parents(change, id, old);
    finish(std::move(change));
  }

  /// A former name leads to the term, unless it is the name of another one now.
  Value with_former(const Value& synonyms, const std::string& former) {
    if (former.find('|') != std::string::npos || is_name(former)) return synonyms;
    auto all = parts_of(synonyms);
    if (std::ranges::find(all, former) != all.end()) return synonyms;
    all.push_back(former);
    return Value(base::join(all, "|"));
  }
  bool is_name(const std::string& text) {
    if (names_.empty()) {
      for (const auto& term : newer_->terms) {
        if (!term.obsolete) names_.emplace(base::fold(term.name), term.id);
      }
    }
    return names_.contains(base::fold(text));
  }

  void move_parents(RowChange& change, const std::string& id, const Earlier* old) {
    const auto* now = newer_->find(id);
    const auto* before = old ? old->stated->find(id) : nullptr;
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
    }
    if (change.parents_add.empty() && change.parents_remove.empty()) return;
    change.shown.fields.emplace_back("parents");
    if (now != nullptr && !now->obsolete) change.shown.because.push_back(Kind::reparented);
  }
  bool same_release(const Record& row) const {
    const auto* source = source_row(row);
    return source != nullptr && source->text("version") == moves_.release.text("version");
  }

  void retire(const Record& row, const std::string& id, const Earlier* old, std::vector<std::string> into) {
    const auto* now = newer_->find(id);
    const bool moves = into.size() == 1;
    auto change = change_of(row, moves ? Action::move : Action::retire);
    const bool named = now != nullptr && !now->name.empty();
    const std::string name = obsolete_name(named ? now->name : std::string(row.text(table_.name_field)));
    if (row.text(table_.name_field) == name && row.at("synonyms").is_null() && !moves) {
      moves_.relinked.push_back(row.id());  // it was obsolete before
      return;
    }
    change.shown.former = row.text(table_.name_field);
    change.shown.name = name;
    change.shown.into = into;
    change.shown.because.push_back(why_gone(id, into, old));
    if (!moves && into.empty()) {
      if (const auto may = newer_->considered.find(id); may != newer_->considered.end())
        change.shown.into = may->second;
    }
    set(change, table_.name_field.str(), Value(name));
    set(change, "synonyms", Value());
    move_parents(change, id, old);
    change.shown.fields.clear();
    if (moves) {
      needed_.insert(into[0]);
      hand_over(row, into[0], old ? old->content(id) : nullptr, change);
    }
    finish(std::move(change));
  }

  Kind why_gone(const std::string& id, const std::vector<std::string>& into, const Earlier* old) const {
    if (into.empty()) return Kind::obsolete;
    if (into.size() > 1) return Kind::split;
    const auto* was = old ? old->stated->live(into[0]) : nullptr;
    return was != nullptr || newer_->find(id) == nullptr ? Kind::merged : Kind::replaced;
  }

  /// What a user gave the row goes to the one that replaces it: synonyms and, if that has none, the abbreviation.
  void hand_over(const Record& row, const std::string& into, const Content* before, RowChange& change) {
    const auto released = before ? parts_of(before->synonyms) : parts_of(row.at("synonyms"));
    for (const auto& one : parts_of(row.at("synonyms"))) {
      if (std::ranges::find(released, one) == released.end()) handed_[into].synonyms.push_back(one);
    }
    if (!row.at("abbr").is_null()) {
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

  void keep(const Record& row) {
    if (same_release(row)) return;
    auto change = change_of(row, Action::keep);
    change.to_release = false;
    change.shown.because.push_back(Kind::removed);
    moves_.changes.push_back(std::move(change));
  }

  /// A term of the user's own that the release has now under its name.
  void adopt(const Record& row) {
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
    const Content& now = contents_.at(id);
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
    }
    if (!change.parents_add.empty()) change.shown.fields.emplace_back("parents");
    by_term_.emplace(id, &row);
    finish(std::move(change));
  }

  /// The synonyms of other scopes are the release's; what is the same but for the release is only linked to it.
  void finish(RowChange change) {
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

  /// All terms of a registry that holds whole releases; otherwise those that are needed, and what is above them.
  void insert_missing() {
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
          !contents_.contains(id) || !wanted.insert(id).second)
        continue;
      for (auto& parent : parents_of(*newer_->find(id))) open.push_back(std::move(parent));
    }
    for (const auto& id : wanted) moves_.inserts.push_back(inserted(id));
    apply_handed();
  }

  RowChange inserted(const std::string& id) {
    const Content& now = contents_.at(id);
    Record row(table_);
    row.set("uid", Value(base::derived_uid(id, table_.uid_size)));
    row.set(table_.id_field, Value(id));
    row.set(table_.name_field, Value(now.name));
    row.set("description", now.description);
    row.set("synonyms", now.synonyms);
    RowChange change{.shown = {.action = Action::insert, .id = id, .name = now.name}, .row = std::move(row)};
    for (const auto& term : parents_of(*newer_->find(id))) {
      if (newer_->live(term) != nullptr) change.parents_add.push_back(term);
    }
    change.shown.parents_added = change.parents_add;
    return change;
  }

  void apply_handed() {
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
  static Value with_all(const Value& synonyms, const std::vector<std::string>& more) {
    auto all = parts_of(synonyms);
    for (const auto& one : more) {
      if (std::ranges::find(all, one) == all.end()) all.push_back(one);
    }
    return all.empty() ? Value() : Value(base::join(all, "|"));
  }
  /// The planned change of a registered term, or a new one.
  RowChange& change_to(const std::string& id) {
    const Record& row = *by_term_.at(id);
    const auto found =
        std::ranges::find_if(moves_.changes, [&](const RowChange& one) { return one.row.id() == row.id(); });
    if (found != moves_.changes.end()) return *found;
    std::erase(moves_.relinked, row.id());
    auto change = change_of(row, Action::rewrite);
    return moves_.changes.emplace_back(std::move(change));
  }

  static bool gives_up(const RowChange& change) {
    return change.shown.action == Action::move || change.shown.action == Action::retire;
  }

  using Other = std::map<std::string, std::vector<OwnSynonym>>;
  static Other other_synonyms(Instance& instance, const schema::Table& table,
                              const std::unordered_map<std::int64_t, std::string>& terms) {
    Other out;
    each_own_synonym(instance.database(), table, [&](std::int64_t row, std::string_view scope, std::string_view text) {
      if (const auto term = terms.find(row); term != terms.end())
        out[term->second].push_back({.record = row, .scope = std::string(scope), .text = std::string(text)});
    });
    for (auto& [term, synonyms] : out) {
      std::ranges::sort(synonyms, {}, [](const OwnSynonym& one) { return std::tie(one.scope, one.text); });
    }
    return out;
  }
  /// Those of other scopes are the release's.
  void compare_other_synonyms() {
    std::unordered_map<std::int64_t, std::string> here, there;
    for (const auto& [term, row] : by_term_) here.emplace(row->id(), term);
    const auto& table = moves_.reference->catalog().table(table_.qualified);
    auto rows = registry::Scan(table, {.columns = {&table.columns[0], &table.column(table.id_field)}})
                    .rows(moves_.reference->database());
    while (rows->next()) {
      if (!rows->is_null(1)) there.emplace(rows->integer(0), rows->text(1));
    }
    const auto now = other_synonyms(instance_, table_, here), later = other_synonyms(*moves_.reference, table, there);
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

  void compare_releases() {
    for (auto& [version, one] : earlier_) {
      if (!one.stated) continue;
      auto diff = diff_stated(*one.stated, *newer_);
      diff.registry = table_.qualified.str();
      diff.source = moves_.release.text("name");
      diff.from = version;
      diff.to = moves_.release.text("version");
      moves_.diffs.push_back(std::move(diff));
    }
  }

  struct Handed {
    std::vector<std::string> synonyms;
    Value abbreviation;
  };

  Instance& instance_;
  const schema::Table& table_;
  const UpgradeOptions& options_;
  Moves moves_;
  std::optional<Stated> newer_;
  Contents contents_;
  std::vector<Record> sources_, rows_;
  std::unordered_map<std::int64_t, const Record*> by_row_;
  std::unordered_map<std::string, const Record*> by_term_;  ///< of this source
  std::vector<const Record*> concerned_, own_;
  std::unordered_map<std::int64_t, std::vector<std::int64_t>> parents_, children_;
  std::map<std::string, Earlier> earlier_;
  std::unordered_map<std::string, std::string> names_;  ///< of the release's terms, folded -> id
  std::set<std::string> needed_;
  std::map<std::string, Handed> handed_;
};

}  // namespace

Moves moves_to(Instance& instance, const schema::Table& table, const Record& to, const UpgradeOptions& options) {
  return Mover(instance, table, to, options).run();
}

}  // namespace lamin::lake
