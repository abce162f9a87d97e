// Schemas: sets of features or terms, found again by the hash of their requirements.
#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "base/hash.hpp"
#include "base/json.hpp"
#include "base/path.hpp"
#include "base/text.hpp"
#include "base/uid.hpp"
#include "lake/feature/schema_order.hpp"
#include "lake/feature/schema_set.hpp"
#include "lake/feature/through.hpp"
#include "lake/rows/linked.hpp"
#include "lamin/error.hpp"
#include "lamin/label.hpp"

namespace lamin {
namespace {

/// Schemas with the same uid in every instance.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> known_uids{
    {{"kMi7B_N88uu-YnbTLDU-DA", "0000000000000000"},
     {"1gocc_TJ1RU2bMwDRK-WUA", "0000000000000001"},
     {"UR_ozz2VI2sY8ckXop2RAg", "0000000000000002"},
     {"aqGWHvyY49W_PHELUMiBMw", "0000000000000002"}}};

std::string_view python_bool(bool value) { return value ? "True" : "False"; }

void check_type_of(Instance& instance, std::string_view itype) {
  const auto uid = lake::itype_type(itype);
  if (uid.empty()) return;
  const Query type{.registry = lake::itype_table(instance.catalog(), itype).qualified.str(),
                   .where = Expr::all_of(
                       {Expr::compare("uid", Op::exact, Value(uid)), Expr::compare("is_type", Op::exact, Value(true))}),
                   .any_branch = true};
  if (!lake::holds_features(itype) || !instance.database().exists(type)) {
    throw Error(Code::invalid_argument, "the itype '" + std::string(itype) + "' names no type of features");
  }
}

void check_suffix(const std::string& suffix) {
  if (suffix.empty() || base::suffix_of("file" + suffix) == suffix) return;
  throw Error(Code::validation, "Invalid suffix '" + suffix + "'. Please pass a canonical suffix: " +
                                    "https://docs.lamin.ai/lamindb.base.types, such as .parquet or .h5ad")
      .known_as("FieldValidationError");
}

void check_options(Instance& instance, const SchemaOptions& options) {
  const bool nothing = options.members.empty() && !options.index && options.slots.empty() && options.itype.empty() &&
                       !options.n_members && !options.is_type;
  if (nothing) {
    throw Error(Code::invalid_argument, "a schema needs features, slots or an itype: pass at least one of them");
  }
  const bool external_only = options.slots.size() == 1 && options.slots.front().first == "__external__" &&
                             options.members.empty() && !options.index && options.itype.empty();
  if (!options.slots.empty() && options.otype.empty() && !external_only) {
    throw Error(Code::invalid_argument, "Please pass otype != None for composite schemas");
  }
  check_suffix(options.suffix);
  for (const auto& [slot, component] : options.slots) {
    if (!component || !component.saved()) {
      throw Error(Code::invalid_argument, "the schema of slot '" + slot + "' is not saved: save it first");
    }
  }
  check_type_of(instance, options.itype);
  const schema::Table* table = nullptr;
  for (const Record& member : lake::all_members(options)) {
    if (!member.saved()) throw Error(Code::invalid_argument, "a member of the schema is not saved: save it first");
    if (table && table != &member.table()) {
      throw Error(Code::invalid_argument, "members of a schema must be of one registry, not of " +
                                              table->qualified.str() + " and " + member.table().qualified.str());
    }
    table = &member.table();
  }
  lake::check_fields_of_members(lake::all_members(options), options.index);
  if (table && !options.itype.empty() && &lake::itype_table(instance.catalog(), options.itype) != table) {
    throw Error(Code::invalid_argument,
                "members are of " + table->qualified.str() + ", but the itype is '" + options.itype + "'");
  }
}

std::string member_hash(const std::vector<Record>& members, const SchemaOptions& options) {
  std::vector<std::string> parts;
  for (const Record& member : members) {
    const std::string uid(member.uid());
    const bool optional = std::find(options.optional_members.begin(), options.optional_members.end(), uid) !=
                          options.optional_members.end();
    parts.push_back(optional ? uid + "(i)" : uid);
  }
  if (!options.ordered_set) std::sort(parts.begin(), parts.end());
  return base::md5_base64(base::join(parts, ":"));
}

Value text_or_null(const std::string& text) { return text.empty() ? Value() : Value(text); }

}  // namespace

