#include "lake/record/rename_hooks.hpp"
#include <fmt/format.h>
#include <vector>
#include "base/text.hpp"
#include "lake/rows/hook_chain.hpp"

namespace lamin::lake {
namespace {

constexpr std::size_t most_named = 10;

void tell(Database& database, Level level, std::string_view what, const Query& datasets, const Record& old,
          const Record& now) {
  const std::string paths[] = {"uid"};
  std::vector<std::string> uids;
  const auto found = database.columns(datasets, paths);
  for (const auto& uid : found.at(0)) {
    if (uids.size() == most_named) break;
    uids.push_back("'" + std::string(uid.text_or("")) + "'");
  }
  if (uids.empty()) return;
  const auto n = found.at(0).size();
  const auto& field = now.table().name_field;
  database.say(level, fmt::format("by renaming {} from '{}' to '{}' {} artifact{} no longer match{} the {} name in "
                                  "storage: [{}{}]; consider re-curating",
                                  what, old.text(field), now.text(field), n, n == 1 ? "" : "s", n == 1 ? "es" : "",
                                  what, base::join(uids, ", "), n > uids.size() ? ", ..." : ""));
}

bool renamed(const Record& old, const Record& now) {
  const auto& field = now.table().name_field;
  return !old.at(field).is_null() && old.at(field) != now.at(field);
}

Query artifacts(Expr where) { return {.registry = "Artifact", .where = std::move(where), .order_by = {"id"}}; }

/// Warns about artifacts that have the feature as a column.
void feature_renamed(Database& database, const Record& old, Record& now) {
  if (!renamed(old, now)) return;
  auto query = artifacts(Expr::compare("schemas.features", Op::exact, now.id()));
  query.distinct = true;
  tell(database, Level::warning, "feature", query, old, now);
}

/// The table of pairs that records in which column of a dataset a label is, if the registry has one.
const schema::Table* column_labels(const schema::Table& labels) {
  for (const auto& relation : labels.relations) {
    if (relation.shape != schema::Relation::Shape::many_to_many || relation.to->qualified != "Artifact") continue;
    if (relation.through->find_column("feature") != nullptr) return relation.through;
  }
  return nullptr;
}

}  // namespace

void install_rename_hooks(Database& database) {
  for (const schema::Table& table : database.catalog().tables()) {
    if (!table.registry || table.name_field.empty() || !table.has(schema::Trait::curatable)) continue;
    Hooks& hooks = database.hooks()[table.qualified.str()];
    if (table.qualified == "Feature") {
      append_update_hook(hooks, {"name"}, feature_renamed);
      continue;
    }
    const auto* pairs = column_labels(table);
    if (pairs == nullptr) continue;
    const schema::Column *label = nullptr, *artifact = nullptr;
    for (const auto& column : pairs->columns) {
      if (column.to == &table && label == nullptr) label = &column;
      if (column.to != nullptr && column.to->qualified == "Artifact" && artifact == nullptr) artifact = &column;
    }
    if (label == nullptr || artifact == nullptr || label == artifact) continue;
    append_update_hook(
        hooks, {table.name_field.view()}, [pairs, label, artifact](Database& db, const Record& old, Record& now) {
          if (!renamed(old, now)) return;
          const std::string paths[] = {artifact->name.str()};
          const auto linked = db.columns({.registry = pairs->table.str(),
                                          .where = Expr::all_of({Expr::compare(label->name.str(), Op::exact, now.id()),
                                                                 Expr::compare("feature", Op::isnull, Value(false))}),
                                          .distinct = true,
                                          .any_branch = true},
                                         paths);
          if (linked.at(0).empty()) return;
          tell(db, Level::error, "label", artifacts(Expr::in("id", linked.at(0))), old, now);
        });
  }
}

}  // namespace lamin::lake
