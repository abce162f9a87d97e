#include "lake/feature/resolve.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <set>
#include "base/json.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "lake/feature/dtype_target.hpp"
#include "lake/feature/links.hpp"
#include "lake/feature/not_validated.hpp"
#include "lake/feature/sheet.hpp"
#include "lamin/error.hpp"
#include "lamin/label.hpp"
#include "lamin/values.hpp"

namespace lamin::lake {
namespace {

[[noreturn]] void refuse_type(Instance& instance, const Dtype::Target& target, const Record& feature,
                              const Record& given) {
  const schema::Table& table = given.table();
  const auto type = instance.database().find(table, target_type(instance, target));
  const auto own = instance.database().find(table, given.at("type").integer_or(0));
  throw Error(Code::validation,
              fmt::format("Expected a record of type '{}' for feature '{}', but {} is of {}",
                          type ? type->text("name") : target.type_uid, feature.text("name"), named(given),
                          own ? fmt::format("type '{}'", own->text("name")) : std::string("no type")));
}

/// The value is a row of the registry, but not of the type that the dtype asks for.
void check_type(Instance& instance, const Dtype::Target& target, const Resolved& of, const Value& value) {
  if (target.type_uid.empty() || value.text() == nullptr) return;
  const schema::Table& table = instance.catalog().table(target.registry);
  const auto row = instance.database().first(
      {.registry = table.qualified.str(), .where = Expr::compare("uid", Op::exact, value), .any_branch = true});
  if (row) refuse_type(instance, target, of.feature, *row);
}

/// Whether a record, saved or not, has a type among its types, at any distance.
bool is_below(Instance& instance, const Record& record, std::int64_t type) {
  constexpr int deepest = 100;  // types do not nest deeper; a cycle ends here
  std::int64_t own = record.at("type").integer_or(0);
  for (int depth = 0; own != 0 && depth < deepest; ++depth) {
    if (own == type) return true;
    const auto row = instance.database().find(record.table(), own);
    own = row ? row->at("type").integer_or(0) : 0;
  }
  return false;
}

/// Labels are named by text.
void refuse_number(Instance& instance, const Resolved& of, const Value& value) {
  const auto type = type_of(value);
  const bool number = type == Type::integer || type == Type::real || type == Type::boolean;
  if (!number) return;
  for (const Dtype::Target& target : of.dtype.targets) {
    const auto* column = instance.catalog().table(target.registry).find_column(target.field);
    if (column == nullptr || column->type != Type::text) return;
  }
  throw Error(Code::invalid_argument,
              fmt::format("Type mismatch: identifiers are 'numeric' but field_values are 'str/categorical'. {} is "
                          "not validated in feature '{}', which takes labels, by name or as records",
                          to_string(value), of.feature.text("name")))
      .known_as("WrongType");
}

/// Rows of one target that the values name, by the dtype's field or by uid. Found values are removed from `open`.
void find_labels(Instance& instance, const Dtype::Target& target, std::vector<Value>& open, Resolved& resolved) {
  const schema::Table& table = instance.catalog().table(target.registry);
  const LabelOptions options = target_options(instance, target);
  std::vector<Value> texts;
  std::ranges::copy_if(open, std::back_inserter(texts), [](const Value& value) { return value.text() != nullptr; });
  std::map<std::string, std::int64_t> found;
  for (const std::string& field : {target.field, std::string("uid")}) {
    const auto* column = table.find_column(field);
    if (texts.empty() || column == nullptr || column->type != Type::text) continue;
    std::vector<Expr> where{Expr::in(field, texts)};
    where.insert(where.end(), options.within.children.begin(), options.within.children.end());
    if (table.has(schema::Trait::versioned) && field != "uid")
      where.push_back(Expr::compare("is_latest", Op::exact, Value(true)));
    const Query query{.registry = table.qualified.str(), .where = Expr::all_of(std::move(where)), .order_by = {"id"}};
    for (const Record& row : instance.database().all(query)) {
      if (found.emplace(row.text(field), row.id()).second) continue;
      throw Error(Code::validation,
                  fmt::format("Cannot unambiguously resolve '{}' for feature '{}': several rows of {} have this {}. "
                              "Pass the intended record object instead of a string, or its uid",
                              row.text(field), resolved.feature.text("name"), table.qualified.view(), field));
    }
    std::erase_if(texts, [&](const Value& value) { return found.contains(*value.text()); });
  }
  auto& ids = resolved.labels[&table];
  for (const Value& value : open) {
    const auto one = value.text() == nullptr ? found.end() : found.find(*value.text());
    if (one == found.end()) continue;
    ids.push_back(one->second);
    resolved.named.emplace(*value.text(), std::pair(&table, one->second));
  }
  if (ids.empty()) resolved.labels.erase(&table);
  std::erase_if(open, [&](const Value& value) { return value.text() != nullptr && found.contains(*value.text()); });
}

}  // namespace

void check_given(Instance& instance, const Record& feature, const std::vector<Record>& records) {
  const Dtype dtype = parse_dtype(instance.catalog(), feature.text("_dtype_str"));
  for (const Record& record : records) {
    if (record.saved()) continue;  // looked up among the rows of the dtype
    for (const Dtype::Target& target : dtype.targets) {
      const bool typed = !target.type_uid.empty() && target.registry == record.table().qualified.view();
      if (typed && !is_below(instance, record, target_type(instance, target)))
        refuse_type(instance, target, feature, record);
    }
    const auto& table = record.table();
    const auto name = table.name_field.empty() ? std::string() : record.at(table.name_field).text_or("");
    throw Error(Code::validation, fmt::format("Please save {} before annotation: {} {} is not saved.", named(record),
                                              table.name.view(), name.empty() ? record.uid() : name));
  }
}

void Unresolved::feature(const std::string& name, const std::vector<Value>& values, std::string dtype) {
  const auto likely = [&]() -> std::string {
    try {
      if (values.size() > 1) return likely_dtype(values);
      return values.empty() ? "str" : likely_dtype(values.front());
    } catch (const Error&) { return values.size() > 1 ? "list[cat ? str]" : "str"; }
  };
  if (dtype.empty()) dtype = likely();
  else if (values.size() > 1) dtype = "list[" + dtype + "]";
  features_.emplace_back(name, std::move(dtype));
}

void Unresolved::labels(Instance& instance, const Resolved& of, const std::vector<Value>& values) {
  const Dtype::Target& target = of.dtype.targets.front();
  for (const Value& value : values) check_type(instance, target, of, value);
  std::vector<std::string> texts;
  for (const Value& value : values) texts.push_back(value.text() != nullptr ? *value.text() : to_string(value));
  const auto& table = instance.catalog().table(target.registry);
  const auto* column = table.find_column(target.field);
  const bool texts_only = column != nullptr && column->type == Type::text;
  auto inspection =
      texts_only ? inspect(instance, target.registry, texts, target_options(instance, target)) : Inspection();
  inspection.non_validated = std::move(texts);  // also what a union's other registries do not have
  if (any_labels_) labels_ += "\n";
  any_labels_ = true;
  labels_ += not_validated_text(
      {.what = fmt::format("feature '{}'", of.feature.text("name")), .registry = &table, .field = target.field},
      inspection);
}

void Unresolved::refuse() const {
  if (!features_.empty()) {
    std::string names;
    Words remedies;
    for (const auto& [name, dtype] : features_) {
      names += fmt::format("{}'{}'", names.empty() ? "" : ", ", name);
      remedies += "\n" + Words(Remedy{.verb = Remedy::Verb::register_feature, .name = name, .field = dtype});
    }
    throw Error(Code::validation,
                "These keys could not be validated: [" + names + "]\nHere is how to create a feature:\n" + remedies);
  }
  if (any_labels_) throw Error(Code::validation, labels_);
}

Resolved resolve(Instance& instance, Record feature, const std::vector<Value>& values, Unresolved& unresolved) {
  Resolved resolved;
  resolved.dtype = parse_dtype(instance.catalog(), feature.text("_dtype_str"));
  const std::string name(feature.text("name"));
  resolved.feature = std::move(feature);
  if (!resolved.dtype.is_category()) {
    resolved.documents = store_values(name, resolved.dtype, values, resolved.feature.at("coerce").boolean_or(false));
    return resolved;
  }
  if (resolved.dtype.targets.empty()) resolved.dtype.targets.push_back({.registry = "ULabel", .field = "name"});
  std::vector<Value> open;
  std::set<std::string_view> texts;
  for (const Value& value : values) {
    const bool is_new =
        value.text() != nullptr ? texts.insert(*value.text()).second : std::ranges::find(open, value) == open.end();
    if (!value.is_null() && is_new) open.push_back(value);
  }
  for (const Value& value : open) refuse_number(instance, resolved, value);
  for (const Dtype::Target& target : resolved.dtype.targets) find_labels(instance, target, open, resolved);
  if (!open.empty()) unresolved.labels(instance, resolved, open);
  return resolved;
}

}  // namespace lamin::lake

