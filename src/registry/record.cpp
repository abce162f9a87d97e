// record.cpp -- a row as values, and how a row is shown.
//
// The text form is LaminDB's: uid first, then the registry's own fields, then references by id, then what every row has
// (created_at, is_locked, version_tag, is_latest). Private fields and long source code are left out.
#include "lamin/record.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "base/json.hpp"
#include "base/visible.hpp"
#include "lamin/error.hpp"

namespace lamin {
namespace {

using schema::Column;
using schema::Kind;
using schema::Table;
using schema::Trait;

/// Filled from the connection's stamp when the row is saved; a new record leaves it null.
bool stamped(const Table& table, const Column& column) {
  return table.has(Trait::branched) && column.kind == Kind::ref &&
         (column.name == "branch" || column.name == "created_on" || column.name == "space");
}

constexpr std::array<std::string_view, 4> shown_last = {"created_at", "is_locked", "version_tag", "is_latest"};
constexpr std::array<std::string_view, 4> never_shown = {"id", "uid", "updated_at", "source_code"};

bool contains(std::span<const std::string_view> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Private fields are left out, except one that a rule of the registry requires.
bool is_private(const Table& table, const Column& column) {
  if (!column.name.view().starts_with('_')) return false;
  return std::none_of(table.rules.begin(), table.rules.end(), [&](const schema::Rule& rule) {
    return rule.check.view().find(column.column.view()) != std::string_view::npos;
  });
}

/// An empty reference that belongs to its row, one to one or as an optional dataset, is shown by its name.
bool shown_as_own(const Column& column) {
  if (column.kind != Kind::ref || column.field == nullptr || column.to == nullptr) return false;
  if (column.field->unique) return true;
  return column.field->optional && column.field->on_delete == schema::On::cascade && column.to->has(Trait::versioned);
}

/// As Python shows it: documents as their loaded value, reals with a fraction.
std::string python_repr(const Value& value) {
  if (const auto* d = std::get_if<double>(&value)) return base::python_str(boost::json::value(*d));
  const auto* json = std::get_if<Json>(&value);
  if (json == nullptr) return to_string(value);
  try {
    const auto document = base::parse_json(json->text);
    const auto shown = base::visible_line(base::python_str(document));
    return document.is_string() ? "'" + shown + "'" : shown;
  } catch (const Error&) { return base::visible_line(json->text); }
}

}  // namespace

Record::Record(const Table& table) : table_(&table), values_(table.columns.size()) {
  for (const auto& column : table.columns)
    if (!stamped(table, column)) values_[static_cast<std::size_t>(column.position)] = column.initial;
}

const Value& Record::at(std::string_view field) const {
  return values_[static_cast<std::size_t>(table_->column(field).position)];
}

Record& Record::set(std::string_view field, Value value) {
  return set(table_->column(field).position, std::move(value));
}

void Record::rebase(const Record& stored) {
  for (std::size_t i = 0; i < values_.size(); ++i) {
    if ((set_ & bit_of(static_cast<int>(i))) == 0) values_[i] = stored.values_[i];
  }
}

std::string_view Record::uid() const {
  if (table_ == nullptr) return {};
  const auto* column = table_->find_column("uid");
  return column == nullptr ? std::string_view() : (*this)[column->position].text_or("");
}

namespace {

/// Mixed-in fields first, then the registry's own as declared.
std::vector<const Column*> in_order(const Table& table) {
  std::vector<const Column*> mixed, own;
  for (const auto& c : table.columns) mixed.push_back(&c);
  if (table.registry == nullptr) return mixed;
  for (const auto& field : table.registry->fields) {
    const auto it = std::find_if(mixed.begin(), mixed.end(), [&](const Column* c) { return c->field == &field; });
    if (it == mixed.end()) continue;
    own.push_back(*it);
    mixed.erase(it);
  }
  mixed.insert(mixed.end(), own.begin(), own.end());
  return mixed;
}

}  // namespace

std::string to_string(const Record& record) {
  if (!record) return "Record()";
  const Table& table = record.table();
  std::string out = table.name.str() + "(";
  bool first = true;
  auto show = [&](std::string_view name, const Value& value) {
    if (!first) out += ", ";
    first = false;
    out += name;
    out += '=';
    out += python_repr(value);
  };
  if (const auto* uid = table.find_column("uid")) show("uid", record[uid->position]);
  std::vector<const Column*> references;
  for (const Column* c : in_order(table)) {
    if (is_private(table, *c) || contains(never_shown, c->name) || contains(shown_last, c->name)) continue;
    if (c->kind == Kind::ref && !(shown_as_own(*c) && record[c->position].is_null())) references.push_back(c);
    else show(c->name, record[c->position]);
  }
  for (const Column* c : references) show(c->column, record[c->position]);
  for (auto name : shown_last)
    if (const auto* c = table.find_column(name)) show(name, record[c->position]);
  return out + ")";
}

std::string named(const Record& record) {
  if (!record) return "Record()";
  const Table& table = record.table();
  std::string out = table.name.str() + "(";
  if (const auto* uid = table.find_column("uid")) out += python_repr(record[uid->position]);
  else out += "id=" + python_repr(record[0]);
  for (const std::string_view field : {table.name_field.view(), std::string_view("key"), std::string_view("name")}) {
    const auto* column = field.empty() || field == "uid" ? nullptr : table.find_column(field);
    if (column == nullptr || record[column->position].text() == nullptr) continue;
    out += ", " + column->name.str() + "=" + python_repr(record[column->position]);
    break;
  }
  return out + ")";
}

}  // namespace lamin
