#include "lake/feature/write_values.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "lamin/error.hpp"
#include "registry/writes.hpp"

namespace lamin::lake {

std::vector<const schema::Relation*> label_relations(const schema::Table& host) {
  std::vector<const schema::Relation*> relations;
  for (const schema::Relation& relation : host.relations) {
    if (relation.shape != schema::Relation::Shape::many_to_many || !relation.through) continue;
    // ArtifactRecord annotates artifacts, RecordArtifact holds values of records: the host comes first in the name.
    const bool own = relation.through->name.view() == host.name.str() + relation.to->name.str() &&
                     relation.from_column->column.view() == base::lower(host.name) + "_id";
    if (own && relation.through->find_column("feature")) relations.push_back(&relation);
  }
  return relations;
}

const schema::Relation* find_label_relation(const schema::Table& host, const schema::Table& label) {
  for (const schema::Relation* relation : label_relations(host)) {
    if (relation->to == &label) return relation;
  }
  return nullptr;
}

const schema::Relation& label_relation(const schema::Table& host, const schema::Table& label) {
  if (const auto* relation = find_label_relation(host, label)) return *relation;
  throw Error(Code::invalid_argument,
              "rows of " + label.qualified.str() + " cannot label rows of " + host.qualified.str());
}

namespace {

/// The relation of a label without a feature: where there is none with features, a plain one, as of transforms and
/// projects.
const schema::Relation& plain_label_relation(const schema::Table& host, const schema::Table& label) {
  for (const schema::Relation* relation : label_relations(host)) {
    if (relation->to == &label) return *relation;
  }
  for (const schema::Relation& relation : host.relations) {
    if (relation.shape == schema::Relation::Shape::many_to_many && relation.to == &label && relation.through &&
        relation.through->name.view() == host.name.str() + label.name.str())
      return relation;
  }
  return label_relation(host, label);  // throws
}

}  // namespace

std::vector<Record> features_named(Instance& instance, std::string_view name) {
  Query query{.registry = "Feature",
              .where = Expr::all_of(
                  {Expr::compare("name", Op::exact, Value(name)), Expr::compare("is_type", Op::exact, Value(false))}),
              .order_by = {"id"}};
  std::vector<Record> found = instance.database().all(query);
  if (!found.empty()) return found;
  query.where.children.front() = Expr::compare("uid", Op::exact, Value(name));
  return instance.database().all(query);
}

std::optional<Record> find_feature(Instance& instance, std::string_view name) {
  std::vector<Record> found = features_named(instance, name);
  if (found.empty()) return std::nullopt;
  if (found.size() == 1) return std::move(found.front());
  const auto depth = [&](const Record& feature) {
    int steps = 0;
    for (std::int64_t type = feature.at("type").integer_or(0); type != 0 && steps < 100; ++steps) {
      const auto parent = instance.database().find(feature.table(), type);
      type = parent ? parent->at("type").integer_or(0) : 0;
    }
    return steps;
  };
  std::vector<std::pair<int, std::size_t>> order;
  for (std::size_t i = 0; i < found.size(); ++i) order.emplace_back(depth(found[i]), i);
  std::ranges::sort(order);
  std::string types;
  int n = 0;
  for (const auto& [level, i] : order) {
    if (level != order.front().first) break;
    ++n;
    const auto type = instance.database().find(found[i].table(), found[i].at("type").integer_or(0));
    if (type) types += (types.empty() ? "'" : ", '") + std::string(type->text("name")) + "'";
  }
  if (n == 1) return std::move(found[order.front().second]);
  throw Error(Code::validation, "Ambiguous match for Feature '" + std::string(name) + "': found " + std::to_string(n) +
                                    " features at depth " + std::to_string(order.front().first) + " (under types: [" +
                                    types + "]): pass the feature itself, or a schema that has one of them");
}

std::set<std::int64_t> internal_features(Instance& instance, const Record& host) {
  std::set<std::int64_t> features;
  if (host.table().name != "Artifact" || !host.saved()) return features;
  const auto ids_in = [&](const char* links, const char* path, Expr where) {
    const std::string paths[] = {path};
    return instance.database().columns({.registry = links, .where = std::move(where), .any_branch = true}, paths)[0];
  };
  auto schemas = ids_in("ArtifactSchema", "schema_id",
                        Expr::all_of({Expr::compare("artifact_id", Op::exact, Value(host.id())),
                                      Expr::none_of({Expr::compare("slot", Op::exact, Value("__external__"))})}));
  if (schemas.empty()) return features;
  for (const Value& id : ids_in("SchemaFeature", "feature_id", Expr::in("schema_id", std::move(schemas)))) {
    features.insert(id.integer_or(0));
  }
  return features;
}

std::vector<std::int64_t> labels_of(Instance& instance, const Record& host, const schema::Relation& relation,
                                    std::int64_t feature) {
  const std::string paths[] = {relation.to_column->column.str()};
  std::vector<Expr> pairs{Expr::compare(relation.from_column->column.str(), Op::exact, Value(host.id()))};
  if (relation.through->find_column("feature") != nullptr) {
    pairs.push_back(feature == 0 ? Expr::compare("feature_id", Op::isnull, Value(true))
                                 : Expr::compare("feature_id", Op::exact, Value(feature)));
  }
  const Query links{.registry = relation.through->table.str(),
                    .where = Expr::all_of(std::move(pairs)),
                    .order_by = {"id"},
                    .any_branch = true};
  std::vector<std::int64_t> ids;
  const auto columns = instance.database().columns(links, paths);
  for (const Value& id : columns[0]) ids.push_back(id.integer_or(0));
  return ids;
}

}  // namespace lamin::lake

