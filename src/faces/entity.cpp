#include "faces/entity.hpp"

#include <algorithm>
#include <vector>

#include "base/text.hpp"
#include "lamin/error.hpp"
#include "schema/plural.hpp"

namespace lamin::faces {

namespace {

bool answers_to(const schema::Table& table, std::string_view name) {
  const std::string own = entity_name(table);
  return name == own || name == schema::plural(own);
}

}  // namespace

std::string entity_name(const schema::Table& table) { return base::snake(table.name); }

const schema::Table& entity(const schema::Catalog& catalog, std::string_view name) {
  if (const auto* table = catalog.find(name)) return *table;
  const auto dot = name.find('.');
  const std::string_view module = dot == name.npos ? std::string_view{} : name.substr(0, dot);
  const std::string folded = base::lower(dot == name.npos ? name : name.substr(dot + 1));
  std::vector<std::string> names, usual;
  for (const auto& table : catalog.tables()) {
    if (!table.registry || (!module.empty() && table.module != module)) continue;
    if (answers_to(table, folded) || base::lower(table.name) == folded) return table;
    if (table.has(schema::Trait::link)) continue;
    names.push_back(entity_name(table));
    if (table.has(schema::Trait::branched) && !names.back().ends_with("block")) usual.push_back(names.back());
  }
  std::ranges::sort(usual);
  const std::vector<std::string_view> known(names.begin(), names.end());
  const auto near = base::nearest(folded, known);
  throw Error(Code::not_found, "There is no registry '" + std::string(name) + "' in this instance. " +
                                   (near.empty() ? "It must be one of: " + base::join(usual, ", ") + "."
                                                 : "Did you mean " + base::join(near, ", ") + "?"));
}

}  // namespace lamin::faces
