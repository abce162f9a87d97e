#include "lake/ontology/lookups.hpp"

#include <algorithm>
#include <optional>

#include "lake/ontology/closure.hpp"
#include "lake/ontology/term_called.hpp"
#include "lamin/error.hpp"
#include "lamin/ontology.hpp"

namespace lamin::lake {
namespace {

enum class Way { ancestors, descendants, within };

std::optional<Way> way_called(std::string_view name) {
  if (name == "ancestors") return Way::ancestors;
  if (name == "descendants") return Way::descendants;
  if (name == "within") return Way::within;
  return std::nullopt;
}

/// The rows that a comparison names.
std::vector<std::int64_t> rows_meant(Instance& instance, const schema::Table& table, const Expr& comparison,
                                     std::string_view rest) {
  std::vector<std::int64_t> ids;
  const bool names = rest.empty() && comparison.of.empty() && (comparison.op == Op::exact || comparison.op == Op::in) &&
                     std::ranges::all_of(comparison.values, [](const Value& one) { return one.text() != nullptr; });
  if (names) {
    for (const Value& one : comparison.values) ids.push_back(term_called(instance, table, *one.text()).id());
    return ids;
  }
  Expr condition = comparison;
  condition.path = rest.empty() ? "id" : std::string(rest);
  const std::string id[] = {"id"};
  const auto found = instance.database().columns(
      {.registry = table.qualified.str(), .where = std::move(condition), .any_branch = true}, id);
  for (const Value& one : found[0]) ids.push_back(one.integer_or(0));
  return ids;
}

Expr reached(Instance& instance, const schema::Table& table, Way way, const std::vector<std::int64_t>& from) {
  std::vector<std::int64_t> ids;
  // Each by itself: of two of the rows one may be above the other.
  for (const auto row : from) {
    const auto found =
        way == Way::descendants ? ancestor_ids(instance, table, {&row, 1}) : descendant_ids(instance, table, {&row, 1});
    ids.insert(ids.end(), found.begin(), found.end());
  }
  if (way == Way::within) ids.insert(ids.end(), from.begin(), from.end());
  std::ranges::sort(ids);
  const auto repeated = std::ranges::unique(ids);
  ids.erase(repeated.begin(), repeated.end());
  return Expr::in("id", {ids.begin(), ids.end()});
}

std::optional<Expr> meant(Instance& instance, const schema::Table& table, const Expr& comparison, std::string_view name,
                          std::string_view rest) {
  const auto way = way_called(name);
  if (!way) return std::nullopt;
  const bool null = comparison.op == Op::isnull || (comparison.values.size() == 1 && comparison.values[0].is_null());
  if (null && rest.empty()) {
    Expr direct = comparison;
    direct.path = *way == Way::descendants ? "children" : "parents";
    return direct;
  }
  if (comparison.values.empty() && comparison.op != Op::in) {  // only whether there is such a path is asked
    Expr field = comparison;
    field.path = rest.empty() ? "id" : std::string(rest);
    check_paths(table, field);
    return Expr::in("id", {});
  }
  if (comparison.op == Op::ne) {
    Expr equal = comparison;
    equal.op = Op::exact;
    return Expr::none_of({reached(instance, table, *way, rows_meant(instance, table, equal, rest))});
  }
  return reached(instance, table, *way, rows_meant(instance, table, comparison, rest));
}

}  // namespace

void install_hierarchy_lookups(Instance& instance) {
  for (const schema::Table& table : instance.catalog().tables()) {
    if (parents_relation(table) == nullptr) continue;
    Hooks& hooks = instance.database().hooks()[table.qualified.str()];
    hooks.resolve_name = [&instance, &table, others = std::move(hooks.resolve_name)](
                             Database& database, const Expr& comparison, std::string_view name,
                             std::string_view rest) -> std::optional<Expr> {
      if (auto found = meant(instance, table, comparison, name, rest)) return found;
      return others ? others(database, comparison, name, rest) : std::nullopt;
    };
  }
}

}  // namespace lamin::lake
