// host_labels.cpp -- which labels a host has, by registry and feature.
#include <algorithm>
#include "lamin/feature.hpp"

namespace lamin {
namespace {

bool links_labels(const schema::Relation& relation) {
  if (relation.shape != schema::Relation::Shape::many_to_many || relation.through == nullptr) return false;
  const auto name = relation.name.view();
  if (name.starts_with('_') || name.starts_with("links_") || name.starts_with("linked_")) return false;
  return is_label(*relation.to) || relation.to->qualified == "User";
}

HostLabels& of_feature(std::vector<HostLabels>& all, const schema::Table& registry, std::int64_t feature) {
  const auto same = [&](const HostLabels& one) { return one.registry == &registry && one.feature == feature; };
  if (const auto found = std::ranges::find_if(all, same); found != all.end()) return *found;
  return all.emplace_back(HostLabels{.registry = &registry, .feature = feature});
}

}  // namespace

bool is_label(const schema::Table& registry) {
  const std::string_view name = registry.qualified;
  return registry.has(schema::Trait::curatable) && name != "Feature" && name != "Schema" && name != "User";
}

std::vector<HostLabels> labels_of(Instance& instance, const Record& host) {
  std::vector<HostLabels> all;
  if (!host.saved()) return all;
  for (const auto& relation : host.table().relations) {
    if (!links_labels(relation)) continue;
    const auto& links = *relation.through;
    std::vector<std::string> paths{relation.to_column->name.str() + "_id"};
    if (links.find_column("feature") != nullptr) paths.emplace_back("feature_id");
    const auto columns =
        instance.database().columns({.registry = links.qualified.str(),
                                     .where = Expr::compare(relation.from_column->name.str(), Op::exact, host.id()),
                                     .order_by = {"id"},
                                     .any_branch = true},
                                    paths);
    for (std::size_t i = 0; i < columns[0].size(); ++i) {
      const auto feature = columns.size() > 1 ? columns[1][i].integer_or(0) : 0;
      of_feature(all, *relation.to, feature).ids.push_back(columns[0][i].integer_or(0));
    }
  }
  return all;
}

void copy_labels(Instance& instance, const Record& from, const Record& to) {
  instance.database().transaction([&] {
    for (const auto& labels : labels_of(instance, from)) {
      std::vector<Value> ids(labels.ids.begin(), labels.ids.end());
      const auto rows = instance.database().all(
          {.registry = labels.registry->qualified.str(), .where = Expr::in("id", std::move(ids)), .any_branch = true});
      add_labels(instance, to, rows, labels.feature);
    }
  });
}

}  // namespace lamin
