// term.cpp -- all that is known of one term.
#include <fmt/format.h>
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "lake/label/own_synonyms.hpp"
#include "lake/ontology/closure.hpp"
#include "lake/ontology/term_called.hpp"
#include "lake/ontology/uses.hpp"
#include "lake/reference/browse.hpp"
#include "lake/reference/reference.hpp"
#include "lamin/error.hpp"
#include "lamin/term.hpp"

namespace lamin {
namespace lake {
namespace {

class Describer {
 public:
  Describer(Instance& instance, const schema::Table& table) : instance_(instance), table_(table) {}

  TermInfo of_row(const Record& row, const Shelf& at) {
    const bool registered = at.instance == &instance_;
    info_ = {.registry = table_.qualified.str(),
             .id = text(row, table_.id_field),
             .name = text(row, table_.name_field),
             .definition = text(row, "description"),
             .abbreviation = text(row, "abbr"),
             .registered = registered,
             .record = row};
    if (const auto source = source_row(*at.instance, row)) {
      info_.source = source->text("name");
      info_.version = source->text("version");
      at_ = {.instance = at.instance, .kept = at.kept, .source = source->id()};
      beside_ = registered ? shelf_of(instance_, *source, false) : Shelf{};
    } else {
      at_ = at;
    }
    take_synonyms(*at.instance, row);
    if (auto said = stated_of(info_.id)) take(*said);
    take_links(*at.instance, row);
    const std::array<std::int64_t, 1> ids{row.id()};
    if (registered) info_.uses = Uses(instance_, table_, row.id()).of(ids);
    return std::move(info_);
  }

  TermInfo of_obsolete(const StatedTerm& said, const Shelf& at) {
    info_ = {.registry = table_.qualified.str(), .id = said.id, .name = said.name, .obsolete = true};
    at_ = at;
    if (const auto source = at.instance->database().find(at.instance->catalog().table("bionty.Source"), at.source)) {
      info_.source = source->text("name");
      info_.version = source->text("version");
    }
    take(said);
    return std::move(info_);
  }

 private:
  static std::string text(const Record& row, std::string_view field) {
    return std::string(row.table().find_column(field) == nullptr ? "" : row.text(field));
  }

  std::optional<StatedTerm> stated_of(const std::string& id) {
    for (const auto* shelf : {&at_, &beside_}) {
      if (!*shelf || shelf->source == 0 || id.empty()) continue;
      if (auto said = find_stated(shelf->instance->database(), shelf->source, id)) return said;
    }
    return std::nullopt;
  }

  /// "" if nobody knows it.
  std::string name_of(const std::string& id) {
    if (auto said = stated_of(id)) return said->name;
    const auto row = instance_.database().first(
        {.registry = table_.qualified.str(), .where = Expr::compare(table_.id_field.str(), Op::exact, Value(id))});
    return row ? text(*row, table_.name_field) : "";
  }
  TermLink link(std::string relation, const std::string& id) {
    return {.relation = std::move(relation), .id = id, .name = name_of(id)};
  }

  void take_synonyms(Instance& instance, const Record& row) {
    if (row.table().find_column("synonyms") == nullptr) return;
    for (auto& one : base::split(row.text("synonyms"), '|')) {
      if (!one.empty()) info_.synonyms.push_back({.text = std::move(one), .scope = "EXACT"});
    }
    for (auto& one : own_synonyms_of(instance.database(), row.table(), row.id()))
      info_.synonyms.push_back({.text = std::move(one.text), .scope = std::move(one.scope)});
  }

  void take(const StatedTerm& said) {
    info_.obsolete = said.obsolete;
    for (const auto& fact : said.facts) {
      if (fact.kind == "is_a") info_.relations.push_back(link("is_a", fact.value));
      else if (fact.kind == "relation") info_.relations.push_back(link(fact.detail, fact.value));
      else if (fact.kind == "replaced_by") info_.replaced_by.push_back(link("", fact.value));
      else if (fact.kind == "consider") info_.consider.push_back(link("", fact.value));
      else if (fact.kind == "alt_id") info_.alt_ids.push_back(fact.value);
      else if (fact.kind == "xref") info_.xrefs.push_back(fact.value);
      else if (fact.kind == "subset") info_.subsets.push_back(fact.value);
      else if (fact.kind == "definition_source") info_.definition_sources.push_back(fact.value);
      else if (fact.kind == "property") info_.properties.emplace_back(fact.detail, fact.value);
      else if (fact.kind == "synonym") take_source(fact);
    }
  }
  void take_source(const Fact& fact) {
    auto parts = base::split(fact.detail, '\t');
    auto same = std::ranges::find_if(
        info_.synonyms, [&](const TermSynonym& one) { return one.text == fact.value && one.scope == parts[0]; });
    if (same == info_.synonyms.end())
      same = info_.synonyms.insert(same, TermSynonym{.text = fact.value, .scope = parts[0]});
    if (parts.size() > 1) same->type = parts[1];
    if (parts.size() > 2) same->sources.assign(parts.begin() + 2, parts.end());
  }

