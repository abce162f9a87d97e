// What values of features a host has.
#include <set>
#include <unordered_map>

#include "lake/feature_json.hpp"
#include "lake/feature_links.hpp"
#include "lamin/error.hpp"
#include "lamin/feature.hpp"
#include "lamin/pages.hpp"

namespace lamin {
namespace {

struct Known {
  std::string name;
  Dtype dtype;
};

class Features {
 public:
  explicit Features(Instance& instance) : instance_(instance) {}
  const Known& at(std::int64_t id) {
    auto found = known_.find(id);
    if (found != known_.end()) return found->second;
    Known known;
    if (const auto feature = instance_.database().find(instance_.catalog().table("Feature"), id)) {
      known.name = feature->text("name");
      try {
        known.dtype = parse_dtype(instance_.catalog(), feature->text("_dtype_str"));
      } catch (const Error&) {
        known.dtype.base = "object";  // a registry of a module that is not in force: show what is there
      }
    }
    return known_.emplace(id, std::move(known)).first->second;
  }

 private:
  Instance& instance_;
  std::map<std::int64_t, Known> known_;
};

/// How a label is shown: by the field that the dtype names, else by its name, else by its uid.
Value shown(const Record& label, const Dtype& dtype) {
  std::string field = label.table().name_field.str();
  for (const Dtype::Target& target : dtype.targets) {
    if (target.registry == label.table().qualified.view()) field = target.field;
  }
  const schema::Column* column = label.table().find_column(field);
  if (column && column->type == Type::text && !label[column->position].is_null()) return label[column->position];
  return Value(label.uid());
}

/// Hosts whose values are read together.
class Reader {
 public:
  Reader(Instance& instance, const schema::Table& registry, std::span<const std::int64_t> hosts)
      : db_(instance.database()), registry_(registry), features_(instance), ids_(hosts.begin(), hosts.end()) {
    values_.resize(hosts.size());
    for (std::size_t i = 0; i < hosts.size(); ++i) place_[hosts[i]] = i;
  }

  std::vector<FeatureValues> read(const std::set<std::int64_t>& hidden) {
    if (ids_.empty()) return {};
    documents(hidden);
    for (const auto* relation : lake::label_relations(registry_)) labels(*relation, hidden);
    return std::move(values_);
  }

 private:
  FeatureValues& of(const Value& host) { return values_[place_.at(host.integer_or(0))]; }

  /// The columns of the rows of `table` that belong to the hosts and name a feature.
  std::vector<std::vector<Value>> rows(const schema::Table& table, const std::string& host, const std::string& feature,
                                       const std::string& value) {
    const Query query{.registry = table.table.str(),
                      .where = Expr::all_of({Expr::in(host, ids_), Expr::compare(feature, Op::isnull, Value(false))}),
                      .any_branch = true};
    const std::string paths[] = {host, feature, value};
    return db_.columns(query, paths);
  }

  void documents(const std::set<std::int64_t>& hidden) {
    std::vector<std::vector<Value>> found;
    if (registry_.name == "Record") {
      found = rows(db_.catalog().table("RecordJson"), "record_id", "feature_id", "value");
    } else if (const auto* json = registry_.find_relation("json_values")) {
      const std::string to = json->to_column->name.str();
      found = rows(*json->through, json->from_column->column.str(), to + ".feature_id", to + ".value");
    } else {
      return;
    }
    for (std::size_t i = 0; i < found[0].size(); ++i) {
      const auto feature = found[1][i].integer_or(0);
      const auto* document = std::get_if<Json>(&found[2][i]);
      if (document == nullptr || hidden.contains(feature)) continue;
      const Known& known = features_.at(feature);
      lake::load_value(known.dtype, *document, of(found[0][i])[known.name]);
    }
  }

  /// Of the many registries that label, few do: that is asked before the hosts are gone through.
  bool has_any(const schema::Relation& relation) {
    constexpr std::size_t few = 50;
    return ids_.size() <= few || db_.exists({.registry = relation.through->table.str(),
                                             .where = Expr::compare("feature_id", Op::isnull, Value(false)),
                                             .any_branch = true});
  }

  void labels(const schema::Relation& relation, const std::set<std::int64_t>& hidden) {
    if (!has_any(relation)) return;
    const auto found =
        rows(*relation.through, relation.from_column->column.str(), "feature_id", relation.to_column->column.str());
    if (found[0].empty()) return;
    std::map<std::int64_t, Record> labels;
    std::set<std::int64_t> ids;
    for (const auto& label : found[2]) ids.insert(label.integer_or(0));
    for (Record& label : rows_by_id(db_, *relation.to, std::vector<std::int64_t>(ids.begin(), ids.end())))
      labels.emplace(label.id(), std::move(label));
    std::map<std::pair<std::int64_t, std::int64_t>, Value> texts;  // many rows have the same label for the same feature
    for (std::size_t i = 0; i < found[0].size(); ++i) {
      const auto feature = found[1][i].integer_or(0), id = found[2][i].integer_or(0);
      const auto label = labels.find(id);
      if (label == labels.end() || hidden.contains(feature)) continue;
      const Known& known = features_.at(feature);
      auto [text, is_new] = texts.try_emplace({feature, id});
      if (is_new) text->second = shown(label->second, known.dtype);
      of(found[0][i])[known.name].push_back(text->second);
    }
  }

  Database& db_;
  const schema::Table& registry_;
  Features features_;
  std::vector<Value> ids_;
  std::unordered_map<std::int64_t, std::size_t> place_;
  std::vector<FeatureValues> values_;
};

}  // namespace

FeatureValues feature_values(Instance& instance, const Record& host, bool external_only) {
  if (!host.saved()) return {};
  const std::int64_t id = host.id();
  return Reader(instance, instance.catalog().table(host.table().table), {&id, 1})
      .read(external_only ? lake::internal_features(instance, host) : std::set<std::int64_t>{})[0];
}

std::vector<FeatureValues> feature_values(Instance& instance, const schema::Table& registry,
                                          std::span<const std::int64_t> hosts) {
  return Reader(instance, instance.catalog().table(registry.table), hosts).read({});
}

}  // namespace lamin
