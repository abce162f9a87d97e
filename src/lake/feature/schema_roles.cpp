// schema_roles.cpp -- which members of a schema may be missing and which one names the rows: stored in `_aux.af`, with
// LaminDB's codes.
#include <algorithm>
#include <boost/json.hpp>
#include "base/json.hpp"
#include "base/text.hpp"
#include "lake/feature/schema_set.hpp"
#include "lamin/error.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace lake {
namespace {

namespace js = boost::json;

constexpr const char *kept = "af", *optional_code = "1", *index_code = "3";

js::object object_of(const Value& aux) {
  const auto* json = std::get_if<Json>(&aux);
  if (json == nullptr) return {};
  auto parsed = base::parse_json(json->text);
  return parsed.is_object() ? std::move(parsed.as_object()) : js::object();
}

js::object kept_in(const js::object& aux) {
  const auto* found = aux.if_contains(kept);
  return found != nullptr && found->is_object() ? found->as_object() : js::object();
}

}  // namespace

SchemaRoles schema_roles(const Value& aux) {
  SchemaRoles roles;
  const auto codes = kept_in(object_of(aux));
  if (const auto* index = codes.if_contains(index_code); index != nullptr && index->is_string()) {
    roles.index = index->as_string().c_str();
  }
  const auto* optional = codes.if_contains(optional_code);
  if (optional == nullptr || !optional->is_array()) return roles;
  for (const auto& uid : optional->as_array()) {
    if (uid.is_string()) roles.optional.emplace_back(uid.as_string().c_str());
  }
  return roles;
}

Value with_roles(const Value& aux, const SchemaRoles& roles) {
  auto all = object_of(aux);
  auto codes = kept_in(all);
  codes.erase(optional_code);
  codes.erase(index_code);
  if (!roles.optional.empty()) codes[optional_code] = js::value_from(roles.optional);
  if (!roles.index.empty()) codes[index_code] = roles.index;
  all.erase(kept);
  if (!codes.empty()) all[kept] = std::move(codes);
  return all.empty() ? Value() : Value(Json{base::write_json(all)});
}

}  // namespace lake

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
    throw Error(Code::invalid_argument,
                "[" + base::join(strangers, ", ") + "] are no features of the schema: add them to it first");
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
  change_members(instance, schema, [&](Record& work) {
    const auto& relation = lake::members_relation(work.table(), members.front().table());
    registry::Writes(instance.database()).link(work, relation, ids_of(members));
    if (optional) make_optional(instance, work, members);
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
