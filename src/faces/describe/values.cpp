// values.cpp -- features and labels of an artifact, run or record, as describe() shows them.
#include <fmt/format.h>
#include <algorithm>
#include <map>
#include <set>
#include "base/json.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "faces/columns.hpp"
#include "faces/describe/parts.hpp"
#include "lake/feature/links.hpp"
#include "lake/feature/through.hpp"

namespace lamin::faces {
namespace {

// Whether a relation leads to labels of the host, by registry. Not to rows that have the host as a value.
bool annotates(const schema::Relation& relation, const schema::Table& host) {
  const auto labels = lake::label_relations(host);
  return std::ranges::find(labels, &relation) != labels.end();
}

struct Link {
  std::int64_t label = 0, feature = 0;
};

// Rows of a link table that lead from the host, in order of creation.
std::vector<Record> links_from(Instance& instance, const Record& host, const schema::Table& links,
                               std::string_view host_field) {
  return instance.database().all({.registry = links.qualified.str(),
                                  .where = Expr::compare(std::string(host_field), Op::exact, host.id()),
                                  .order_by = {"id"},
                                  .any_branch = true});
}

std::vector<Link> links_of(Instance& instance, const Record& host, const schema::Relation& relation) {
  const bool has_feature = relation.through->find_column("feature") != nullptr;
  std::vector<Link> links;
  for (const auto& row : links_from(instance, host, *relation.through, relation.from_column->name)) {
    links.push_back(
        {row.at(relation.to_column->name).integer_or(0), has_feature ? row.at("feature").integer_or(0) : 0});
  }
  return links;
}

std::map<std::int64_t, Record> by_id(Instance& instance, const schema::Table& table, const std::vector<Link>& links) {
  std::vector<Value> ids;
  for (const auto& link : links) ids.emplace_back(link.label);
  Query query;
  query.registry = table.qualified.str();
  query.where = Expr::in("id", std::move(ids));
  query.any_branch = true;
  std::map<std::int64_t, Record> found;
  for (auto& record : instance.database().all(query)) {
    const auto id = record.id();
    found.emplace(id, std::move(record));
  }
  return found;
}

// A label by the field that the dtype names; a time as Python writes it.
std::string label_text(const Record& label, const std::string& field = {}) {
  const auto* column = field.empty() ? nullptr : label.table().find_column(field);
  if (column == nullptr && !label.table().name_field.empty())
    column = label.table().find_column(label.table().name_field);
  if (column == nullptr) return label.table().name.view().ends_with("Block") ? "None" : std::string(label.uid());
  const auto& value = label[column->position];
  if (const auto* time = std::get_if<Time>(&value)) {
    auto text = base::iso(*time);
    std::replace(text.begin(), text.end(), 'T', ' ');
    return text;
  }
  return value.is_null() ? "None" : display(value);
}

std::string joined(const std::vector<std::string>& values) {
  constexpr std::size_t most = 10;
  return base::join(std::span(values).first(std::min(most, values.size())), ", ");
}

struct Feature {
  std::string name, dtype;
  std::vector<std::string> labels, values;
};

class Values {
 public:
  Values(Instance& instance, const Record& host, const DescribeOptions& options)
      : instance_(instance), host_(host), options_(options) {}

  void read() {
    for (const auto& relation : host_.table().relations) {
      if (annotates(relation, host_.table())) read_labels(relation);
    }
    read_json();
    read_elsewhere();
    for (auto& [id, feature] : features_) std::sort(feature.labels.begin(), feature.labels.end());
  }

  // The slots of a dataset: what its columns mean.
  void add_slots(std::vector<Node>& nodes) {
    const auto* schemas = host_.table().find_relation("schemas");
    if (schemas == nullptr) return;
    Node section{.title = "Dataset features"};
    for (const auto& link : links_from(instance_, host_, *schemas->through, "artifact")) {
      const std::string slot(link.text("slot"));
      const auto schema =
          instance_.database().find(instance_.catalog().table("Schema"), link.at("schema").integer_or(0));
      if (schema && !slot.starts_with("__")) section.children.push_back(slot_node(*schema, slot));
    }
    has_slots_ = !section.children.empty();
    if (has_slots_) nodes.push_back(std::move(section));
  }

  void add_features(std::vector<Node>& nodes) {
    std::vector<const Feature*> shown;
    for (const auto& [id, feature] : features_) {
      if (!in_dataset_.contains(id)) shown.push_back(&feature);
    }
    std::sort(shown.begin(), shown.end(), [](const Feature* a, const Feature* b) {
      return std::pair(a->labels.empty(), a->name) < std::pair(b->labels.empty(), b->name);
    });
    Node table;
    for (const auto* feature : shown) table.rows.push_back({feature->name, feature->dtype, text_of(*feature)});
    if (table.rows.empty()) return;
    const bool external = has_slots_ || has_external_schema();
    nodes.push_back({.title = external ? "External features" : "Features", .children = {std::move(table)}});
  }

