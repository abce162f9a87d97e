// describe_values.cpp -- features and labels of an artifact, run or record, as describe() shows them.
#include <fmt/format.h>
#include <algorithm>
#include <map>
#include <set>
#include "base/json.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "db/connection.hpp"
#include "lake/describe.hpp"
#include "lamin/feature.hpp"

namespace lamin::lake {
namespace {

// Pairs that say something about the host, by label registry. Not those in which it is itself the value.
bool annotates(const schema::Relation& relation, const schema::Table& host) {
  return relation.shape == schema::Relation::Shape::many_to_many && relation.through != nullptr &&
         !relation.through->plain_pairs && relation.through->find_column("feature") != nullptr &&
         relation.through->name.view().starts_with(host.name.view()) && relation.from_column->name != "value";
}

struct Link {
  std::int64_t label = 0, feature = 0;
};

std::vector<Link> links_of(Instance& instance, const Record& host, const schema::Relation& relation) {
  const bool has_feature = relation.through->find_column("feature") != nullptr;
  const Value parameters[] = {host.id()};
  auto rows = instance.database().connection().query(
      fmt::format("SELECT \"{}\"{} FROM \"{}\" WHERE \"{}\" = ? ORDER BY id", relation.to_column->column.view(),
                  has_feature ? ", feature_id" : "", relation.through->table.view(),
                  relation.from_column->column.view()),
      parameters);
  std::vector<Link> links;
  while (rows->next()) { links.push_back({rows->integer(0), has_feature && !rows->is_null(1) ? rows->integer(1) : 0}); }
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
  return value.is_null() ? "None" : display_value(value);
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
  Values(Instance& instance, const Record& host) : instance_(instance), host_(host) {}

  void read() {
    for (const auto& relation : host_.table().relations) {
      if (annotates(relation, host_.table())) read_labels(relation);
    }
    read_json();
    for (auto& [id, feature] : features_) std::sort(feature.labels.begin(), feature.labels.end());
  }

  // The slots of a dataset: what its columns mean.
  void add_slots(std::vector<TreeNode>& nodes) {
    const auto* schemas = host_.table().find_relation("schemas");
    if (schemas == nullptr) return;
    const Value parameters[] = {host_.id()};
    std::vector<std::pair<std::int64_t, std::string>> slots;
    {
      auto rows = instance_.database().connection().query(
          "SELECT schema_id, slot FROM lamindb_artifactschema WHERE artifact_id = ? ORDER BY id", parameters);
      while (rows->next()) slots.emplace_back(rows->integer(0), rows->is_null(1) ? "" : std::string(rows->text(1)));
    }
    TreeNode section{{"Dataset features"}};
    for (const auto& [id, slot] : slots) {
      const auto schema = instance_.database().find(instance_.catalog().table("Schema"), id);
      if (schema && !slot.starts_with("__")) section.children.push_back(slot_node(*schema, slot));
    }
    if (!section.children.empty()) nodes.push_back(std::move(section));
  }

  void add_features(std::vector<TreeNode>& nodes) {
    std::vector<const Feature*> shown;
    for (const auto& [id, feature] : features_) {
      if (!in_dataset_.contains(id)) shown.push_back(&feature);
    }
    std::sort(shown.begin(), shown.end(), [](const Feature* a, const Feature* b) {
      return std::pair(a->labels.empty(), a->name) < std::pair(b->labels.empty(), b->name);
    });
    TreeNode rows;
    for (const auto* feature : shown) rows.lines.push_back(value_row(feature->name, feature->dtype, text_of(*feature)));
    if (!rows.lines.empty()) nodes.push_back({{"Features"}, {std::move(rows)}});
  }

  // All labels of an artifact, a registry a row: the core's, then those of other modules.
  void add_entities(std::vector<TreeNode>& nodes) {
    std::vector<std::pair<int, std::string>> rows;
    for (const auto& relation : host_.table().relations) {
      const auto rank = rank_of(relation);
      if (rank < 0) continue;
      auto labels = labels_of(relation);
      if (labels.empty()) continue;
      rows.emplace_back(rank, value_row("." + relation.name.str(), relation.to->qualified.str(), joined(labels)));
    }
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    TreeNode node;
    for (auto& [rank, row] : rows) node.lines.push_back(std::move(row));
    if (!node.lines.empty()) nodes.push_back({{"Entities"}, {std::move(node)}});
  }

 private:
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
    } catch (const Error&) {  // NOLINT(bugprone-empty-catch): a dtype of a module that is not in force
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
    const auto host = base::lower(host_.table().name);
    const auto sql =
        host == "record"
            ? std::string("SELECT feature_id, value FROM lamindb_recordjson WHERE record_id = ? ORDER BY id")
            : fmt::format(
                  "SELECT v.feature_id, v.value FROM lamindb_{0}jsonvalue l JOIN lamindb_jsonvalue "
                  "v ON v.id = l.jsonvalue_id WHERE l.{0}_id = ? ORDER BY l.id",
                  host);
    const Value parameters[] = {host_.id()};
    std::vector<std::pair<std::int64_t, std::string>> found;
    {
      auto rows = instance_.database().connection().query(sql, parameters);
      while (rows->next()) {
        if (!rows->is_null(0)) found.emplace_back(rows->integer(0), std::string(rows->text(1)));
      }
    }
    for (const auto& [id, json] : found) {
      auto& of = feature(id);
      auto text = base::python_str(base::parse_json(json));
      const bool whole = text.find_first_not_of("-0123456789") == std::string::npos;
      if (of.dtype == "num" && whole) text += ".0";  // a number of either kind is shown as a real one
      if (of.dtype.starts_with("datetime")) std::replace(text.begin(), text.end(), 'T', ' ');
      of.values.push_back(std::move(text));
    }
  }

