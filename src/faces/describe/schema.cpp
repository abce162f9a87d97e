// schema.cpp -- what a schema asks for.
#include <fmt/format.h>
#include <algorithm>
#include "base/json.hpp"
#include "faces/columns.hpp"
#include "faces/describe/parts.hpp"
#include "lamin/values.hpp"

namespace lamin::faces {
namespace {

constexpr const char* yes = "✓";
constexpr const char* no = "✗";

std::string initial_value(const Record& feature) {
  const auto* json = std::get_if<Json>(&feature.at("default_value"));
  if (json == nullptr || json->text == "null") return "unset";
  return base::python_str(base::parse_json(json->text));
}

/// How the features are shown: the index first, unless the schema has an order of its own, which may hide some. Returns
/// how many it hides.
std::size_t arrange(const Record& schema, const SchemaRoles& roles, bool with_hidden, std::vector<Record>& features) {
  const auto is_index = [&](const Record& feature) { return feature.uid() == roles.index; };
  const auto view = schema_view(schema);
  if (view.order.empty() || schema.text("itype") != "Feature") {
    std::ranges::stable_partition(features, is_index);
    return 0;
  }
  std::vector<Record> shown;
  for (const Record& feature : features)
    if (is_index(feature) || std::ranges::find(view.hidden, feature.uid()) == view.hidden.end())
      shown.push_back(feature);
  const auto n = features.size() - shown.size();
  if (!with_hidden) features = std::move(shown);
  return n;
}

void add_features(Instance& instance, const Record& schema, std::vector<Record> features,
                  const DescribeOptions& options, std::vector<Node>& nodes) {
  const auto roles = schema_roles(schema);
  const auto n_hidden = arrange(schema, roles, options.hidden, features);
  const bool coerced = schema.at("coerce").boolean_or(false);
  // Columns of marks are as wide as their titles, which are ASCII.
  Node table{.header = {"name", "dtype", "optional", "nullable", "coerce", "default_value"}};
  std::string index;
  for (const auto& feature : features) {
    if (feature.uid() == roles.index) index = feature.text("name");
    table.rows.push_back({std::string(feature.text("name")), display_dtype(instance, feature.text("_dtype_str")),
                          std::ranges::find(roles.optional, feature.uid()) != roles.optional.end() ? yes : no,
                          feature.at("nullable").boolean_or(true) ? yes : no,
                          coerced || feature.at("coerce").boolean_or(false) ? yes : no, initial_value(feature)});
  }
  nodes.push_back(
      {.title = fmt::format("Features ({}{}{})", features.size(), index.empty() ? "" : " including index: " + index,
                            n_hidden == 0 ? "" : fmt::format(", {} hidden", n_hidden)),
       .children = {std::move(table)}});
}

}  // namespace

Fields schema_fields(Instance& instance, const Record& schema) {
  Fields fields{{"uid", std::string(schema.uid())}};
  if (const auto run = pointed(instance, schema, "run")) fields.emplace_back("run", run_label(instance, *run));
  for (const auto* field : {"itype", "otype"}) {
    const auto value = schema.text(field);
    if (!value.empty() && value != "Feature") fields.emplace_back(field, value);
  }
  if (!schema.at("minimal_set").boolean_or(true)) fields.emplace_back("minimal_set", "False");
  if (schema.at("ordered_set").boolean_or(false)) fields.emplace_back("ordered_set", "True");
  if (schema.at("maximal_set").boolean_or(false)) fields.emplace_back("maximal_set", "True");
  fields.emplace_back("created_at", display(schema.at("created_at")));
  if (const auto user = pointed(instance, schema, "created_by")) fields.emplace_back("created_by", called(*user));
  return fields;
}

void describe_members(Instance& instance, const Record& schema, const DescribeOptions& options,
                      std::vector<Node>& nodes) {
  for (const auto& [slot, component] : schema_slots(instance, schema)) {
    const auto name = called(component);
    Node node{.title = fmt::format("{}: {}", slot, name.empty() ? "unnamed" : name)};
    node.children.push_back({.fields = schema_fields(instance, component)});
    describe_members(instance, component, options, node.children);
    nodes.push_back(std::move(node));
  }
  const auto members = schema_members(instance, schema);
  const std::string itype(schema.text("itype"));
  if (itype == "Feature" || itype.starts_with("Feature[") || itype.empty()) {
    if (!members.empty()) add_features(instance, schema, members, options, nodes);
    return;
  }
  Node node{.title = members.empty() ? itype : fmt::format("{} ({})", itype, members.size())};
  if (!schema.at("_dtype_str").is_null()) {
    node.children.push_back({.fields = {{"dtype", std::string(schema.text("_dtype_str"))}}});
  }
  for (const auto& member : members) node.children.push_back({.title = called(member)});
  nodes.push_back(std::move(node));
}

}  // namespace lamin::faces
