// schema_roles.cpp -- which members of a schema may be missing, which one names the rows and in which order they are
// shown: stored in `_aux.af`, with LaminDB's codes; and what files of a format must be, stored in `_aux`.
#include <algorithm>
#include <boost/json.hpp>
#include "base/json.hpp"
#include "base/text.hpp"
#include "lake/feature/schema_order.hpp"
#include "lake/feature/schema_set.hpp"
#include "lake/rows/aux_json.hpp"
#include "lamin/error.hpp"
#include "lamin/values.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace lake {
namespace {

namespace js = boost::json;

constexpr const char *kept = "af", *optional_code = "1", *order_code = "2", *index_code = "3", *hidden_code = "4";

js::object kept_in(const js::object& aux) {
  const auto* found = aux.if_contains(kept);
  return found != nullptr && found->is_object() ? found->as_object() : js::object();
}

/// The uids under a code, each once; none if anything else is among them.
std::vector<std::string> uids_under(const js::object& codes, const char* code) {
  const auto* given = codes.if_contains(code);
  if (given == nullptr || !given->is_array()) return {};
  std::vector<std::string> uids;
  for (const auto& uid : given->as_array()) {
    if (!uid.is_string() || base::trim(std::string_view(uid.get_string())).empty()) return {};
    std::string text(uid.get_string());
    if (std::ranges::find(uids, text) == uids.end()) uids.push_back(std::move(text));
  }
  return uids;
}

}  // namespace

SchemaRoles schema_roles(const Value& aux) {
  const auto codes = kept_in(aux_of(aux));
  SchemaRoles roles{.optional = uids_under(codes, optional_code)};
  const auto* index = codes.if_contains(index_code);
  if (index != nullptr && index->is_string()) roles.index = std::string(index->get_string());
  return roles;
}

Value with_roles(const Value& aux, const SchemaRoles& roles) {
  auto all = aux_of(aux);
  auto codes = kept_in(all);
  codes.erase(optional_code);
  codes.erase(index_code);
  if (!roles.optional.empty()) codes[optional_code] = js::value_from(roles.optional);
  if (!roles.index.empty()) codes[index_code] = roles.index;
  all.erase(kept);
  if (!codes.empty()) all[kept] = std::move(codes);
  return to_aux(all);
}

Value without_order(const Value& aux) {
  auto all = aux_of(aux);
  auto codes = kept_in(all);
  codes.erase(order_code);
  all.erase(kept);
  if (!codes.empty()) all[kept] = std::move(codes);
  return to_aux(all);
}

void put_in_order(const Record& schema, std::vector<Record>& members) {
  const auto order = schema_view(schema).order;
  if (order.empty()) return;
  std::ranges::stable_sort(
      members, {}, [&](const Record& member) { return std::ranges::find(order, member.uid()) - order.begin(); });
}

}  // namespace lake

SchemaView schema_view(const Record& schema) {
  const auto codes = lake::kept_in(lake::aux_of(schema.at("_aux")));
  return {.order = lake::uids_under(codes, lake::order_code), .hidden = lake::uids_under(codes, lake::hidden_code)};
}

std::string format_rules(const Record& schema, std::string_view format) {
  const auto aux = lake::aux_of(schema.at("_aux"));
  const auto* rules = aux.if_contains(format);
  return rules == nullptr || rules->is_null() ? "" : base::write_json(*rules);
}

void set_format_rules(Record& schema, std::string_view format, const std::string& json) {
  if (format != "zarr" && format != "anndata") {
    throw Error(Code::invalid_argument,
                "'" + std::string(format) + "' is not a format with its own rules: zarr and anndata are");
  }
  auto aux = lake::aux_of(schema.at("_aux"));
  if (json.empty()) {
    aux.erase(format);
  } else {
    auto rules = base::parse_json(json);
    if (!rules.is_object()) throw Error(Code::invalid_argument, std::string(format) + " constraints must be a dict");
    aux[format] = std::move(rules);
  }
  schema.set("_aux", lake::to_aux(aux));
}

SchemaRoles schema_roles(const Record& schema) { return lake::schema_roles(schema.at("_aux")); }

void set_schema_roles(Record& schema, const SchemaRoles& roles) {
  schema.set("_aux", lake::with_roles(schema.at("_aux"), roles));
}

void make_optional(Instance& instance, Record& schema, std::span<const Record> members) {
  if (!schema.at("minimal_set").boolean_or(true)) return;
  const auto all = schema_members(instance, schema);
  auto roles = schema_roles(schema);
  std::vector<std::string> strangers;
  for (const auto& member : members) {
    const std::string uid(member.uid());
    const bool known = std::ranges::any_of(all, [&](const Record& one) { return one.id() == member.id(); });
    if (!known) strangers.push_back("'" + std::string(member.text("name")) + "'");
    else if (std::ranges::find(roles.optional, uid) == roles.optional.end()) roles.optional.push_back(uid);
  }
  if (!strangers.empty()) {
    throw Error(
        Code::invalid_argument,
        "Feature not part of the schema, please use schema.add() instead. Not members: " + base::join(strangers, ", "));
  }
  set_schema_roles(schema, roles);
}

namespace {

/// Applies `change` to a saved schema and its members, with all effects, in one transaction.
void change_members(Instance& instance, Record& schema, const std::function<void(Record&)>& change) {
  SchemaDraft draft{.existing = true};
  instance.database().transaction([&] {
    draft.record = schema;
    change(draft.record);
    save_schema(instance, draft, {.warns = false});
  });
  schema = std::move(draft.record);
}

std::vector<std::int64_t> ids_of(std::span<const Record> members) {
  std::vector<std::int64_t> ids;
  for (const auto& member : members) ids.push_back(member.id());
  return ids;
}

}  // namespace

void add_members(Instance& instance, Record& schema, std::span<const Record> members, bool optional) {
  if (members.empty()) return;
  if (!optional) {
    throw Error(Code::unsupported,
                "Passing optional=False is not supported for adding features to a schema: datasets and records that "
                "do not have them would become invalid. Add them as optional ones, or make a new schema");
  }
  change_members(instance, schema, [&](Record& work) {
    const auto& relation = lake::members_relation(work.table(), members.front().table());
    registry::Writes(instance.database()).link(work, relation, ids_of(members));
    make_optional(instance, work, members);
  });
}

void remove_members(Instance& instance, Record& schema, std::span<const Record> members) {
  if (members.empty()) return;
  if (schema.at("maximal_set").boolean_or(false)) {
    throw Error(Code::unsupported,
                "features cannot be removed from a schema with maximal_set: datasets that have them "
                "become invalid");
  }
  change_members(instance, schema, [&](Record& work) {
    const auto& relation = lake::members_relation(work.table(), members.front().table());
    registry::Writes(instance.database()).unlink(work, relation, ids_of(members));
    auto roles = schema_roles(work);
    for (const auto& member : members) std::erase(roles.optional, std::string(member.uid()));
    set_schema_roles(work, roles);
  });
}

}  // namespace lamin