namespace lamin {

std::string likely_dtype(const Value& value) {
  if (lake::is_missing(value)) {
    throw Error(Code::validation,
                "a dtype cannot be inferred from a missing value: pass the dtype, or a value of the kind you mean");
  }
  if (const auto* text = value.text()) {
    if (text->size() == 10 && base::parse_date(*text)) return "date";
    return base::parse_time(*text) ? "datetime" : "cat ? str";  // which of the two only a person knows
  }
  if (const auto* time = std::get_if<Time>(&value); time != nullptr && time->zoned)
    return std::string(row(Dtype::Base::datetime_utc).name);
  return std::string(row(base_of(value)).name);
}

std::string likely_dtype(std::span<const Value> list) {
  std::vector<std::string> items;
  for (const Value& value : list) items.push_back(value.text() != nullptr ? "cat ? str" : likely_dtype(value));
  return list_dtype(items);
}

std::string list_dtype(std::span<const std::string> items) {
  std::set<std::string> distinct(items.begin(), items.end());
  if (distinct == std::set<std::string>{"float", "int"}) distinct.erase("int");
  if (distinct.empty()) distinct.insert("cat ? str");
  if (distinct.size() == 1) return "list[" + *distinct.begin() + "]";
  const std::vector<std::string> all(distinct.begin(), distinct.end());
  throw Error(Code::validation, fmt::format("a dtype cannot be inferred from a list that holds {}: pass the dtype, or "
                                            "values of one kind",
                                            base::join(all, ", ")));
}

Value typed_value(Instance& instance, std::string_view name, std::string_view text) {
  const auto feature = lake::find_feature(instance, name);
  if (!feature) return Value(text);
  try {
    const Dtype dtype = parse_dtype(instance.catalog(), feature->text("_dtype_str"));
    const auto& types = row(dtype.base).values;
    const auto takes = [&](Type type) { return std::ranges::find(types, type) != types.end(); };
    if (types.empty() || takes(Type::text)) return Value(text);
    const auto parsed = base::parse_json(text);
    if (takes(Type::boolean) && parsed.is_bool()) return Value(parsed.as_bool());
    if (takes(Type::integer) && parsed.is_int64() && dtype.base != Dtype::Base::floating) {
      return Value(parsed.as_int64());
    }
    if (takes(Type::real) && parsed.is_number()) return Value(parsed.to_number<double>());
  } catch (const Error&) {  // NOLINT(bugprone-empty-catch): it is refused when it is set
  }
  return Value(text);
}

}  // namespace lamin
