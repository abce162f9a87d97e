#include "lake/reference/browse.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "lake/ontology/closure.hpp"
#include "lake/reference/reference.hpp"
#include "lamin/error.hpp"
#include "lamin/term.hpp"

namespace lamin {
namespace lake {

const schema::Table& term_table(Instance& instance, std::string_view registry) {
  const auto& table = instance.catalog().table(registry);
  if (parents_relation(table) == nullptr || table.id_field.empty() || table.find_column("source") == nullptr) {
    throw Error(Code::invalid_argument, table.qualified.str() +
                                            " has no terms of an ontology: choose a registry such as "
                                            "bionty.CellType");
  }
  return table;
}

Shelf shelf_of(Instance& instance, const Record& release, bool download) {
  try {
    Shelf shelf;
    shelf.kept = download ? reference(instance, release) : reference_at_hand(instance, release);
    if (!shelf.kept) return {};
    shelf.instance = shelf.kept.get();
    shelf.source = source_of(*shelf.kept);
    return shelf;
  } catch (const Error& error) {
    if (error.code() != Code::unavailable && error.code() != Code::no_access) throw;
    return {};
  }
}

Shelf shelf_in_use(Instance& instance, const schema::Table& table, bool download) {
  try {
    const auto used = release_in_use(instance, table.qualified);
    if (download) return shelf_of(instance, readable_release(instance, used), true);
    const auto other = file_at_hand(instance, used) ? std::nullopt : stand_in(instance, used);
    return shelf_of(instance, other ? *other : used, false);
  } catch (const Error& error) {
    if (error.code() != Code::not_found && error.code() != Code::not_configured) throw;
    return {};
  }
}

std::optional<Record> source_row(Instance& instance, const Record& row) {
  const auto* column = row.table().find_column("source");
  if (column == nullptr || row[column->position].is_null()) return std::nullopt;
  return instance.database().find(instance.catalog().table("bionty.Source"), row[column->position].integer_or(0));
}

namespace {

/// Whether its rows are terms of releases: of an ontology, or genes and proteins.
bool has_terms(const schema::Table& table) {
  return !table.id_field.empty() && table.find_column("source") != nullptr && table.find_column("synonyms") != nullptr;
}

/// "cell_type", "CellType" or "bionty.CellType".
const schema::Table* registry_called(Instance& instance, std::string_view name) {
  for (const auto& table : instance.catalog().tables()) {
    if (!has_terms(table)) continue;
    if (table.qualified == name || base::lower(table.name) == base::lower(name) || base::snake(table.name) == name)
      return &table;
  }
  return nullptr;
}

}  // namespace
}  // namespace lake

OntologyName ontology_called(Instance& instance, std::string_view name) {
  if (const auto* table = lake::registry_called(instance, name)) return {.registry = table->qualified.str()};
  std::set<std::string> registries, names;
  std::string source;
  if (instance.catalog().find("bionty.Source") != nullptr) {
    for (const auto& row : instance.database().all({.registry = "bionty.Source", .order_by = {"id"}})) {
      const auto* table = instance.catalog().find(row.text("entity"));
      if (table == nullptr || !lake::has_terms(*table)) continue;
      names.emplace(row.text("name"));
      if (base::lower(row.text("name")) != base::lower(name)) continue;
      registries.emplace(table->qualified.view());
      source = row.text("name");
    }
  }
  if (registries.size() == 1) return {.registry = *registries.begin(), .source = source};
  if (registries.size() > 1) {
    const std::vector<std::string> all(registries.begin(), registries.end());
    throw Error(Code::multiple_found,
                fmt::format("'{}' is a source of {}: name the registry", name, base::join(all, ", ")));
  }
  std::vector<std::string_view> known(names.begin(), names.end());
  auto near = base::nearest(base::lower(name), known);
  if (near.empty()) near.assign(names.begin(), names.end());
  throw Error(Code::not_found, fmt::format("there is no ontology '{}'; {} {}", name,
                                           near.size() <= 3 ? "did you mean" : "there are", base::join(near, ", ")));
}

}  // namespace lamin
