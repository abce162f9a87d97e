// Feature values of artifacts, runs and records.
#include <algorithm>
#include <array>
#include <functional>
#include <set>

#include "base/json.hpp"
#include "base/text.hpp"
#include "lake/feature/dtype_target.hpp"
#include "lake/feature/held.hpp"
#include "lake/feature/json.hpp"
#include "lake/feature/links.hpp"
#include "lake/feature/sheet.hpp"
#include "lamin/error.hpp"
#include "lamin/feature.hpp"
#include "lamin/label.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace {

/// One feature with its values, resolved: rows to link, or documents to store.
struct Resolved {
  Record feature;
  Dtype dtype;
  std::map<const schema::Table*, std::vector<std::int64_t>> labels;
  std::vector<lake::StoredValue> documents;
};

void check_host(const Record& host) {
  const auto name = host.table().name.view();
  if (name != "Artifact" && name != "Run" && name != "Record") {
    throw Error(Code::invalid_argument, "rows of " + host.table().qualified.str() + " hold no values of features");
  }
  if (!host.saved()) throw Error(Code::invalid_argument, "the " + std::string(name) + " is not saved: save it first");
}

std::string guessed_dtype(const std::vector<Value>& values) {
  if (values.empty()) return "str";
  const std::string one(row(base_of(values.front())).name);
  return values.size() > 1 ? "list[" + one + "]" : one;
}

/// By name: for a row of a sheet the sheet's own feature, since others may have the same name.
std::optional<Record> feature_of(Instance& instance, const lake::Sheet* sheet, std::string_view name) {
  if (sheet == nullptr) return lake::find_feature(instance, name);
  const Record* own = sheet->find(name);
  return own == nullptr ? std::nullopt : std::optional(*own);
}

void check_nullable(const Record& feature) {
  if (feature.at("nullable").boolean_or(true)) return;
  throw Error(Code::validation, "feature '" + std::string(feature.text("name")) + "' takes no missing values");
}

/// The name of a row of a sheet.
Value index_name(const std::string& feature, const std::vector<Value>& given) {
  if (given.size() == 1 && given.front().text() != nullptr) return given.front();
  throw Error(Code::validation, "feature '" + feature + "' names the rows of the sheet: its value is one text, not " +
                                    (given.size() == 1 ? to_string(given.front()) : std::to_string(given.size())));
}

[[noreturn]] void refuse_keys(const std::map<std::string, std::string>& unknown) {
  Words message = "no feature is registered under:";
  for (const auto& [name, dtype] : unknown) message += " '" + name + "'";
  message += "; create what is meant (check the dtype):\n";
  for (const auto& [name, dtype] : unknown) {
    message += "\n" + Words(Remedy{.verb = Remedy::Verb::register_feature, .name = name, .field = dtype});
  }
  throw Error(Code::validation, message);
}

/// Rows of one target that the values name, by the dtype's field or by uid. Found values are removed from `open`.
void find_labels(Instance& instance, const Dtype::Target& target, std::vector<Value>& open, Resolved& resolved) {
  const schema::Table& table = instance.catalog().table(target.registry);
  const LabelOptions options = lake::target_options(instance, target);
  for (const std::string& field : {target.field, std::string("uid")}) {
    if (open.empty() || !table.find_column(field)) continue;
    std::vector<Expr> where{Expr::in(field, open)};
    where.insert(where.end(), options.within.children.begin(), options.within.children.end());
    if (table.has(schema::Trait::versioned) && field != "uid") {
      where.push_back(Expr::compare("is_latest", Op::exact, Value(true)));
    }
    if (table.column(field).type != Type::text) continue;
    Query query{.registry = table.qualified.str(), .where = Expr::all_of(std::move(where)), .order_by = {"id"}};
    std::set<std::string> found;
    for (const Record& row : instance.database().all(query)) {
      resolved.labels[&table].push_back(row.id());
      found.emplace(row.text(field));
    }
    std::erase_if(open, [&](const Value& value) { return found.contains(std::string(value.text_or(""))); });
  }
}