  // All labels of an artifact, one registry per row: the core's, then those of other modules.
  void add_entities(std::vector<Node>& nodes) {
    std::vector<std::pair<int, std::vector<std::string>>> rows;
    for (const auto& relation : host_.table().relations) {
      const auto rank = rank_of(relation);
      if (rank < 0) continue;
      auto labels = labels_of(relation);
      if (labels.empty()) continue;
      rows.push_back({rank, {"." + relation.name.str(), relation.to->qualified.str(), joined(labels)}});
    }
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    Node table;
    for (auto& [rank, row] : rows) table.rows.push_back(std::move(row));
    if (!table.rows.empty()) nodes.push_back({.title = "Entities", .children = {std::move(table)}});
  }

 private:
  /// Whether a schema is about what people say of the artifact, rather than about its content.
  bool has_external_schema() {
    if (host_.table().qualified != "Artifact" || host_.at("schema").is_null()) return false;
    const auto schema = pointed(instance_, host_, "schema");
    return schema && std::ranges::any_of(schema_slots(instance_, *schema),
                                         [](const auto& slot) { return slot.first == "__external__"; });
  }

  Feature& feature(std::int64_t id) {
    const auto known = features_.find(id);
    if (known != features_.end()) return known->second;
    Feature made;
    if (const auto record = instance_.database().find(instance_.catalog().table("Feature"), id)) {
      made.name = record->text("name");
      stored_dtypes_[id] = record->text("_dtype_str");
      made.dtype = display_dtype(instance_, stored_dtypes_[id]);
    }
    return features_[id] = std::move(made);
  }

  std::string field_for(std::int64_t id, const schema::Table& registry) {
    try {
      for (const auto& target : parse_dtype(instance_.catalog(), stored_dtypes_[id]).targets) {
        if (target.registry == registry.qualified.view()) return target.field;
      }
    } catch (const Error&) {  // NOLINT(bugprone-empty-catch): a dtype of a module that is not connected
    }
    return {};
  }

  void read_labels(const schema::Relation& relation) {
    auto links = links_of(instance_, host_, relation);
    std::erase_if(links, [](const Link& link) { return link.feature == 0; });
    if (links.empty()) return;
    const auto labels = by_id(instance_, *relation.to, links);
    for (const auto& link : links) {
      const auto label = labels.find(link.label);
      if (label == labels.end()) continue;
      auto& of = feature(link.feature);
      of.labels.push_back(label_text(label->second, field_for(link.feature, *relation.to)));
    }
  }

  void read_json() {
    for (const auto& [id, json] : json_values()) {
      auto& of = feature(id);
      auto text = base::python_str(base::parse_json(json));
      const bool whole = text.find_first_not_of("-0123456789") == std::string::npos;
      if (of.dtype == "num" && whole) text += ".0";  // a number of either kind is shown as a real
      if (of.dtype.starts_with("datetime")) std::replace(text.begin(), text.end(), 'T', ' ');
      of.values.push_back(std::move(text));
    }
  }

  // Values of a record that are its fields, or that other records hold.
  void read_elsewhere() {
    if (host_.table().qualified != "Record") return;
    const auto through = lake::features_through(instance_);
    if (through.empty()) return;
    const auto values = feature_values(instance_, host_);
    for (const auto& one : through) {
      const auto found = values.find(std::string(one.text("name")));
      if (found == values.end() || found->second.empty()) continue;
      auto& of = feature(one.id());
      for (const auto& value : found->second)
        (of.dtype.starts_with("list[") ? of.labels : of.values).push_back(display(value));
    }
  }

  // Feature and JSON of each value that is not a label.
  std::vector<std::pair<std::int64_t, std::string>> json_values() {
    std::vector<std::pair<std::int64_t, std::string>> found;
    const auto add = [&](const Record& row) {
      const auto* json = std::get_if<Json>(&row.at("value"));
      if (const auto id = row.at("feature").integer_or(0); id != 0 && json != nullptr)
        found.emplace_back(id, json->text);
    };
    const auto& catalog = instance_.catalog();
    const auto host = base::snake(host_.table().name);
    if (const auto* own = catalog.find(host_.table().name.str() + "Json")) {
      for (const auto& row : links_from(instance_, host_, *own, host)) add(row);
      return found;
    }
    const auto& links = catalog.table(host_.table().name.str() + "JsonValue");
    std::vector<Link> values;
    for (const auto& row : links_from(instance_, host_, links, host)) {
      values.push_back({.label = row.at("jsonvalue").integer_or(0)});
    }
    const auto rows = by_id(instance_, catalog.table("JsonValue"), values);
    for (const auto& link : values) {
      if (const auto row = rows.find(link.label); row != rows.end()) add(row->second);
    }
    return found;
  }

