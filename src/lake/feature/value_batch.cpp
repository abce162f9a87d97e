#include "lake/feature/value_batch.hpp"
#include <algorithm>
#include <iterator>
#include "lake/feature/held.hpp"
#include "lake/feature/links.hpp"
#include "lamin/error.hpp"
#include "registry/writes.hpp"

namespace lamin::lake {
namespace {

constexpr std::size_t most_pending = 2'000;   // hosts
constexpr std::size_t most_at_once = 10'000;  // values of one look-up

bool all_texts(const std::vector<Value>& values) {
  return std::ranges::all_of(values, [](const Value& value) { return value.text() != nullptr; });
}

}  // namespace

std::optional<Record> ValueBatch::feature(std::string_view name) {
  const auto known = features_.find(name);
  if (known != features_.end()) return known->second;
  return features_.emplace(std::string(name), find_feature(instance_, name)).first->second;
}

void ValueBatch::expect(const Record& feature, const std::vector<Value>& values) {
  auto [at, is_new] = expected_.try_emplace(feature.id());
  Expected& expected = at->second;
  if (is_new) {
    expected.feature = feature;
    expected.has_labels = parse_dtype(instance_.catalog(), feature.text("_dtype_str")).is_category();
  }
  if (!expected.has_labels) return;
  expects_ = true;
  std::ranges::copy_if(values, std::back_inserter(expected.values),
                       [](const Value& value) { return value.text() != nullptr; });
}

void ValueBatch::look_up() {
  for (auto& [id, expected] : expected_) {
    if (!expected.has_labels) continue;
    auto& labels = labels_[id];
    std::vector<Value> fresh;
    std::set<std::string_view> seen;
    for (const Value& value : expected.values)
      if (!labels.contains(*value.text()) && seen.insert(*value.text()).second) fresh.push_back(value);
    for (std::size_t i = 0; i < fresh.size(); i += most_at_once) {
      const auto begin = fresh.begin() + static_cast<std::ptrdiff_t>(i);
      const auto end = fresh.begin() + static_cast<std::ptrdiff_t>(std::min(fresh.size(), i + most_at_once));
      try {
        Unresolved unknown;  // told when the host that has them is written
        for (const auto& [text, label] : lake::resolve(instance_, expected.feature, {begin, end}, unknown).named)
          labels.emplace(text, Label{label.first, label.second});
      } catch (const Error& error) {
        if (error.code() != Code::validation && error.code() != Code::invalid_argument) throw;
      }
    }
    seen.clear();
    expected.values.clear();
  }
  expects_ = false;
}

Resolved ValueBatch::resolve(const Record& feature, const std::vector<Value>& values, Unresolved& unresolved) {
  if (expects_) look_up();
  const auto known = labels_.find(feature.id());
  if (known == labels_.end() || !all_texts(values)) return lake::resolve(instance_, feature, values, unresolved);
  Resolved resolved{.feature = feature, .dtype = parse_dtype(instance_.catalog(), feature.text("_dtype_str"))};
  for (const Value& value : values) {
    const auto label = known->second.find(*value.text());
    if (label == known->second.end()) return lake::resolve(instance_, feature, values, unresolved);
    auto& ids = resolved.labels[label->second.table];
    if (std::ranges::find(ids, label->second.id) == ids.end()) ids.push_back(label->second.id);
  }
  return resolved;
}

void ValueBatch::start(const Record& host) {
  if (hosts_.size() >= most_pending || hosts_.contains({&host.table(), host.id()})) flush();
  hosts_.insert({&host.table(), host.id()});
}

void ValueBatch::erase(const Record& host, const std::vector<std::int64_t>& features, bool negated) {
  erasures_[{&host.table(), features, negated}].push_back(host.id());
}

Record& ValueBatch::pending(const schema::Table& table) {
  auto& rows = table.qualified == "RecordJson" ? documents_[&table] : links_[&table];
  return rows.emplace_back(table);
}

void ValueBatch::add(const Record& host, const Resolved& resolved) {
  const Value feature(resolved.feature.id());
  for (const auto& [table, ids] : resolved.labels) {
    const auto& relation = label_relation(host.table(), *table);
    std::set<std::int64_t> seen;
    for (const auto id : ids) {
      if (!seen.insert(id).second) continue;
      Record& link = pending(*relation.through);
      link.set(relation.from_column->position, host.id());
      link.set(relation.to_column->position, Value(id));
      link.set("feature", feature);
    }
  }
  if (resolved.documents.empty()) return;
  if (host.table().name == "Record") {
    Record& document = pending(instance_.catalog().table("RecordJson"));
    document.set("record", host.id());
    document.set("feature", feature);
    document.set("value", resolved.documents.front().json);
    return;
  }
  const auto& relation = *host.table().find_relation("json_values");
  for (const auto& stored : resolved.documents) {
    const auto row = json_row(instance_, resolved.feature.id(), stored).first;
    Record& link = pending(*relation.through);
    link.set(relation.from_column->position, host.id());
    link.set(relation.to_column->position, row.id());
  }
}

void ValueBatch::flush() {
  for (const auto& [erasure, hosts] : erasures_)
    erase_values(instance_, *erasure.host, hosts, erasure.features, erasure.negated);
  registry::Writes writes(instance_.database());
  for (auto& [table, rows] : links_) writes.insert(rows, {.ignore_conflicts = true, .undoes = false});
  for (auto& [table, rows] : documents_) writes.insert(rows, {.undoes = false});
  hosts_.clear();
  erasures_.clear();
  links_.clear();
  documents_.clear();
}

std::pair<Record, bool> json_row(Instance& instance, std::int64_t feature, const StoredValue& stored) {
  Database& database = instance.database();
  const Query same{.registry = "JsonValue",
                   .where = Expr::all_of({Expr::compare("feature_id", Op::exact, Value(feature)),
                                          Expr::compare("hash", Op::exact, Value(stored.hash))}),
                   .any_branch = true};
  if (auto known = database.first(same)) return {std::move(*known), true};
  Record record(instance.catalog().table("JsonValue"));
  record.set("feature", Value(feature));
  record.set("value", stored.json);
  record.set("hash", Value(stored.hash));
  registry::Writes(database).save(record);
  return {std::move(record), false};
}

}  // namespace lamin::lake