Resolved resolve(Instance& instance, Record feature, const std::vector<Value>& values,
                 std::map<std::string, std::vector<std::string>>& missing) {
  Resolved resolved;
  resolved.dtype = parse_dtype(instance.catalog(), feature.text("_dtype_str"));
  const std::string name(feature.text("name"));
  resolved.feature = std::move(feature);
  if (!resolved.dtype.is_category()) {
    resolved.documents = lake::store_values(name, resolved.dtype, values);
    return resolved;
  }
  if (resolved.dtype.targets.empty()) resolved.dtype.targets.push_back({.registry = "ULabel", .field = "name"});
  std::vector<Value> open;
  for (const Value& value : values) {
    if (value.is_null()) continue;
    if (!value.text()) {
      throw Error(Code::validation, "feature '" + name + "' takes labels by name, not " + to_string(value));
    }
    if (std::find(open.begin(), open.end(), value) == open.end()) open.push_back(value);
  }
  for (const Dtype::Target& target : resolved.dtype.targets) find_labels(instance, target, open, resolved);
  const std::string target = lake::target_name(instance.catalog(), resolved.dtype.targets.front());
  for (const Value& value : open) missing[target].emplace_back(value.text_or(""));
  return resolved;
}

[[noreturn]] void refuse_labels(Instance& instance, const std::map<std::string, std::vector<std::string>>& missing) {
  Words message = "these values are not registered:", remedies;
  for (const auto& [target, values] : missing) {
    message += "\n    " + target + ": '" + base::join(values, "', '") + "'";
    const schema::Table* whole = instance.catalog().find(target);
    const std::string registry = whole ? target : target.substr(0, target.rfind('.'));
    const std::string field = whole ? whole->name_field.str() : target.substr(target.rfind('.') + 1);
    remedies +=
        "\n" + Words(Remedy{.verb = Remedy::Verb::register_values, .name = registry, .field = field, .values = values});
  }
  throw Error(Code::validation, message + "\nfix typos, or create them:\n" + remedies);
}

std::int64_t json_value_id(Instance& instance, std::int64_t feature, const lake::StoredValue& stored) {
  Database& database = instance.database();
  Query same{.registry = "JsonValue",
             .where = Expr::all_of({Expr::compare("feature_id", Op::exact, Value(feature)),
                                    Expr::compare("hash", Op::exact, Value(stored.hash))}),
             .any_branch = true};
  if (const auto known = database.first(same)) return known->id();
  Record record(instance.catalog().table("JsonValue"));
  record.set("feature", Value(feature));
  record.set("value", stored.json);
  record.set("hash", Value(stored.hash));
  registry::Writes(database).save(record);
  return record.id();
}

void write_documents(Instance& instance, const Record& host, const Resolved& resolved) {
  if (resolved.documents.empty()) return;
  const std::int64_t feature = resolved.feature.id();
  Database& database = instance.database();
  if (host.table().name != "Record") {
    std::vector<std::int64_t> ids;
    for (const auto& stored : resolved.documents) ids.push_back(json_value_id(instance, feature, stored));
    registry::Writes(database).link(host, *host.table().find_relation("json_values"), ids);
    return;
  }
  Record row(instance.catalog().table("RecordJson"));
  row.set("record", Value(host.id()));
  row.set("feature", Value(feature));
  row.set("value", resolved.documents.front().json);
  registry::Writes(database).save(row);
}

bool holds(Instance& instance, const Record& record, const Resolved& resolved) {
  const std::int64_t feature = resolved.feature.id();
  if (resolved.dtype.is_category()) {
    return std::ranges::any_of(resolved.dtype.targets, [&](const Dtype::Target& target) {
      const auto& relation = lake::label_relation(record.table(), instance.catalog().table(target.registry));
      return !lake::labels_of(instance, record, relation, feature).empty();
    });
  }
  return instance.database().exists({.registry = "RecordJson",
                                     .where = Expr::all_of({Expr::compare("record_id", Op::exact, Value(record.id())),
                                                            Expr::compare("feature_id", Op::exact, Value(feature))}),
                                     .any_branch = true});
}