namespace lake {

std::vector<Record> all_members(const SchemaOptions& options) {
  std::vector<Record> members = options.members;
  if (!options.index) return members;
  std::erase_if(members, [&](const Record& member) { return member.uid() == options.index->uid(); });
  members.insert(members.begin(), *options.index);
  return members;
}

const schema::Relation& members_relation(const schema::Table& schemas, const schema::Table& members) {
  for (const schema::Relation& relation : schemas.relations) {
    if (relation.shape == schema::Relation::Shape::many_to_many && relation.to == &members && relation.through &&
        relation.through->name.view() == "Schema" + members.name.str()) {
      return relation;
    }
  }
  throw Error(Code::invalid_argument, "a schema cannot have members of " + members.qualified.str());
}

std::string_view itype_type(std::string_view itype) {
  const auto open = itype.find('[');
  return open == std::string_view::npos || !itype.ends_with(']') ? "" : itype.substr(open + 1, itype.size() - open - 2);
}

bool holds_features(std::string_view itype) { return itype.substr(0, itype.find('[')) == "Feature"; }

const schema::Table& itype_table(const schema::Catalog& catalog, std::string_view itype) {
  itype = itype.substr(0, itype.find('['));
  if (const schema::Table* table = catalog.find(itype)) return *table;
  return catalog.table(itype.substr(0, itype.rfind('.')));
}

std::string itype_field(const schema::Catalog& catalog, std::string_view itype) {
  const schema::Table& table = itype_table(catalog, itype);
  return catalog.find(itype) ? table.name_field.str() : std::string(itype.substr(itype.rfind('.') + 1));
}

namespace {

std::string schema_hash(const SchemaOptions& options, const std::string& itype, const std::string& dtype) {
  const std::vector<Record> members = all_members(options);
  std::vector<std::string> parts;
  const auto add = [&](char code, std::string_view value) {
    parts.push_back(std::string(1, code) + "=" + std::string(value));
  };
  if (!dtype.empty()) add('a', dtype);
  if (!itype.empty()) add('b', itype);
  add('c', python_bool(options.minimal_set));
  add('d', python_bool(options.ordered_set));
  add('e', python_bool(options.maximal_set));
  if (options.flexible && *options.flexible != members.empty()) add('f', python_bool(*options.flexible));
  if (options.coerce.value_or(false)) add('g', "True");
  if (!members.empty()) add('h', std::to_string(members.size()));
  else if (options.n_members) add('h', std::to_string(*options.n_members));
  if (!members.empty()) add('j', member_hash(members, options));
  if (options.index) add('k', options.index->uid());
  if (!options.slots.empty()) {
    std::vector<std::string> slots;
    for (const auto& [slot, component] : options.slots)
      slots.push_back(slot + "=" + std::string(component.text("hash")));
    std::sort(slots.begin(), slots.end());
    add('l', base::md5_base64(base::join(slots, ":")));
  }
  if (!options.suffix.empty()) add('m', options.suffix);
  std::sort(parts.begin(), parts.end());
  return base::md5_base64(base::join(parts, ":"));
}

}  // namespace

std::vector<Record> linked_members(Instance& instance, const Record& schema) {
  const std::string_view itype = schema.text("itype");
  if (itype == "Composite" || schema.at("is_type").boolean_or(false)) return {};
  // The schemas of old, whose members are features, may not say so.
  const schema::Table& table = itype_table(instance.catalog(), itype.empty() ? "Feature" : itype);
  return linked_in_order(instance.database(), schema, members_relation(schema.table(), table));
}

SchemaIdentity what_is_asked(const schema::Catalog& catalog, const SchemaOptions& options) {
  const std::vector<Record> members = all_members(options);
  SchemaIdentity asked{.itype = options.itype};
  if (asked.itype.empty() && !members.empty()) asked.itype = members.front().table().qualified.str();
  if (!asked.itype.empty()) itype_table(catalog, asked.itype);
  asked.dtype = !options.dtype.empty() ? options.dtype : holds_features(asked.itype) ? "" : "num";
  if (!options.is_type) asked.hash = schema_hash(options, asked.itype, asked.dtype);
  const auto n = static_cast<std::int64_t>(members.size());
  asked.n_members = n > 0 ? std::optional(n) : options.n_members;
  return asked;
}

void describe_in(Record& schema, const SchemaOptions& options, const SchemaIdentity& asked) {
  schema.set("itype", text_or_null(asked.itype));
  schema.set("otype", text_or_null(options.otype));
  schema.set("suffix", text_or_null(options.suffix));
  schema.set("_dtype_str", text_or_null(asked.dtype));
  schema.set("hash", text_or_null(asked.hash));
  schema.set("flexible", Value(options.flexible.value_or(all_members(options).empty())));
  schema.set("coerce", options.coerce ? Value(*options.coerce) : Value());
  schema.set("minimal_set", Value(options.minimal_set));
  schema.set("maximal_set", Value(options.maximal_set));
  schema.set("ordered_set", Value(options.ordered_set));
  schema.set("n_members", asked.n_members ? Value(*asked.n_members) : Value());
  schema.set("_aux", with_roles(without_order(schema.at("_aux")),
                                {.optional = options.optional_members,
                                 .index = options.index ? std::string(options.index->uid()) : std::string()}));
}

namespace {

/// Copies name, description and the like to the existing schema with the same requirements.
void adopt(Instance& instance, Record& record, const SchemaOptions& options) {
  const auto update = [&](const char* field, const std::string& text) {
    if (text.empty() || record.text(field) == text) return;
    const std::string old(record.text(field));
    instance.say(Level::warning,
                 std::string("updated ") + field + " from " + (old.empty() ? "None" : old) + " to " + text);
    record.set(field, Value(text));
  };
  update("name", options.name);
  update("description", options.description);
  if (options.type) record.set("type", Value(*options.type));
}

}  // namespace
}  // namespace lake

