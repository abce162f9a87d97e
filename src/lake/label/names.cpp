// Finds a row with this name, or similar ones. Called by every constructor of a label.
#include <algorithm>
#include <array>
#include <map>
#include <span>

#include "base/text.hpp"
#include "db/connection.hpp"
#include "lake/label/suggest.hpp"
#include "lake/label/value_index.hpp"
#include "lamin/label.hpp"
#include "registry/scan.hpp"
#include "registry/search.hpp"

namespace lamin {
namespace {

constexpr std::int64_t any_type = -1;

/// Which type is meant: any, none, or a given one.
enum class TypeKind { any, none, one };

/// Rows by name, those that are visible, the latest and oldest first; one statement per table and kind.
const registry::Scan& rows_by_name(Database& database, const schema::Table& table, TypeKind kind) {
  using Scans = std::map<std::pair<const schema::Table*, TypeKind>, registry::Scan>;
  auto& slot = database.attachment("lake.rows_by_name");
  if (!slot) slot = std::make_shared<Scans>();
  auto& scans = *static_cast<Scans*>(slot.get());
  if (const auto found = scans.find({&table, kind}); found != scans.end()) return found->second;
  using Op = registry::ScanOptions::Where::Op;
  registry::ScanOptions options{.where = {{&table.column(table.name_field)}}, .limit = 1};
  if (kind == TypeKind::none) options.where.push_back({&table.column("type"), Op::is_null});
  if (kind == TypeKind::one) options.where.push_back({&table.column("type")});
  if (const auto* branch = table.find_column("branch")) options.where.push_back({branch, Op::either, false});
  if (const auto* latest = table.find_column("is_latest")) options.order.push_back({latest, true});
  options.order.push_back({&table.columns[0]});
  return scans.emplace(std::pair(&table, kind), registry::Scan(table, options)).first->second;
}

/// The first three names, within a type if one is given.
std::vector<std::string> first_names(Database& database, const schema::Table& table,
                                     std::span<const registry::Hit> hits, std::optional<std::int64_t> type) {
  constexpr std::size_t named = 3;
  if (hits.empty()) return {};
  std::vector<Value> ids;
  for (const auto& hit : type ? hits : hits.first(std::min(named, hits.size()))) ids.emplace_back(hit.id);
  std::map<std::int64_t, std::string> rows;
  database.each({.registry = table.qualified.str(), .where = Expr::in("id", std::move(ids)), .any_branch = true},
                [&](Record&& row) {
                  if (!type || row.at("type").integer_or(0) == *type)
                    rows.emplace(row.id(), row.text(table.name_field));
                  return true;
                });
  std::vector<std::string> names;
  for (const auto& hit : hits) {
    if (const auto row = rows.find(hit.id); row != rows.end() && names.size() < named)
      names.push_back(std::move(row->second));
  }
  return names;
}

}  // namespace

std::optional<Record> find_by_name(Instance& instance, const schema::Table& table, std::string_view name,
                                   std::optional<std::int64_t> type) {
  Database& database = instance.database();
  const std::int64_t type_id = type && table.find_column("type") ? *type : any_type;
  const TypeKind kind = type_id == any_type ? TypeKind::any : type_id == 0 ? TypeKind::none : TypeKind::one;
  std::array<Value, 4> parameters;
  std::size_t n = 0;
  parameters[n++] = Value(name);
  if (kind == TypeKind::one) parameters[n++] = Value(type_id);
  if (table.find_column("branch")) {
    const auto [branch, main] = lake::visible_branches(database);
    parameters[n++] = Value(branch);
    parameters[n++] = Value(main);
  }
  auto rows = rows_by_name(database, table, kind).rows(database, std::span(parameters.data(), n));
  if (!rows->next()) return {};
  Record record(table);
  for (const schema::Column& column : table.columns) {
    record.set(column.position, rows->value(column.position, column.type));
  }
  return record;
}

std::vector<std::string> similar_names(Instance& instance, const schema::Table& table, std::string_view name,
                                       std::optional<std::int64_t> type) {
  if (table.name_field.empty()) return {};
  if (!table.find_column("type")) type.reset();
  const lake::ValueScope scope{.table = &table, .field = &table.column(table.name_field), .type = type};
  const std::string trimmed(base::trim(name));
  if (scope.field->type != Type::text || trimmed.empty()) return {};
  Database& database = instance.database();
  const bool can_be_kept = database.connection().change_counter() != 0;
  if (can_be_kept && !registry::finds_quickly(database, table)) {
    return lake::values_like(*lake::value_index(database, scope), name);
  }
  constexpr std::int64_t looked_at = 64;  // a warning names a few of them: ranking more would only cost time
  const auto hits = registry::search(database, {.table = &table,
                                                .columns = {scope.field},
                                                .text = lake::beginning(trimmed),
                                                .limit = looked_at,
                                                .for_beginning = 2,
                                                .all_ranked = 0,
                                                .most_ranked = looked_at,
                                                .most_indexed = 0});
  return first_names(database, table, hits, type);
}

}  // namespace lamin
