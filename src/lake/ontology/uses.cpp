#include "lake/ontology/uses.hpp"

#include <algorithm>

#include "db/connection.hpp"
#include "lake/ontology/closure.hpp"
#include "registry/scan.hpp"

namespace lamin::lake {
namespace {

using Shape = schema::Relation::Shape;

/// What people know a row by.
std::string called(const Record& row) {
  const auto& table = row.table();
  for (const std::string_view field :
       {std::string_view("key"), table.name_field.view(), std::string_view("description")}) {
    const auto* column = field.empty() ? nullptr : table.find_column(field);
    if (column != nullptr && !row[column->position].text_or("").empty())
      return std::string(row[column->position].text_or(""));
  }
  return std::string(row.uid());
}

void merge(std::vector<TermUse>& into, TermUse&& use) {
  if (use.count == 0) return;
  const auto same = std::ranges::find(into, use.registry, &TermUse::registry);
  if (same == into.end()) into.push_back(std::move(use));
  else if (use.count > same->count) *same = std::move(use);
}

}  // namespace

std::vector<Referring> referring(const schema::Catalog& catalog, const schema::Table& table) {
  const auto* parents = parents_relation(table);
  std::vector<Referring> all;
  for (const auto& other : catalog.tables()) {
    if (&other == &table || (parents != nullptr && parents->through == &other)) continue;
    for (const auto& column : other.columns) {
      if (column.kind == schema::Kind::ref && column.to == &table) all.push_back({&other, &column});
    }
  }
  return all;
}

Uses::Uses(Instance& instance, const schema::Table& table, std::optional<std::int64_t> only)
    : instance_(instance), table_(table), only_(only) {
  for (const auto& relation : table.relations) {
    if (relation.to == &table || relation.to->registry == nullptr || relation.to->has(schema::Trait::link)) continue;
    const bool own = relation.shape == Shape::to_one;  // what the row itself refers to
    if (!own) read(relation);
  }
}

void Uses::read(const schema::Relation& relation) {
  const bool pairs = relation.shape == Shape::many_to_many;
  const schema::Table& from = pairs ? *relation.through : *relation.to;
  const schema::Column* row = pairs ? relation.from_column : relation.to_column;
  const schema::Column* user = pairs ? relation.to_column : &from.columns[0];
  const schema::Column* feature = pairs ? from.find_column("feature") : nullptr;
  registry::ScanOptions options{.columns = {row, user}};
  if (feature != nullptr) options.columns.push_back(feature);
  std::vector<Value> which;
  if (only_) {
    options.where.push_back({row});
    which.emplace_back(*only_);
  }
  Users users{.registry = relation.to, .by_row = {}};
  auto rows = registry::Scan(from, options).rows(instance_.database(), which);
  while (rows->next()) {
    if (rows->is_null(0)) continue;
    users.by_row[rows->integer(0)].insert(rows->integer(1));
    if (feature != nullptr && !rows->is_null(2)) features_[rows->integer(0)].insert(rows->integer(2));
  }
  if (!users.by_row.empty()) users_.push_back(std::move(users));
}

TermUse Uses::use(const schema::Table& registry, const std::set<std::int64_t>& ids) {
  constexpr std::size_t shown = 3;
  TermUse out{.registry = registry.qualified.str(), .count = static_cast<std::int64_t>(ids.size())};
  for (const auto id : ids) {
    if (out.some.size() == shown) break;
    if (const auto row = instance_.database().find(registry, id)) out.some.push_back(called(*row));
  }
  return out;
}

std::vector<TermUse> Uses::of(std::span<const std::int64_t> rows) {
  std::vector<TermUse> all;
  for (const auto& users : users_) {
    std::set<std::int64_t> ids;
    for (const auto row : rows) {
      if (const auto found = users.by_row.find(row); found != users.by_row.end())
        ids.insert(found->second.begin(), found->second.end());
    }
    merge(all, use(*users.registry, ids));
  }
  std::set<std::int64_t> features;
  for (const auto row : rows) {
    if (const auto found = features_.find(row); found != features_.end())
      features.insert(found->second.begin(), found->second.end());
  }
  merge(all, use(instance_.catalog().table("Feature"), features));
  return all;
}

std::vector<TermUse> Uses::of_registry() {
  auto& database = instance_.database();
  const auto features =
      database.all({.registry = "Feature",
                    .where = Expr::compare("_dtype_str", Op::contains, Value(table_.qualified.view())),
                    .order_by = {"id"}});
  std::set<std::int64_t> ids, schemas;
  std::vector<Value> in;
  for (const auto& feature : features) {
    ids.insert(feature.id());
    in.emplace_back(feature.id());
  }
  std::vector<TermUse> all;
  merge(all, use(instance_.catalog().table("Feature"), ids));
  if (in.empty()) return all;
  for (const auto& schema : database.all({.registry = "Schema", .where = Expr::in("features.id", std::move(in))}))
    schemas.insert(schema.id());
  merge(all, use(instance_.catalog().table("Schema"), schemas));
  return all;
}

}  // namespace lamin::lake
