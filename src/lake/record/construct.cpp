// construct.cpp -- from a name and other fields to a record: the existing row, or a new one.
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "lake/feature/type_hooks.hpp"
#include "lake/label/hooks.hpp"
#include "lake/record/follow_type.hpp"
#include "lake/rows/form_hooks.hpp"
#include "lamin/error.hpp"
#include "lamin/feature.hpp"
#include "lamin/label.hpp"

namespace lamin {
namespace {

using Fields = std::map<std::string, Value>;

/// Fields that an existing row keeps.
constexpr std::array<std::string_view, 5> row_keeps = {"uid", "_dtype_str", "otype", "hash", "type"};

const Value& value_of(const Fields& fields, const std::string& name) {
  static const Value null;
  const auto found = fields.find(name);
  return found == fields.end() ? null : found->second;
}

void check_feature(const schema::Catalog& catalog, const Fields& fields) {
  const std::string dtype(value_of(fields, "_dtype_str").text_or(""));
  if (dtype.find('?') != std::string::npos) {
    throw Error(Code::validation, "dtype is '" + dtype +
                                      "' but has to be one of the two: str for free text, or a "
                                      "registry of labels, such as cat[ULabel]");
  }
  if (!dtype.empty()) {
    parse_dtype(catalog, dtype);
  } else if (!value_of(fields, "is_type").boolean_or(false)) {
    throw Error(Code::validation,
                "Please pass dtype: what the feature's values are, such as float or cat[bionty.CellType]");
  }
}

void check_same_dtype(const Record& known, const Fields& fields) {
  const auto dtype = value_of(fields, "_dtype_str").text_or("");
  if (dtype.empty() || known.text("_dtype_str") == dtype) return;
  throw Error(Code::validation, "Feature " + std::string(known.text("name")) + " already exists with dtype " +
                                    std::string(known.text("_dtype_str")) + ", you passed " + std::string(dtype));
}

/// Whether a row of the same name can be what is meant, and whether it surely is.
enum class Same { no, perhaps, yes };

Same same_thing(const Record& row, const Fields& fields) {
  Same same = Same::perhaps;
  for (const schema::Column* column : lake::identity_columns(row.table())) {
    const Value& given = value_of(fields, column->name.str());
    const Value& held = row[column->position];
    if (given.is_null() || held.is_null()) continue;
    if (given != held) return Same::no;
    same = Same::yes;
  }
  return same;
}

/// Among the rows of this name, the one that has the given identifiers, or may get them; a name alone is no identity
/// where a registry has a better one. `other` becomes a row that is something else.
std::optional<Record> find_same(Instance& instance, const schema::Table& table, const std::string& name,
                                std::optional<std::int64_t> type, const Fields& fields, Record& other) {
  auto known = find_by_name(instance, table, name, type);
  const auto identity = lake::identity_columns(table);
  const bool given = std::ranges::any_of(
      identity, [&](const auto* column) { return !value_of(fields, column->name.str()).is_null(); });
  if (!known || !given || same_thing(*known, fields) == Same::yes) return known;
  Query query{.registry = table.qualified.str(),
              .where = Expr::compare(table.name_field.str(), Op::exact, Value(name)),
              .order_by = {"id"}};
  known.reset();
  for (Record& row : instance.database().all(query)) {
    switch (same_thing(row, fields)) {
      case Same::yes: return std::move(row);
      case Same::perhaps:
        if (!known) known = std::move(row);
        break;
      case Same::no: other = std::move(row);
    }
  }
  return known;
}

/// "CellType with name 'X' is CL:1", for one that is another.
void warn_of_namesake(Instance& instance, const Record& other) {
  std::string ids;
  for (const schema::Column* column : lake::identity_columns(other.table())) {
    const Value& held = other[column->position];
    if (held.is_null()) continue;
    const auto organism = column->to ? instance.database().find(*column->to, held.integer_or(0)) : std::nullopt;
    ids += (ids.empty() ? "" : ", ") + column->name.str() + " " + to_string(organism ? organism->at("name") : held);
  }
  instance.say(Level::warning, "there is a " + base::lower(other.table().name) + " with the same name, " +
                                   std::string(other.text(other.table().name_field)) + " (" + ids +
                                   "): creating another one");
}

void take_over_fields(Instance& instance, Record& known, const Fields& fields) {
  const schema::Table& table = known.table();
  for (const auto& [name, value] : fields) {
    const schema::Column& column = table.column(name);
    const bool kept = column.name == table.name_field.view() ||
                      std::find(row_keeps.begin(), row_keeps.end(), column.name.view()) != row_keeps.end();
    if (kept || value.is_null() || known[column.position] == value) continue;
    instance.say(Level::warning,
                 "updated " + name + " from " + to_string(known[column.position]) + " to " + to_string(value));
    known.set(column.position, value);
  }
}

void warn_of_similar(Instance& instance, const schema::Table& table, const std::string& name,
                     std::optional<std::int64_t> type) {
  const auto similar = similar_names(instance, table, name, type);
  if (similar.empty()) return;
  const bool several = similar.size() > 1;
  instance.say(Level::warning,
               "you are trying to create a " + base::lower(table.name) + " with " + table.name_field.str() + "='" +
                   name + "' but " +
                   (several ? "records with similar names exist" : "a record with similar name exists") + ": '" +
                   base::join(similar, "', '") + "'. Did you mean to load " + (several ? "one of them?" : "it?"));
}

}  // namespace

void lake::follow_type(Instance& instance, Record& record, const Record& type, bool space_given) {
  if (const auto sign = emoji(type); !sign.empty() && emoji(record).empty()) set_emoji(record, sign);
  if (space_given || record.table().find_column("space") == nullptr) return;
  const auto policy = single_space(type);
  if (policy.any) record.set("space", Value());
  else if (policy.of_type) record.set("space", type.at("space"));
  else record.set("space", instance.database().get(instance.catalog().table("Space"), policy.uid).id());
}

Record make_record(Instance& instance, const schema::Table& table, const Fields& fields, bool search_names) {
  const bool feature = table.qualified == "Feature";
  if (feature) check_feature(instance.catalog(), fields);
  const std::string name(table.name_field.empty() ? "" : value_of(fields, table.name_field.str()).text_or(""));
  if (search_names && !name.empty()) {
    std::optional<std::int64_t> type;
    if (const auto given = fields.find("type"); given != fields.end()) type = given->second.integer_or(0);
    Record other;
    if (auto known = find_same(instance, table, name, type, fields, other)) {
      if (feature) check_same_dtype(*known, fields);
      instance.say(Level::important, "returning " + base::lower(table.name) + " with same " + table.name_field.str() +
                                         ": '" + name + "'");
      take_over_fields(instance, *known, fields);
      return std::move(*known);
    }
    if (other) warn_of_namesake(instance, other);
    else warn_of_similar(instance, table, name, type);
  }
  Record record(table);
  for (const auto& [field, value] : fields) record.set(field, value);
  if (feature && record.at("nullable").is_null()) record.set("nullable", Value(true));
  // What has a schema of rows is a sheet, which is a type.
  const bool sheet = table.has(schema::Trait::typed) && table.find_column("schema") != nullptr;
  if (sheet && !record.at("schema").is_null()) record.set("is_type", Value(true));
  if (table.has(schema::Trait::typed)) {
    lake::check_type(instance.database(), record);
    const auto id = record.at("type").integer_or(0);
    const auto type = id == 0 ? std::nullopt : instance.database().find(table, id);
    if (type) lake::follow_type(instance, record, *type, fields.contains("space"));
  }
  lake::check_forms(record);
  // The column's default would mean "completed".
  if (table.qualified == "Project" && !fields.contains("_status_code")) {
    record.set("_status_code", Value(schema::code_of(table.column("_status_code"), "planned")));
  }
  return record;
}

}  // namespace lamin
