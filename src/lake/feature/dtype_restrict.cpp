// dtype_restrict.cpp -- a dtype of labels, restricted to those that meet conditions.
#include <algorithm>
#include "base/json.hpp"
#include "base/text.hpp"
#include "lamin/error.hpp"
#include "lamin/values.hpp"

namespace lamin {
namespace {

using Conditions = std::vector<std::pair<std::string, Value>>;

[[noreturn]] void refuse(const std::string& why) { throw Error(Code::validation, why); }

bool is_empty(const Value& value) {
  if (const auto* text = value.text()) return base::trim(*text).empty();
  return value.is_null() || value == Value(0) || value == Value(0.0);
}

/// As it stands in a dtype: in quotes if it has a comma.
std::string written(const Value& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "True" : "False";
  std::string text(value.text() != nullptr ? *value.text() : to_string(value));
  if (text.find(',') == std::string::npos) return text;
  if (text.find('"') == std::string::npos) return "\"" + text + "\"";
  if (text.find('\'') == std::string::npos) return "'" + text + "'";
  refuse("Cannot serialize categorical filter value containing comma and both quote types: " + to_string(value));
}

/// Takes the condition on the type out, under either name.
std::string take_type(Conditions& conditions) {
  std::string type;
  for (const char* name : {"type", "type__uid"}) {
    const auto found = std::ranges::find(conditions, name, &Conditions::value_type::first);
    if (found == conditions.end()) continue;
    std::string uid = written(found->second);
    if (!type.empty() && type != uid) {
      refuse("Conflicting type selectors in cat_filters: 'type' and 'type__uid', " + type + " and " + uid);
    }
    type = std::move(uid);
    conditions.erase(found);
  }
  return type;
}

const Dtype::Target& only_target(const Dtype& dtype, std::string_view text) {
  if (dtype.targets.size() > 1) {
    refuse("cat_filters are incompatible with union dtypes: '" + std::string(text) + "'");
  }
  if (dtype.targets.empty()) {
    refuse("cat_filters restrict which labels a feature takes, but the dtype '" + std::string(text) +
           "' is not of labels: leave them out, or take a registry as dtype");
  }
  const auto& target = dtype.targets.front();
  if (dtype.list || !target.filter.empty()) {
    refuse("cat_filters are incompatible with nested dtypes: '" + std::string(text) + "'");
  }
  return target;
}

}  // namespace

std::string restricted_dtype(const schema::Catalog& catalog, std::string_view dtype,
                             std::span<const std::pair<std::string, Value>> given) {
  if (given.empty()) return std::string(dtype);
  const Dtype parsed = parse_dtype(catalog, dtype);
  const Dtype::Target& target = only_target(parsed, dtype);
  Conditions conditions(given.begin(), given.end());
  for (const auto& [name, value] : conditions) {
    if (is_empty(value)) refuse("Empty value in filter " + name + ": leave the filter out, or say what it must be");
  }
  std::string type = take_type(conditions);
  if (!target.type_uid.empty() && !type.empty() && type != target.type_uid) {
    refuse("Conflicting typed dtype and cat_filters type selector: dtype uses uid '" + target.type_uid +
           "', cat_filters uses uid '" + type + "'");
  }
  if (!target.type_uid.empty()) type = target.type_uid;
  const schema::Table& table = catalog.table(target.registry);
  std::vector<std::string> parts;
  if (!type.empty()) parts.push_back(table.has(schema::Trait::typed) ? type : "type__uid=" + type);
  for (const auto& [name, value] : conditions) parts.push_back(name + "=" + written(value));
  const bool by_name = table.name_field == std::string_view(target.field);
  return "cat[" + target.registry + (by_name ? "" : "." + target.field) + "[" + base::join(parts, ", ") + "]]";
}

}  // namespace lamin