/// A record is a single thing: for a feature that is not a list it has at most one value, to which none can be added,
/// or several labels if they are set together. Datasets and runs may have several values of any feature.
void check_single(Instance& instance, const Record& host, const Resolved& resolved, bool replace) {
  if (host.table().name != "Record" || resolved.dtype.list) return;
  std::size_t n = resolved.documents.size();
  for (const auto& [table, ids] : resolved.labels) n += replace && !ids.empty() ? 1 : ids.size();
  if (n == 0 || (n == 1 && (replace || !holds(instance, host, resolved)))) return;
  throw Error(Code::validation, "a record holds one value of feature '" + std::string(resolved.feature.text("name")) +
                                    "'" + (n > 1 ? ", not " + std::to_string(n) : " and has one already") +
                                    ": replace it with set_values, or make it a list feature");
}

/// Ids of the documents that hold some values of a feature of the host.
std::vector<std::int64_t> document_ids(Instance& instance, const Record& host, const Resolved& resolved) {
  const Expr of_feature = Expr::compare("feature_id", Op::exact, Value(resolved.feature.id()));
  std::vector<std::int64_t> ids;
  if (host.table().name != "Record") {
    std::vector<Value> hashes;
    for (const auto& stored : resolved.documents) hashes.emplace_back(stored.hash);
    const Expr same = Expr::all_of({of_feature, Expr::in("hash", std::move(hashes))});
    for (const Record& row : instance.database().all({.registry = "JsonValue", .where = same, .any_branch = true}))
      ids.push_back(row.id());
    return ids;
  }
  const Expr own = Expr::all_of({of_feature, Expr::compare("record_id", Op::exact, Value(host.id()))});
  for (const Record& row : instance.database().all({.registry = "RecordJson", .where = own, .any_branch = true})) {
    const auto same = [&](const lake::StoredValue& stored) { return row.at("value") == Value(stored.json); };
    if (std::ranges::any_of(resolved.documents, same)) ids.push_back(row.id());
  }
  return ids;
}

/// Removes some values of one feature. Returns how many.
std::int64_t erase_some(Instance& instance, const Record& host, const Resolved& resolved) {
  const std::vector<std::int64_t> feature{resolved.feature.id()};
  std::int64_t erased = 0;
  for (const auto& [table, ids] : resolved.labels) {
    const schema::Relation& relation = lake::label_relation(host.table(), *table);
    for (const lake::ValueTable& held : lake::tables_of_labels(host.table())) {
      if (held.registry != relation.through->qualified.view()) continue;
      erased += lake::erase_held(instance, host, held, {{held.feature, feature}, {held.value, ids}});
    }
  }
  if (resolved.documents.empty()) return erased;
  const auto ids = document_ids(instance, host, resolved);
  const auto held = lake::table_of_documents(host.table());
  if (held && !ids.empty()) erased += lake::erase_held(instance, host, *held, {{held->value, ids}});
  return erased;
}

}  // namespace

void lake::write_feature_values(Instance& instance, Record& host, const FeatureValues& values, bool replace,
                                Sheets& sheets) {
  check_host(host);
  const Sheet* sheet = sheets.of(host);
  if (sheet != nullptr) check_names(*sheet, values);
  const std::set<std::int64_t> internal = lake::internal_features(instance, host);
  std::vector<Resolved> all;
  std::map<std::string, std::string> unknown;
  std::map<std::string, std::vector<std::string>> missing;
  std::optional<Value> row_name;
  for (const auto& [name, several] : values) {
    std::vector<Value> given = several;
    std::erase_if(given, lake::is_missing);
    auto feature = feature_of(instance, sheet, name);
    if (!feature) {
      unknown.emplace(name, guessed_dtype(given));
      continue;
    }
    if (given.empty() && !several.empty()) {
      check_nullable(*feature);
      continue;
    }
    if (sheet != nullptr && sheet->is_index(*feature)) {
      row_name = index_name(name, given);
      continue;
    }
    if (internal.contains(feature->id())) {
      throw Error(Code::validation, "feature '" + name + "' was measured inside of the dataset: its values come from " +
                                        "the data and cannot be set by hand");
    }
    all.push_back(resolve(instance, std::move(*feature), given, missing));
  }
  if (!unknown.empty()) refuse_keys(unknown);
  if (!missing.empty()) refuse_labels(instance, missing);
  for (const Resolved& one : all) check_single(instance, host, one, replace);
  Record named = host;
  if (row_name) named.set("name", *row_name);
  instance.database().transaction([&] {
    if (row_name) registry::Writes(instance.database()).save(named);
    if (replace) lake::erase_values(instance, host, {internal.begin(), internal.end()}, true);
    for (const Resolved& resolved : all) {
      for (const auto& [table, ids] : resolved.labels) {
        registry::Writes(instance.database())
            .link(host, lake::label_relation(host.table(), *table), ids, {{"feature", Value(resolved.feature.id())}});
      }
      write_documents(instance, host, resolved);
    }
  });
  host = std::move(named);
}