SchemaDraft prepare_schema(Instance& instance, const SchemaOptions& options) {
  check_options(instance, options);
  const schema::Table& table = instance.catalog().table("Schema");
  const lake::SchemaIdentity asked = lake::what_is_asked(instance.catalog(), options);
  SchemaDraft draft;
  draft.options = options;
  Query same{.registry = "Schema",
             .where = Expr::all_of({Expr::compare(options.is_type ? "name" : "hash", Op::exact,
                                                  Value(options.is_type ? options.name : asked.hash)),
                                    Expr::compare("is_type", Op::exact, Value(options.is_type)),
                                    Expr::compare("branch_id", Op::ne, Value(-1))}),
             .order_by = {"id"},
             .limit = 1,
             .any_branch = true};
  if (auto known = instance.database().first(same)) {
    draft.record = std::move(*known);
    draft.existing = true;
    lake::adopt(instance, draft.record, options);
    if (options.ordered_set && !options.members.empty())
      draft.record.set("_aux", lake::without_order(draft.record.at("_aux")));
    return draft;
  }
  if (!options.is_type && !options.name.empty()) {
    if (auto named = find_by_name(instance, table, options.name, options.type)) {
      draft.record = std::move(*named);
      draft.existing = draft.remade = true;
      lake::adopt(instance, draft.record, options);
      lake::describe_in(draft.record, options, asked);
      return draft;
    }
  }
  Record record(table);
  for (const auto& [known_hash, uid] : known_uids) {
    if (known_hash == asked.hash && !instance.database().find(table, uid)) record.set("uid", Value(uid));
  }
  if (record.uid().empty()) record.set("uid", Value(base::random_uid(table.uid_size)));
  record.set("name", text_or_null(options.name));
  record.set("description", text_or_null(options.description));
  record.set("is_type", Value(options.is_type));
  if (options.type) record.set("type", Value(*options.type));
  lake::describe_in(record, options, asked);
  draft.record = std::move(record);
  return draft;
}

std::vector<Record> schema_members(Instance& instance, const Record& schema) {
  auto members = lake::linked_members(instance, schema);
  if (!members.empty() && members.front().table().qualified == "Feature") lake::put_in_order(schema, members);
  return members;
}

std::vector<std::pair<std::string, Record>> schema_slots(Instance& instance, const Record& schema) {
  std::vector<std::pair<std::string, Record>> slots;
  Query query{.registry = "SchemaComponent",
              .where = Expr::compare("composite_id", Op::exact, Value(schema.id())),
              .order_by = {"id"}};
  for (const Record& link : instance.database().all(query)) {
    if (auto component = instance.database().find(schema.table(), link.at("component").integer_or(0))) {
      slots.emplace_back(std::string(link.text("slot")), std::move(*component));
    }
  }
  return slots;
}

}  // namespace lamin
