// stated_release.cpp -- what a release states of its terms, read whole or as far as two releases differ.
#include <algorithm>
#include <array>
#include <functional>
#include <unordered_set>

#include "db/connection.hpp"
#include "lake/ontology/closure.hpp"
#include "lake/reference/files.hpp"
#include "lake/reference/reference.hpp"
#include "lake/upgrade/diff.hpp"
#include "registry/scan.hpp"

namespace lamin::lake {

std::vector<const schema::Column*> further_columns(const schema::Table& table) {
  static constexpr std::array<std::string_view, 6> others{"uid",  "synonyms",  "description",
                                                          "abbr", "stable_id", "version_tag"};
  std::vector<const schema::Column*> columns;
  for (const auto& column : table.columns) {
    const bool content =
        column.kind == schema::Kind::text || column.kind == schema::Kind::integer || column.kind == schema::Kind::real;
    const bool own = column.field != nullptr && column.position != 0 && column.name != table.id_field &&
                     column.name != table.name_field && std::ranges::find(others, column.name.view()) == others.end();
    if (content && own) columns.push_back(&column);
  }
  return columns;
}

void Stated::read_rows(Instance& reference, const schema::Table& table) {
  std::vector<const schema::Column*> columns{&table.column(table.id_field), &table.column(table.name_field),
                                             &table.column("description"), &table.column("synonyms")};
  for (const auto* column : further_columns(table)) columns.push_back(column);
  auto rows = registry::Scan(table, {.columns = columns}).rows(reference.database());
  while (rows->next()) {
    if (rows->is_null(0)) continue;
    StatedTerm term{.id = std::string(rows->text(0)), .name = rows->is_null(1) ? "" : std::string(rows->text(1))};
    std::string all = term.name;
    for (std::size_t i = 2; i < columns.size(); ++i) {
      const auto at = static_cast<int>(i);
      all += '\x1f';
      if (!rows->is_null(at)) all += to_string(rows->value(at, columns[i]->type));
    }
    term.digest = static_cast<std::int64_t>(std::hash<std::string>()(all));
    terms.push_back(std::move(term));
  }
}

void Stated::read_retired() {
  const auto release = reference_.database().find(reference_.catalog().table("bionty.Source"), source_);
  const auto file = release ? retired_ids_file(reference_, *release) : std::nullopt;
  const auto table = file ? table_in(*file) : std::nullopt;
  const auto* from = table ? table->find("old_stable_id") : nullptr;
  const auto* to = table ? table->find("new_stable_id") : nullptr;
  if (from == nullptr || to == nullptr) return;
  for (std::int64_t row = 0; row < table->rows(); ++row) {
    if (!from->is_null(row) && !to->is_null(row)) replaced[std::string(from->text(row))].emplace_back(to->text(row));
  }
}

Stated::Stated(Instance& reference, const schema::Table& given, Reads reads)
    : reference_(reference), source_(source_of(reference)), partial_(is_partial(reference)) {
  const auto& table = reference.catalog().table(given.qualified);
  has_hierarchy_ = parents_relation(table) != nullptr;
  const auto add = [&](StatedTerm&& term) { terms.push_back(std::move(term)); };
  if (!has_hierarchy_) read_rows(reference, table);
  else if (reads == Reads::all) each_stated(reference.database(), source_, add);
  else each_head(reference.database(), source_, add);
  sorted_ = std::ranges::is_sorted(terms, {}, &StatedTerm::id);
  if (!sorted_) {
    by_id_.reserve(terms.size());
    for (std::size_t i = 0; i < terms.size(); ++i) by_id_.emplace(terms[i].id, i);
  }
  has_retired_ = !has_hierarchy_ && table.find_column("ensembl_gene_id") != nullptr;
  if (reads != Reads::all) return;
  if (has_retired_) read_retired();
  if (has_hierarchy_) read_all_fates();
}

void Stated::read_all_fates() {
  for (auto& [term, kind, value] : facts_of_obsolete(reference_.database(), source_)) {
    (kind == "consider" ? considered : replaced)[term].push_back(std::move(value));
  }
  for (auto& [id, term] : alternative_ids(reference_.database(), source_)) {
    if (live(term) != nullptr) alternatives.emplace(std::move(id), term);
  }
}

void Stated::read_content(std::span<const std::string_view> ids) {
  if (!has_hierarchy_) return;
  std::vector<StatedTerm*> of;
  for (const auto id : ids) {
    if (const auto at = place_of(id); at < terms.size()) of.push_back(&terms[at]);
  }
  fill_content(reference_.database(), source_, of);
}

void Stated::read_fates(std::span<const std::string_view> ids) {
  if (has_retired_ && !ids.empty()) read_retired();
  if (!has_hierarchy_) return;
  constexpr std::size_t few = 32;  // looking up more one by one takes longer than reading all
  if (ids.size() > few) return read_all_fates();
  std::vector<std::string> open(ids.begin(), ids.end());
  std::unordered_set<std::string> seen(open.begin(), open.end());
  while (!open.empty()) {
    const auto id = std::move(open.back());
    open.pop_back();
    for (auto& [term, kind, value] : fates_of(reference_.database(), source_, id)) {
      // What replaces it may have been replaced itself.
      if (kind == "replaced_by" && live(value) == nullptr && seen.insert(value).second) open.push_back(value);
      (kind == "consider" ? considered : replaced)[term].push_back(std::move(value));
    }
    for (const auto& same : stated_with(reference_.database(), source_, "alt_id", id)) {
      if (!same.obsolete) alternatives.emplace(id, same.id);
    }
  }
}

std::size_t Stated::place_of(std::string_view id) const {
  if (sorted_) {
    const auto found =
        std::ranges::lower_bound(terms, id, {}, [](const StatedTerm& one) { return std::string_view(one.id); });
    return found != terms.end() && found->id == id ? static_cast<std::size_t>(found - terms.begin()) : terms.size();
  }
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? terms.size() : found->second;
}

const StatedTerm* Stated::find(std::string_view id) const {
  const auto at = place_of(id);
  return at < terms.size() ? &terms[at] : nullptr;
}

const StatedTerm* Stated::live(std::string_view id) const {
  const auto* term = find(id);
  return term == nullptr || term->obsolete ? nullptr : term;
}

std::vector<std::string> Stated::successors(const std::string& id) const {
  std::vector<std::string> live_ones;
  const auto add = [&](const std::string& other) {
    // A part of a release does not say that what it lacks is no term: one of two is not the only one.
    const bool may_live = live(other) != nullptr || (partial_ && find(other) == nullptr);
    if (may_live && std::ranges::find(live_ones, other) == live_ones.end()) live_ones.push_back(other);
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

}  // namespace lamin::lake
