// path.cpp -- paths across relations, in both directions.
#include "registry/path.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "lamin/error.hpp"

namespace lamin::registry {
namespace {

using schema::Relation;
using schema::Table;

std::vector<std::string_view> segments(std::string_view path) {
  std::vector<std::string_view> out;
  std::size_t begin = 0, at = 0;
  while (at < path.size()) {
    const std::size_t width = path[at] == '.' ? 1 : (at > begin && path.substr(at).starts_with("__")) ? 2 : 0;
    if (width == 0) {
      ++at;
      continue;
    }
    out.push_back(path.substr(begin, at - begin));
    at += width;
    begin = at;
  }
  out.push_back(path.substr(begin));
  return out;
}

}  // namespace

bool Path::to_many() const {
  return std::any_of(relations.begin(), relations.end(),
                     [](const Relation* r) { return r->shape != Relation::Shape::to_one; });
}

void unknown_field(const Table& table, std::string_view field) {
  std::vector<std::string> known;
  for (const auto& c : table.columns)
    if (!c.name.view().starts_with('_')) known.push_back(c.name.str());
  for (const auto& r : table.relations)
    if (!r.name.view().starts_with('_')) known.push_back(r.name.str());
  std::sort(known.begin(), known.end());
  known.erase(std::unique(known.begin(), known.end()), known.end());
  std::string message = "Unknown field '" + std::string(field) + "'. Available fields: " + base::join(known, ", ");
  if (const auto near = table.nearest(field); !near.empty()) message += ". Did you mean " + near + "?";
  throw Error(Code::unknown_field, message);
}

Path follow(const Table& from, std::string_view text) {
  Path path;
  const Table* table = &from;
  const auto parts = segments(text);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto part = parts[i];
    const bool last = i + 1 == parts.size();
    const auto* column = part == "pk" ? &table->columns[0] : table->find_column(part);
    if (last && column != nullptr) {
      path.column = column;
      break;
    }
    if (column != nullptr && column->kind == schema::Kind::json) {
      path.column = column;
      for (++i; i < parts.size(); ++i) path.keys.emplace_back(parts[i]);
      break;
    }
    const auto* relation = table->find_relation(part);
    if (relation == nullptr) {
      if (column == nullptr) unknown_field(*table, part);
      throw Error(Code::unknown_field, "'" + std::string(part) + "' of " + table->name.str() + " is no relation, so '" +
                                           std::string(parts[i + 1]) + "' cannot follow it in '" + std::string(text) +
                                           "'.");
    }
    path.relations.push_back(relation);
    table = relation->to;
    if (last) path.column = &table->columns[0];
  }
  path.table = table;
  return path;
}

}  // namespace lamin::registry