namespace lamin {

std::vector<Record> feature_labels(Instance& instance, const Record& host, const Record& feature) {
  std::vector<Record> labels;
  for (const Dtype::Target& target : parse_dtype(instance.catalog(), feature.text("_dtype_str")).targets) {
    const auto& table = instance.catalog().table(target.registry);
    for (const std::int64_t id :
         lake::labels_of(instance, host, lake::label_relation(host.table(), table), feature.id()))
      if (auto label = instance.database().find(table, id)) labels.push_back(std::move(*label));
  }
  return labels;
}

void check_label(const schema::Catalog& catalog, const Record& feature, const schema::Table& label) {
  const Dtype dtype = parse_dtype(catalog, feature.text("_dtype_str"));
  std::string allowed;
  for (const Dtype::Target& target : dtype.targets) {
    if (target.registry == label.qualified.view()) return;
    allowed += (allowed.empty() ? "rows of " : " or ") + target.registry;
  }
  if (dtype.is_category() && dtype.targets.empty()) return;
  if (!dtype.is_category()) {
    throw Error(Code::validation, "Feature " + std::string(feature.text("name")) +
                                      " needs a categorical dtype for label annotation, currently has dtype='" +
                                      std::string(feature.text("_dtype_str")) + "'");
  }
  throw Error(Code::validation, "feature '" + std::string(feature.text("name")) + "' takes " + allowed +
                                    ", not rows of " + label.qualified.str());
}

void add_labels(Instance& instance, const Record& host, std::span<const Record> labels, std::int64_t feature) {
  Database& database = instance.database();
  if (!host.saved()) {
    throw Error(Code::invalid_argument, "the " + host.table().name.str() + " is not saved: save it before labelling");
  }
  std::optional<Record> of;
  if (feature != 0) {
    of = database.find(instance.catalog().table("Feature"), feature);
    if (!of) throw Error(Code::not_found, "no feature with id " + std::to_string(feature));
    if (lake::internal_features(instance, host).contains(feature)) {
      throw Error(Code::validation,
                  "Cannot manually annotate a feature measured *within* the dataset. Please use a "
                  "Curator. The labels of '" +
                      std::string(of->text("name")) + "' come from the data");
    }
  }
  std::map<const schema::Table*, std::vector<std::int64_t>> by_registry;
  for (const Record& label : labels) {
    if (!label.saved()) {
      throw Error(Code::validation, named(label) + " is not saved: save it before labelling with it");
    }
    if (of && !by_registry.contains(&label.table())) check_label(instance.catalog(), *of, label.table());
    by_registry[&label.table()].push_back(label.id());
  }
  database.transaction([&] {
    for (const auto& [table, ids] : by_registry) {
      const schema::Relation& relation =
          feature == 0 ? lake::plain_label_relation(host.table(), *table) : lake::label_relation(host.table(), *table);
      // A unique rule treats every null feature as distinct, so existing pairs are skipped here.
      const std::vector<std::int64_t> known = lake::labels_of(instance, host, relation, feature);
      std::vector<std::int64_t> fresh;
      for (std::int64_t id : ids) {
        const bool there = std::find(known.begin(), known.end(), id) != known.end() ||
                           std::find(fresh.begin(), fresh.end(), id) != fresh.end();
        if (!there) fresh.push_back(id);
      }
      if (fresh.empty()) continue;
      std::map<std::string, Value> extra;
      if (feature != 0) extra.emplace("feature", Value(feature));
      registry::Writes(database).link(host, relation, fresh, extra);
    }
  });
}

}  // namespace lamin
