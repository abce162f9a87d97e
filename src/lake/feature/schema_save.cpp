// Saving schemas: new ones with their members and slots, and the effects of changing an existing one.
#include <fmt/format.h>
#include <algorithm>

#include "lake/feature/schema_order.hpp"
#include "lake/feature/schema_set.hpp"
#include "lamin/error.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace lake {
namespace {

void link_members(Instance& instance, const Record& schema, const std::vector<Record>& members) {
  if (members.empty()) return;
  std::vector<std::int64_t> ids;
  for (const Record& member : members) ids.push_back(member.id());
  registry::Writes(instance.database()).link(schema, members_relation(schema.table(), members.front().table()), ids);
}

void insert_schema(Instance& instance, Record& schema, const SchemaOptions& options) {
  registry::Writes(instance.database()).save(schema);
  link_members(instance, schema, all_members(options));
  std::vector<Record> links;
  for (const auto& [slot, component] : options.slots) {
    Record link(instance.catalog().table("SchemaComponent"));
    link.set("composite", schema.id());
    link.set("component", component.id());
    link.set("slot", Value(slot));
    links.push_back(std::move(link));
  }
  if (!links.empty()) registry::Writes(instance.database()).insert(links);
}

std::optional<bool> flag(const Record& schema, std::string_view field) {
  const auto* value = std::get_if<bool>(&schema.at(field));
  return value == nullptr ? std::nullopt : std::optional(*value);
}

/// The requirements of a saved schema: its fields and its links.
SchemaOptions options_of(Instance& instance, const Record& schema) {
  SchemaOptions options{.itype = std::string(schema.text("itype")),
                        .otype = std::string(schema.text("otype")),
                        .suffix = std::string(schema.text("suffix")),
                        .dtype = std::string(schema.text("_dtype_str")),
                        .members = linked_members(instance, schema),
                        .slots = schema_slots(instance, schema),
                        .flexible = flag(schema, "flexible"),
                        .coerce = flag(schema, "coerce"),
                        .minimal_set = flag(schema, "minimal_set").value_or(true),
                        .maximal_set = flag(schema, "maximal_set").value_or(false),
                        .ordered_set = flag(schema, "ordered_set").value_or(false),
                        .is_type = flag(schema, "is_type").value_or(false)};
  const SchemaRoles aux = schema_roles(schema);
  options.optional_members = aux.optional;
  if (!aux.index.empty()) options.index = instance.database().get(instance.catalog().table("Feature"), aux.index);
  if (options.members.empty() && !schema.at("n_members").is_null())
    options.n_members = schema.at("n_members").integer_or(0);
  return options;
}

/// Replaces the linked members with those of the options.
void replace_members(Instance& instance, const Record& stored, const Record& schema, const SchemaOptions& options) {
  std::vector<std::int64_t> before;
  const auto members = linked_members(instance, stored);
  for (const Record& member : members) before.push_back(member.id());
  if (!before.empty()) {
    const auto& relation = members_relation(schema.table(), members.front().table());
    registry::Writes(instance.database()).unlink(schema, relation, before);
  }
  link_members(instance, schema, all_members(options));
}

/// "[Feature('...', name='a'), ...]", at most ten.
std::string listed(const std::vector<Record>& records) {
  constexpr std::size_t most_listed = 10;
  std::string text;
  for (std::size_t i = 0; i < std::min(records.size(), most_listed); ++i)
    text += (i == 0 ? "" : ", ") + named(records[i]);
  return "[" + text + (records.size() > most_listed ? ", ...]" : "]");
}

/// Says what a change means for the datasets that are there.
void warn_of_datasets(Instance& instance, const Record& schema, const std::vector<Record>& removed, bool of_hash) {
  const Query query{
      .registry = "Artifact", .where = Expr::compare("schema_id", Op::exact, Value(schema.id())), .order_by = {"id"}};
  const auto datasets = instance.database().all(query);
  if (datasets.empty()) return;
  if (!removed.empty()) instance.say(Level::warning, "you're removing these features: " + listed(removed));
  if (of_hash)
    instance.say(Level::warning,
                 "you updated the schema hash and might invalidate datasets that were previously "
                 "validated with this schema: " +
                     listed(datasets));
}

/// Features that the schema has and that are not asked for any more.
std::vector<Record> removed_members(Instance& instance, const Record& stored, const SchemaOptions& options) {
  auto members = linked_members(instance, stored);
  const auto kept = all_members(options);
  std::erase_if(members, [&](const Record& member) {
    return std::ranges::any_of(kept, [&](const Record& one) { return one.uid() == member.uid(); });
  });
  return members;
}

void check_alone(Instance& instance, const Record& schema, const std::string& hash) {
  const Query same{.registry = "Schema",
                   .where = Expr::all_of({Expr::compare("hash", Op::exact, Value(hash)),
                                          Expr::compare("branch_id", Op::ne, Value(-1)),
                                          Expr::compare("id", Op::ne, Value(schema.id()))}),
                   .order_by = {"id"},
                   .any_branch = true};
  if (const auto other = instance.database().first(same)) {
    throw Error(Code::validation,
                fmt::format("Another schema already has this hash, since it asks for the same: {}. Take that one",
                            named(*other)));
  }
}

void update_schema(Instance& instance, SchemaDraft& draft, const SchemaChange& change) {
  Record& schema = draft.record;
  const auto stored = instance.database().find(schema.table(), schema.id());
  if (!stored) throw Error(Code::not_found, fmt::format("{} was deleted", named(schema)));
  const SchemaOptions options = draft.remade ? draft.options : options_of(instance, schema);
  const SchemaIdentity asked = what_is_asked(instance.catalog(), options);
  if (asked.hash != stored->text("hash")) {
    check_alone(instance, schema, asked.hash);
    warn_of_datasets(instance, schema, removed_members(instance, *stored, options), change.warns);
    schema.set("hash", Value(asked.hash));
    schema.set("n_members", asked.n_members ? Value(*asked.n_members) : Value());
  }
  if (draft.remade) replace_members(instance, *stored, schema, options);
  if (stored->values() != schema.values()) registry::Writes(instance.database()).save(schema);
  move_names(instance, schema, schema_roles(*stored).index, schema_roles(schema).index, change.index_names);
}

}  // namespace
}  // namespace lake

void save_schema(Instance& instance, SchemaDraft& draft, const SchemaChange& change) {
  const Record before = draft.record;
  try {
    instance.database().transaction([&] {
      draft.record = before;
      if (before.saved()) lake::update_schema(instance, draft, change);
      else lake::insert_schema(instance, draft.record, draft.options);
    });
  } catch (...) {
    draft.record = before;
    throw;
  }
  draft.existing = true;
  draft.remade = false;
}

}  // namespace lamin