  /// Links of the registry that no release states are a user's own.
  void take_links(Instance& instance, const Record& row) {
    const auto* parents = row.table().find_relation("parents");
    for (const auto& above : related(instance, row, *parents)) {
      const auto id = text(above, table_.id_field);
      const bool said = !id.empty() && std::ranges::find(info_.relations, id, &TermLink::id) != info_.relations.end();
      if (!said) info_.relations.push_back({.relation = "parent", .id = id, .name = text(above, table_.name_field)});
    }
    for (const auto& below : related(instance, row, *row.table().find_relation("children")))
      info_.children.push_back({.id = text(below, table_.id_field), .name = text(below, table_.name_field)});
    if (!beside_ || info_.id.empty()) return;
    const auto& table = beside_.instance->catalog().table(table_.qualified);
    const auto same = beside_.instance->database().first(
        {.registry = table.qualified.str(), .where = Expr::compare(table.id_field.str(), Op::exact, Value(info_.id))});
    if (!same) return;
    for (const auto& below : related(*beside_.instance, *same, *table.find_relation("children"))) {
      const auto id = text(below, table.id_field);
      if (std::ranges::find(info_.children, id, &TermLink::id) == info_.children.end())
        info_.children.push_back({.id = id, .name = text(below, table.name_field)});
    }
  }
  static std::vector<Record> related(Instance& instance, const Record& row, const schema::Relation& relation) {
    auto query = instance.database().related(row, relation);
    query.any_branch = false;
    query.order_by = {"id"};
    return instance.database().all(query);
  }

  Instance& instance_;
  const schema::Table& table_;
  TermInfo info_;
  Shelf at_, beside_;  ///< where the term is; of a registered one, the release that it is of
};

/// A term of the release that is obsolete, or has a former identifier.
std::optional<TermInfo> of_release(Instance& instance, const schema::Table& table, const Shelf& at,
                                   std::string_view text) {
  auto& database = at.instance->database();
  auto said = find_stated(database, at.source, text);
  if (!said) said = find_obsolete(database, at.source, text);
  if (said && said->obsolete) return Describer(instance, table).of_obsolete(*said, at);
  for (const auto& same : stated_with(database, at.source, "alt_id", text)) {
    if (same.obsolete) continue;
    return term_info(instance, table.qualified, same.id);
  }
  return std::nullopt;
}

/// "bionty.CellType" for "CL:0000084", and for "T cell" if only that registry has such a term.
std::string registry_of_term(Instance& instance, std::string_view text) {
  if (const auto colon = text.find(':'); colon != text.npos && text.find(' ') == text.npos)
    return ontology_called(instance, text.substr(0, colon)).registry;
  std::vector<std::string> registries;
  for (const auto& table : instance.catalog().tables()) {
    if (parents_relation(table) == nullptr || table.id_field.empty() || table.find_column("source") == nullptr)
      continue;
    if (find_term(instance, table, text)) registries.push_back(table.qualified.str());
  }
  if (registries.size() == 1) return registries.front();
  if (registries.empty()) {
    throw Error(Code::not_found,
                fmt::format("no registered term is called '{}': say of which ontology, such as CL", text));
  }
  throw Error(Code::multiple_found, fmt::format("'{}' is a term of {}: say which", text, base::join(registries, ", ")));
}

}  // namespace
}  // namespace lake

TermInfo term_info(Instance& instance, const Record& record) {
  const auto& table = lake::term_table(instance, record.table().qualified);
  return lake::Describer(instance, table).of_row(record, {.instance = &instance});
}

TermInfo term_info(Instance& instance, std::string_view registry, std::string_view text) {
  if (registry.empty()) return term_info(instance, lake::registry_of_term(instance, text), text);
  const auto& table = lake::term_table(instance, registry);
  if (const auto row = lake::find_term(instance, table, text)) return term_info(instance, *row);
  if (const auto shelf = lake::shelf_in_use(instance, table, true)) {
    const auto& theirs = shelf.instance->catalog().table(table.qualified);
    if (const auto row = lake::find_term(*shelf.instance, theirs, text)) {
      // By a synonym or another case, it may be one that is registered.
      if (const auto known = instance.database().find(table, row->uid())) return term_info(instance, *known);
      return lake::Describer(instance, table).of_row(*row, shelf);
    }
    if (auto found = lake::of_release(instance, table, shelf, text)) return std::move(*found);
    throw Error(Code::not_found, fmt::format("there is no term '{}' in {}{}", text, shelf.instance->settings().name,
                                             lake::nearest_terms(*shelf.instance, theirs, text, ", nor one like it")));
  }
  for (const auto& source :
       instance.database().all({.registry = "bionty.Source",
                                .where = Expr::compare("entity", Op::exact, Value(table.qualified.view())),
                                .order_by = {"-currently_used", "-id"}})) {
    const lake::Shelf own{.instance = &instance, .source = source.id()};
    if (auto found = lake::of_release(instance, table, own, text)) return std::move(*found);
  }
  throw Error(Code::not_found,
              fmt::format("there is no {} '{}'{}", table.qualified.view(), text,
                          lake::nearest_terms(instance, table, text, ", and no release of public terms is at hand")));
}

}  // namespace lamin