  static std::string text_of(const Feature& feature) {
    if (feature.labels.empty()) return joined(feature.values);
    if (!feature.dtype.starts_with("list[")) return joined(feature.labels);
    std::vector<std::string> quoted;
    for (const auto& label : feature.labels) quoted.push_back("'" + label + "'");
    return "[" + joined(quoted) + "]";
  }

  TreeNode slot_node(const Record& schema, const std::string& slot) {
    TreeNode node;
    const auto members = schema_members(instance_, schema);
    const auto itype = schema.text("itype");
    const bool features = itype == "Feature" || itype.empty();
    const auto n = schema.at("n_members").integer_or(static_cast<std::int64_t>(members.size()));
    node.lines.push_back(
        shortened(features ? fmt::format("{} ({})", slot, n) : fmt::format("{} ({} {})", slot, n, itype), 30));
    std::vector<std::string> rows;
    for (const auto& member : members) {
      if (!features) {
        rows.push_back(value_row(label_text(member), std::string(schema.text("_dtype_str")), ""));
        continue;
      }
      in_dataset_.insert(member.id());
      const auto known = features_.find(member.id());
      rows.push_back(value_row(std::string(member.text("name")), display_dtype(instance_, member.text("_dtype_str")),
                               known == features_.end() ? "" : joined(known->second.labels)));
    }
    std::sort(rows.begin(), rows.end());
    const std::size_t most = features ? 100 : 20;  // a transcriptome would hide all else
    const bool many = rows.size() > most;
    if (many) rows.resize(most);
    for (auto& row : rows) node.lines.push_back(std::move(row));
    if (many) node.lines.emplace_back("…");
    return node;
  }

  // The place of a relation among the entities; negative if it is none.
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
  // A type stands there by uid.
  for (const auto* registry : {"ULabel", "Record", "Project", "Reference"}) {
    const auto opening = std::string(registry) + "[";
    const auto at = text.find(opening);
    if (at == std::string::npos) continue;
    const auto from = at + opening.size(), to = text.find_first_of(",]", from);
    if (to == std::string::npos) continue;
    try {
      const auto type = instance.database().find(instance.catalog().table(registry), text.substr(from, to - from));
      if (type) text.replace(from, to - from, type->text("name"));
    } catch (const Error&) {  // NOLINT(bugprone-empty-catch): not a uid: the text stays as it is
    }
  }
  return text;
}

void describe_values(Instance& instance, const Record& host, std::vector<TreeNode>& nodes) {
  Values values(instance, host);
  values.read();
  const bool artifact = host.table().qualified == "Artifact";
  if (artifact) values.add_slots(nodes);
  values.add_features(nodes);
  if (artifact) values.add_entities(nodes);
}

}  // namespace lamin::lake
