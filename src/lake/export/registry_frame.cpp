// registry_frame.cpp -- rows and feature values as columns.
#include <algorithm>
#include <map>
#include <unordered_map>
#include "base/json.hpp"
#include "lamin/database.hpp"
#include "lamin/export.hpp"
#include "lamin/feature.hpp"
#include "registry/path.hpp"

namespace lamin {
namespace {

Column::Kind kind_of(Type type) {
  switch (type) {
    case Type::boolean: return Column::Kind::boolean;
    case Type::integer:
    case Type::duration: return Column::Kind::int64;
    case Type::real: return Column::Kind::float64;
    case Type::time: return Column::Kind::time;
    case Type::date: return Column::Kind::date;
    case Type::text:
    case Type::json: break;
  }
  return Column::Kind::text;
}

/// Documents as their text.
void to_texts(std::vector<Value>& values) {
  for (auto& value : values)
    if (const auto* json = std::get_if<Json>(&value)) value = Value(std::string(json->text));
}

Column column_of(std::vector<Value> values, Type type) {
  const auto kind = kind_of(type);
  if (kind == Column::Kind::text) to_texts(values);
  return Column::from_values(kind, values);
}

/// Of values of one type.
bool before(const Value& a, const Value& b) {
  if (const auto *x = a.text(), *y = b.text(); x != nullptr && y != nullptr) return *x < *y;
  const auto *i = std::get_if<std::int64_t>(&a), *j = std::get_if<std::int64_t>(&b);
  return i != nullptr && j != nullptr ? *i < *j : to_string(a) < to_string(b);
}

/// By id: the distinct values that a path leads to.
Column lists_of(Database& db, const Query& query, const std::vector<Value>& ids, const std::string& path, Type type) {
  const std::string paths[] = {"id", path};
  Query whole = query;
  whole.order_by.clear();
  if (query.limit >= 0 || query.offset > 0) {
    whole = {.registry = query.registry, .where = Expr::in("id", {ids.begin(), ids.end()}), .any_branch = true};
  }
  auto found = db.columns(whole, paths);
  if (kind_of(type) == Column::Kind::text) to_texts(found[1]);
  std::unordered_map<std::int64_t, std::vector<Value>> of;
  for (std::size_t i = 0; i < found[0].size(); ++i)
    if (!found[1][i].is_null()) of[found[0][i].integer_or(0)].push_back(std::move(found[1][i]));
  std::vector<std::int64_t> lengths;
  std::vector<Value> items;
  for (const auto& id : ids) {
    auto& values = of[id.integer_or(0)];
    std::ranges::sort(values, before);
    values.erase(std::unique(values.begin(), values.end()), values.end());
    lengths.push_back(static_cast<std::int64_t>(values.size()));
    items.insert(items.end(), values.begin(), values.end());
  }
  return Column::lists(lengths, Column::from_values(kind_of(type), items));
}

/// The kind that holds all values of a feature; texts hold any.
Column::Kind kind_for(std::span<const Value> values) {
  std::size_t booleans = 0, integers = 0, reals = 0, times = 0, dates = 0;
  for (const auto& value : values) {
    booleans += std::holds_alternative<bool>(value);
    integers += std::holds_alternative<std::int64_t>(value);
    reals += std::holds_alternative<double>(value);
    times += std::holds_alternative<Time>(value);
    dates += std::holds_alternative<Date>(value);
  }
  const auto all = values.size();
  if (booleans == all) return Column::Kind::boolean;
  if (integers == all) return Column::Kind::int64;
  if (integers + reals == all) return Column::Kind::float64;
  if (times == all) return Column::Kind::time;
  return dates == all ? Column::Kind::date : Column::Kind::text;
}

Value as(Column::Kind kind, const Value& value) {
  if (kind == Column::Kind::float64)
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return static_cast<double>(*integer);
  if (kind != Column::Kind::text || value.text() != nullptr) return value;
  if (const auto* json = std::get_if<Json>(&value)) return Value(std::string(json->text));
  return Value(base::write_json(base::to_json(value)));
}

Column feature_column(const FeatureColumn& feature, std::size_t hosts) {
  std::vector<std::vector<std::size_t>> of(hosts);
  for (const auto& [host, value] : feature.cells) of[host].push_back(value);
  bool several = !feature.empty.empty();
  for (const auto& values : of) several = several || values.size() > 1;
  const auto kind = kind_for(feature.values);
  std::vector<Value> cells;
  std::vector<std::int64_t> lengths;
  for (std::size_t host = 0; host < hosts; ++host) {
    for (const auto value : of[host]) cells.push_back(as(kind, feature.values[value]));
    if (!several && of[host].empty()) cells.emplace_back();
    const bool missing = of[host].empty() && std::ranges::find(feature.empty, host) == feature.empty.end();
    lengths.push_back(missing ? -1 : static_cast<std::int64_t>(of[host].size()));
  }
  auto column = Column::from_values(kind, cells);
  return several ? Column::lists(lengths, column) : column;
}

}  // namespace

Frame registry_frame(Instance& instance, const Query& query, std::span<const std::string> paths) {
  auto& db = instance.database();
  const auto& table = instance.catalog().table(query.registry);
  std::vector<std::string> single{"id"};
  for (const auto& path : paths)
    if (!registry::follow(table, path).to_many()) single.push_back(path);
  auto values = db.columns(query, single);
  const auto ids = values[0];
  Frame frame;
  std::size_t next = 1;
  for (const auto& path : paths) {
    const auto way = registry::follow(table, path);
    frame.add(path, way.to_many() ? lists_of(db, query, ids, path, way.type())
                                  : column_of(std::move(values[next++]), way.type()));
  }
  return frame;
}

Frame feature_frame(Instance& instance, const schema::Table& registry, std::span<const std::int64_t> hosts) {
  Frame frame;
  for (const auto& [name, column] : feature_columns(instance, registry, hosts))
    frame.add(name, feature_column(column, hosts.size()));
  return frame;
}

}  // namespace lamin
