#include "lake/feature/carry.hpp"

#include <fmt/format.h>
#include <algorithm>

#include "base/text.hpp"
#include "lake/feature/schema_order.hpp"
#include "lake/feature/schema_set.hpp"
#include "lamin/error.hpp"
#include "registry/writes.hpp"

namespace lamin::lake {
namespace {

constexpr std::string_view carried_references[] = {"type", "organism", "source"};
constexpr std::size_t most_named = 20;  // in the message about what was made

}  // namespace

void CarriedReader::need(const schema::Table& table, std::int64_t id) {
  if (id == 0 || !met_.emplace(&table, id).second) return;
  auto row = from_.database().find(table, id);
  if (!row) return;
  for (const auto name : carried_references) {
    const auto* column = table.find_column(name);
    if (column != nullptr && column->to != nullptr) need(*column->to, (*row)[column->position].integer_or(0));
  }
  if (table.qualified == "Feature") need_types(row->text("_dtype_str"));
  if (table.qualified == "Schema") need_parts(*row);
  carried_.rows.push_back(std::move(*row));
}

void CarriedReader::need_types(std::string_view dtype) {
  if (dtype.empty()) return;
  for (const Dtype::Target& target : parse_dtype(from_.catalog(), dtype).targets) {
    if (target.type_uid.empty()) continue;
    const schema::Table& table = from_.catalog().table(target.registry);
    if (const auto type = from_.database().find(table, std::string_view(target.type_uid))) need(table, type->id());
  }
}

void CarriedReader::need_parts(const Record& schema) {
  CarriedRows::Parts parts{.schema = schema.id()};
  for (const Record& member : linked_members(from_, schema)) {
    need(member.table(), member.id());
    parts.registry = member.table().qualified.str();
    parts.members.push_back(member.id());
  }
  for (const auto& [slot, component] : schema_slots(from_, schema)) {
    need(component.table(), component.id());
    parts.slots.emplace_back(slot, component.id());
  }
  carried_.parts.push_back(std::move(parts));
}

void CarriedWriter::take(const CarriedRows& carried) {
  for (const Record& row : carried.rows) take_row(row);
  for (const auto& parts : carried.parts) {
    if (new_schemas_.contains(parts.schema)) link(parts);
  }
}

const Record* CarriedWriter::find(const std::string& registry, std::int64_t id) const {
  const auto found = here_of_.find({registry, id});
  return found == here_of_.end() ? nullptr : &found->second;
}

void CarriedWriter::tell() const {
  for (const std::string& registry : missing_)
    here_.say(Level::warning, fmt::format("rows of {} are left out: this instance has no such registry", registry));
  if (made_.empty()) return;
  const std::vector<std::string> named(made_.begin(),
                                       made_.begin() + static_cast<std::ptrdiff_t>(std::min(made_.size(), most_named)));
  const auto more = made_.size() > most_named ? fmt::format(", ... +{} more", made_.size() - most_named) : "";
  here_.say(Level::important, "transferred: " + base::join(named, ", ") + more);
}

void CarriedWriter::take_row(const Record& row) {
  const auto* table = here_.catalog().find(row.table().qualified);
  if (table == nullptr) {
    missing_.insert(row.table().qualified.str());
    return;
  }
  auto known = same(*table, row);
  if (!known && (table->qualified == "User" || table->qualified == "bionty.Source")) return;
  if (!known) {
    if (table->qualified == "Schema") new_schemas_.insert(row.id());
    known = copy(*table, row);
  }
  here_of_.emplace(std::pair(row.table().qualified.str(), row.id()), std::move(*known));
}

void CarriedWriter::link(const CarriedRows::Parts& parts) {
  const Record& schema = *find("Schema", parts.schema);
  registry::Writes writes(here_.database());
  std::vector<std::int64_t> ids;
  for (const std::int64_t member : parts.members) {
    if (const Record* own = find(parts.registry, member)) ids.push_back(own->id());
  }
  if (!ids.empty()) writes.link(schema, members_relation(schema.table(), here_.catalog().table(parts.registry)), ids);
  std::vector<Record> links;
  for (const auto& [slot, component] : parts.slots) {
    Record one(here_.catalog().table("SchemaComponent"));
    one.set("composite", schema.id());
    one.set("component", find("Schema", component)->id());
    one.set("slot", Value(slot));
    links.push_back(std::move(one));
  }
  if (!links.empty()) writes.insert(links);
}

std::optional<Record> CarriedWriter::same(const schema::Table& table, const Record& row) const {
  for (const auto& column : table.columns) {
    const bool identifies = column.name == "uid" || (column.field != nullptr && column.field->identifies) ||
                            (column.name == "hash" && table.qualified == "Schema");
    const auto* other = identifies ? row.table().find_column(column.name) : nullptr;
    if (other == nullptr || row[other->position].is_null()) continue;
    const auto& value = row[other->position];
    if (auto found = here_.database().first({.registry = table.qualified.str(),
                                             .where = Expr::compare(column.name.str(), Op::exact, value),
                                             .any_branch = true}))
      return found;
  }
  return std::nullopt;
}

/// A column could mean either of two features of one name and type.
void CarriedWriter::refuse_namesake(const Record& feature) const {
  const auto& type = feature.at("type");
  const auto same_type =
      type.is_null() ? Expr::compare("type_id", Op::isnull, Value(true)) : Expr::compare("type_id", Op::exact, type);
  const auto other = here_.database().first(
      {.registry = "Feature",
       .where = Expr::all_of({Expr::compare("name", Op::exact, feature.at("name")), same_type})});
  if (!other) return;
  throw Error(Code::conflict,
              fmt::format("the feature '{}' of the other instance ({}) cannot come here: another one is called so, {}. "
                          "Rename one of the two",
                          feature.text("name"), feature.uid(), named(*other)));
}

Record CarriedWriter::copy(const schema::Table& table, const Record& row) {
  Record copy(table);
  for (const auto& column : row.table().columns) {
    if (column.position == 0 || row[column.position].is_null()) continue;
    const auto* own = table.find_column(column.name);
    if (own == nullptr || own->kind == schema::Kind::time) continue;  // when it was made here
    if (own->kind != schema::Kind::ref) {
      copy.set(own->position, row[column.position]);
      continue;
    }
    if (std::ranges::find(carried_references, column.name.view()) == std::end(carried_references)) continue;
    const auto* other = find(column.to->qualified.str(), row[column.position].integer_or(0));
    if (other != nullptr) copy.set(own->position, Value(other->id()));
  }
  if (table.qualified == "Feature") refuse_namesake(copy);
  registry::Writes(here_.database()).save(copy);
  made_.push_back(named(copy));
  return copy;
}

}  // namespace lamin::lake
