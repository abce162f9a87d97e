// content.cpp -- the columns of terms, and synonyms of several origins.
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "db/connection.hpp"
#include "lake/upgrade/moves.hpp"
#include "registry/scan.hpp"

namespace lamin::lake {
namespace {

bool has(const std::vector<std::string>& all, const std::string& one) {
  return std::ranges::find(all, one) != all.end();
}

}  // namespace

Contents contents_of(Instance& instance, const schema::Table& table) {
  const auto& own = instance.catalog().table(table.qualified);
  Contents out;
  auto rows = registry::Scan(own, {.columns = {&own.column(own.id_field), &own.column(own.name_field),
                                               &own.column("description"), &own.column("synonyms")}})
                  .rows(instance.database());
  while (rows->next()) {
    if (rows->is_null(0)) continue;
    out.emplace(rows->text(0), Content{.name = std::string(rows->text(1)),
                                       .description = rows->value(2, Type::text),
                                       .synonyms = rows->value(3, Type::text)});
  }
  return out;
}

std::vector<std::string> parts_of(const Value& joined) {
  auto parts = base::split(joined.text_or(""), '|');
  std::erase_if(parts, [](const std::string& part) { return part.empty(); });
  return parts;
}

Value merged_synonyms(const Value& current, const Content* before, const Value& after) {
  const auto has_now = parts_of(current), released = before ? parts_of(before->synonyms) : std::vector<std::string>();
  std::vector<std::string> merged;
  for (const auto& one : parts_of(after)) {
    const bool removed = has(released, one) && !has(has_now, one);
    if (!removed) merged.push_back(one);
  }
  for (const auto& one : has_now) {
    if (!has(released, one) && !has(merged, one)) merged.push_back(one);
  }
  if (merged == has_now) return current;
  return merged.empty() ? Value() : Value(base::join(merged, "|"));
}

}  // namespace lamin::lake
