// What values of features a host has.
#include <array>
#include <set>

#include "db/connection.hpp"
#include "lake/feature_json.hpp"
#include "lake/feature_links.hpp"
#include "lamin/error.hpp"
#include "lamin/feature.hpp"

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

void read_labels(Instance& instance, const Record& host, const schema::Relation& relation, Features& features,
                 const std::set<std::int64_t>& hidden, FeatureValues& values) {
  std::vector<std::pair<std::int64_t, std::int64_t>> links;  // (feature, label)
  {
    const std::array<Value, 1> parameters{Value(host.id())};
    auto rows = instance.database().connection().query("SELECT \"feature_id\", \"" + relation.to_column->column.str() +
                                                           "\" FROM \"" + relation.through->table.str() +
                                                           "\" WHERE \"" + relation.from_column->column.str() +
                                                           "\" = ? AND \"feature_id\" IS NOT NULL ORDER BY \"id\"",
                                                       parameters);
    while (rows->next()) links.emplace_back(rows->integer(0), rows->integer(1));
  }
  if (links.empty()) return;
  std::vector<Value> ids;
  for (const auto& link : links) ids.emplace_back(link.second);
  std::map<std::int64_t, Record> labels;
  Query query{.registry = relation.to->qualified.str(), .where = Expr::in("id", std::move(ids)), .any_branch = true};
  for (Record& label : instance.database().all(query)) labels.emplace(label.id(), std::move(label));
  for (const auto& [feature, label] : links) {
    const auto found = labels.find(label);
    if (found == labels.end() || hidden.contains(feature)) continue;
    const Known& known = features.at(feature);
    values[known.name].push_back(shown(found->second, known.dtype));
  }
}

std::string json_statement(const Record& host) {
  if (host.table().name == "Record") {
    return R"(SELECT "feature_id", "value" FROM "lamindb_recordjson" WHERE "record_id" = ? ORDER BY "id")";
  }
  const schema::Relation* json = host.table().find_relation("json_values");
  if (!json) return "";
  return "SELECT v.\"feature_id\", v.\"value\" FROM \"" + json->through->table.str() +
         "\" l JOIN \"lamindb_jsonvalue\" v ON v.\"id\" = l.\"" + json->to_column->column.str() + "\" WHERE l.\"" +
         json->from_column->column.str() + "\" = ? AND v.\"feature_id\" IS NOT NULL ORDER BY l.\"id\"";
}

}  // namespace

FeatureValues feature_values(Instance& instance, const Record& host, bool external_only) {
  FeatureValues values;
  if (!host.saved()) return values;
  const std::set<std::int64_t> hidden =
      external_only ? lake::internal_features(instance, host) : std::set<std::int64_t>{};
  Features features(instance);
  if (const std::string sql = json_statement(host); !sql.empty()) {
    std::vector<std::pair<std::int64_t, Json>> documents;
    const std::array<Value, 1> parameters{Value(host.id())};
    auto rows = instance.database().connection().query(sql, parameters);
    while (rows->next()) {
      const Value value = rows->value(1, Type::json);
      if (const auto* json = std::get_if<Json>(&value)) documents.emplace_back(rows->integer(0), *json);
    }
    rows.reset();
    for (const auto& [feature, json] : documents) {
      if (hidden.contains(feature)) continue;
      const Known& known = features.at(feature);
      lake::load_value(known.dtype, json, values[known.name]);
    }
  }
  for (const schema::Relation* relation : lake::label_relations(host.table())) {
    read_labels(instance, host, *relation, features, hidden, values);
  }
  return values;
}

}  // namespace lamin
