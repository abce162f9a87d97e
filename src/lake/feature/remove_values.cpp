// remove_values.cpp -- removing feature values of artifacts, runs and records.
#include <fmt/format.h>
#include <algorithm>
#include "base/text.hpp"
#include "lake/feature/held.hpp"
#include "lake/feature/resolve.hpp"
#include "lake/feature/sheet.hpp"
#include "lake/feature/write_values.hpp"
#include "lamin/error.hpp"
#include "lamin/values.hpp"

namespace lamin {
namespace {

using lake::Resolved;

/// Ids of the documents that hold some values of a feature of the host.
std::vector<std::int64_t> document_ids(Instance& instance, const Record& host, const lake::Resolved& resolved) {
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
std::int64_t erase_some(Instance& instance, const Record& host, const lake::Resolved& resolved) {
  const std::vector<std::int64_t> feature{resolved.feature.id()}, hosts{host.id()};
  std::int64_t erased = 0;
  for (const auto& [table, ids] : resolved.labels) {
    const schema::Relation& relation = lake::label_relation(host.table(), *table);
    for (const lake::ValueTable& held : lake::tables_of_labels(host.table())) {
      if (held.registry != relation.through->qualified.view()) continue;
      erased += lake::erase_held(instance, hosts, held, {{held.feature, feature}, {held.value, ids}});
    }
  }
  if (resolved.documents.empty()) return erased;
  const auto ids = document_ids(instance, host, resolved);
  const auto held = lake::table_of_documents(host.table());
  if (held && !ids.empty()) erased += lake::erase_held(instance, hosts, *held, {{held->value, ids}});
  return erased;
}

/// Labels as what they are, other values as given.
std::string shown_values(Instance& instance, const Resolved& resolved, const std::vector<Value>& values) {
  std::vector<std::string> texts;
  for (const auto& [table, ids] : resolved.labels)
    for (const std::int64_t id : ids)
      if (const auto label = instance.database().find(*table, id)) texts.push_back(named(*label));
  if (texts.empty())
    std::ranges::transform(values, std::back_inserter(texts), [](const Value& v) { return to_string(v); });
  return base::join(texts, ", ");
}

void check_removable(const Record& host, const Record& feature) {
  const auto through = values_through(feature);
  if (host.table().name != "Record" || (through.field.empty() && through.source.empty())) return;
  throw Error(Code::invalid_argument,
              through.field.empty()
                  ? fmt::format("the values of feature '{}' are those of other records: set it to an empty list",
                                feature.text("name"))
                  : fmt::format("the value of feature '{}' is the field {} of the record: change that",
                                feature.text("name"), through.field));
}

}  // namespace

void remove_feature_values(Instance& instance, const Record& host, const FeatureValues& values) {
  lake::check_host(host);
  if (lake::Sheets sheets(instance); host.table().name == "Artifact" && sheets.of(host) != nullptr) {
    throw Error(Code::invalid_argument,
                "Cannot remove values if artifact has external schema. Set all values together, so "
                "that they can be checked against " +
                    sheets.of(host)->called());
  }
  const std::set<std::int64_t> internal = lake::internal_features(instance, host);
  std::map<std::string, std::vector<Resolved>> all;
  lake::Unresolved unregistered;  // cannot be removed
  for (const auto& [name, given] : values) {
    auto& some = all[name];
    for (Record& feature : lake::features_named(instance, name)) {
      if (internal.contains(feature.id()))
        throw Error(Code::invalid_argument,
                    "Cannot remove values for dataset features: '" + name + "' was measured within the dataset");
      check_removable(host, feature);
      if (given.empty()) some.push_back({.feature = std::move(feature)});
      else some.push_back(lake::resolve(instance, std::move(feature), given, unregistered));
    }
    if (some.empty()) throw Error(Code::not_found, "there is no feature '" + name + "'");
  }
  std::vector<std::string> absent;
  const std::int64_t hosts[] = {host.id()};
  instance.database().transaction([&] {
    absent.clear();
    for (const auto& [name, some] : all) {
      std::int64_t erased = 0;
      for (const Resolved& one : some)
        erased += values.at(name).empty() ? lake::erase_values(instance, host.table(), hosts, {one.feature.id()}, false)
                                          : erase_some(instance, host, one);
      if (erased == 0) absent.push_back(name);
    }
  });
  for (const std::string& name : absent) {
    const std::string shown = shown_values(instance, all.at(name).front(), values.at(name));
    instance.say(Level::warning,
                 fmt::format("no feature '{}'{} found on {} '{}'", name, shown.empty() ? "" : " with value " + shown,
                             base::lower(host.table().name.view()), host.uid()));
  }
}

}  // namespace lamin