  static std::string text_of(const Feature& feature) {
    if (feature.labels.empty()) return joined(feature.values);
    if (!feature.dtype.starts_with("list[")) return joined(feature.labels);
    std::vector<std::string> quoted;
    for (const auto& label : feature.labels) quoted.push_back("'" + label + "'");
    return "[" + joined(quoted) + "]";
  }

  Node slot_node(const Record& schema, const std::string& slot) {
    Node node;
    const auto members = schema_members(instance_, schema);
    const auto itype = schema.text("itype");
    const bool features = itype == "Feature" || itype.starts_with("Feature[") || itype.empty();
    const auto n = schema.at("n_members").integer_or(static_cast<std::int64_t>(members.size()));
    node.title = shortened(features ? fmt::format("{} ({})", slot, n) : fmt::format("{} ({} {})", slot, n, itype), 30);
    for (const auto& member : members) {
      if (!features) {
        node.rows.push_back({label_text(member), std::string(schema.text("_dtype_str")), ""});
        continue;
      }
      in_dataset_.insert(member.id());
      const auto known = features_.find(member.id());
      node.rows.push_back({std::string(member.text("name")), display_dtype(instance_, member.text("_dtype_str")),
                           known == features_.end() ? "" : joined(known->second.labels)});
    }
    std::ranges::sort(node.rows);
    constexpr std::size_t most_names = 20;  // a transcriptome would hide everything else
    const std::size_t most = features ? options_.most_features : std::min(most_names, options_.most_features);
    node.cut = node.rows.size() > most;
    if (node.cut) node.rows.resize(most);
    return node;
  }

  // The position of a relation among the entities; negative if it is not one.
  int rank_of(const schema::Relation& relation) const {
    const std::string_view name = relation.name;
    if (name == "ablocks") return 20;
    if (name == "recreating_runs") return 30;
    if (name == "runs" || !annotates(relation, host_.table())) return -1;
    const std::string_view module = relation.to->module;
    if (module == "pertdb") return 40;
    if (module == "bionty") return 60;
    if (module != "lamindb" && module != "core") return 50;
    constexpr std::string_view order[] = {"users", "ulabels", "artifacts", "records", "references", "projects"};
    const auto* at = std::find(std::begin(order), std::end(order), name);
    return static_cast<int>(at - std::begin(order));
  }

  std::vector<std::string> labels_of(const schema::Relation& relation) {
    std::vector<std::string> texts;
    if (relation.shape == schema::Relation::Shape::to_many) {
      for (const auto& row : instance_.database().all(instance_.database().related(host_, relation))) {
        if (const auto text = label_text(row); std::find(texts.begin(), texts.end(), text) == texts.end())
          texts.push_back(text);
      }
      return texts;
    }
    const auto links = links_of(instance_, host_, relation);
    if (links.empty()) return texts;
    const auto labels = by_id(instance_, *relation.to, links);
    std::set<std::int64_t> met;
    for (const auto& link : links) {
      const auto label = labels.find(link.label);
      if (label != labels.end() && met.insert(link.label).second) texts.push_back(label_text(label->second));
    }
    return texts;
  }

  Instance& instance_;
  const Record& host_;
  const DescribeOptions& options_;
  bool has_slots_ = false;
  std::map<std::int64_t, Feature> features_;
  std::map<std::int64_t, std::string> stored_dtypes_;
  std::set<std::int64_t> in_dataset_;
};

}  // namespace

std::string display_dtype(Instance& instance, std::string_view dtype) {
  std::string text(dtype);
  for (auto at = text.find("cat["); at != std::string::npos; at = text.find("cat[", at)) {
    int depth = 0;
    auto end = at + 3;
    for (; end < text.size(); ++end) {
      depth += text[end] == '[';
      if (text[end] == ']' && --depth == 0) break;
    }
    if (end >= text.size()) break;
    text = text.substr(0, at) + text.substr(at + 4, end - at - 4) + text.substr(end + 1);
  }
  try {  // A type is there by its uid.
    for (const Dtype::Target& target : parse_dtype(instance.catalog(), dtype).targets) {
      const auto at = target.type_uid.empty() ? std::string::npos : text.find(target.type_uid);
      if (at == std::string::npos) continue;
      const auto type = instance.database().find(instance.catalog().table(target.registry), target.type_uid);
      if (type) text.replace(at, target.type_uid.size(), type->text("name"));
    }
  } catch (const Error&) {  // NOLINT(bugprone-empty-catch): of a module that is not in force: shown as it is
  }
  return text;
}

void describe_values(Instance& instance, const Record& host, const DescribeOptions& options, std::vector<Node>& nodes) {
  Values values(instance, host, options);
  values.read();
  const bool artifact = host.table().qualified == "Artifact";
  if (artifact) values.add_slots(nodes);
  values.add_features(nodes);
  if (artifact) values.add_entities(nodes);
}

}  // namespace lamin::faces