namespace {

/// Writes in a transaction, which ends with a check that the host is still a valid row of its sheet.
void change_values(Instance& instance, Record& host, const FeatureValues& values,
                   const std::function<void(Record&, lake::Sheets&)>& write) {
  check_host(host);
  lake::Sheets sheets(instance);
  Record written;
  instance.database().transaction([&] {
    written = host;
    write(written, sheets);
    const lake::Row row{&written, &values};
    lake::check_rows(instance, sheets, {&row, 1});
  });
  host = std::move(written);
}

}  // namespace

void add_feature_values(Instance& instance, Record& host, const FeatureValues& values) {
  change_values(instance, host, values, [&](Record& written, lake::Sheets& sheets) {
    lake::write_feature_values(instance, written, values, false, sheets);
  });
}

void set_feature_values(Instance& instance, Record& host, const FeatureValues& values) {
  change_values(instance, host, values, [&](Record& written, lake::Sheets& sheets) {
    lake::write_feature_values(instance, written, values, true, sheets);
  });
}

void update_feature_values(Instance& instance, Record& host, const FeatureValues& values) {
  change_values(instance, host, values, [&](Record& written, lake::Sheets& sheets) {
    std::vector<std::int64_t> ids;
    for (const auto& [name, given] : values) {
      if (const auto feature = feature_of(instance, sheets.of(written), name)) ids.push_back(feature->id());
    }
    lake::erase_values(instance, written, ids, false);
    lake::write_feature_values(instance, written, values, false, sheets);
  });
}

void remove_feature_values(Instance& instance, const Record& host, const FeatureValues& values) {
  check_host(host);
  const std::set<std::int64_t> internal = lake::internal_features(instance, host);
  std::vector<Resolved> all;
  std::map<std::string, std::vector<std::string>> missing;  // unregistered values cannot be removed
  for (const auto& [name, given] : values) {
    auto feature = lake::find_feature(instance, name);
    if (!feature) throw Error(Code::not_found, "there is no feature '" + name + "'");
    if (internal.contains(feature->id())) {
      throw Error(Code::invalid_argument, "feature '" + name + "' was measured inside of the dataset: its values " +
                                              "cannot be removed from the artifact");
    }
    if (given.empty()) all.push_back({.feature = std::move(*feature)});
    else all.push_back(resolve(instance, std::move(*feature), given, missing));
  }
  std::vector<std::string> absent;
  instance.database().transaction([&] {
    absent.clear();
    for (const Resolved& one : all) {
      const std::string name(one.feature.text("name"));
      const auto erased = values.at(name).empty() ? lake::erase_values(instance, host, {one.feature.id()}, false)
                                                  : erase_some(instance, host, one);
      if (erased == 0) absent.push_back(name);
    }
  });
  for (const std::string& name : absent) {
    instance.say(Level::warning, "no feature '" + name + "'" + (values.at(name).empty() ? "" : " with this value") +
                                     " found on " + base::lower(host.table().name.view()) + " '" +
                                     std::string(host.uid()) + "'");
  }
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
