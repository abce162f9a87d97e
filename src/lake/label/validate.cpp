// Validate, inspect, standardize: values against one column of a registry.
#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <unordered_set>

#include "lake/label/outside.hpp"
#include "lake/label/scope.hpp"
#include "lake/label/suggest.hpp"
#include "lake/label/value_index.hpp"
#include "lamin/label.hpp"

namespace lamin {
namespace {

using lake::TextMap;
using lake::ValueIndex;

constexpr std::size_t most_suggested = 25;  // maximum unknown values with suggestions per call

std::shared_ptr<const ValueIndex> index_for(Instance& instance, std::string_view registry, const LabelOptions& options,
                                            std::string_view synonyms = "synonyms") {
  return lake::value_index(instance.database(), lake::label_scope(instance, registry, options, synonyms));
}

bool is_name_field(const ValueIndex& index) { return index.scope().field->name == index.scope().table->name_field; }

/// Rows for an unregistered value: by the value ignoring case, otherwise by synonym.
void synonym_rows(const ValueIndex& index, std::string_view value, bool case_sensitive, std::string& buffer,
                  std::vector<std::uint32_t>& rows) {
  const auto collect = [&](const TextMap& map, std::string_view text) {
    for (auto e = map.find(text); e != TextMap::none; e = map.next(e)) {
      if (std::find(rows.begin(), rows.end(), map.row(e)) == rows.end()) rows.push_back(map.row(e));
    }
    return !rows.empty();
  };
  rows.clear();
  if (case_sensitive) {
    collect(index.synonyms(), value);
    return;
  }
  const std::string_view folded = lake::fold_into(buffer, value);
  if (!collect(index.folded_values(), folded)) collect(index.folded_synonyms(), folded);
}

/// What the public source says of values that are neither registered nor synonyms.
void inspect_outside(Instance& instance, const schema::Table& table, const LabelOptions& options, Inspection& result) {
  std::vector<std::string> unknown;
  for (const auto& value : result.non_validated) {
    if (!result.synonyms.contains(value)) unknown.push_back(value);
  }
  if (unknown.empty()) return;
  const auto terms = lake::outside(instance, table, options);
  if (!terms) return;
  auto found = inspect(*terms, table.qualified, unknown, {.field = options.field});
  result.in_source = std::move(found.validated);
  for (const auto& value : result.in_source) result.suggestions.erase(value);
  for (const auto& [value, name] : found.synonyms)
    result.suggestions[value] = {{.value = name, .score = 1, .via = value}};
  for (auto& [value, names] : found.suggestions) {
    auto& all = result.suggestions[value];
    all = lake::best_of(std::move(all), std::move(names));
  }
}

/// The same for standard names: where the registry has none, the public source may.
void add_names_outside(Instance& instance, const schema::Table& table, std::span<const std::string> values,
                       const StandardizeOptions& options, const std::vector<std::size_t>& unknown,
                       std::vector<StandardNames>& changes) {
  const auto terms = unknown.empty() ? nullptr : lake::outside(instance, table, options);
  if (!terms) return;
  std::vector<std::string> rest;
  for (const auto i : unknown) rest.push_back(values[i]);
  StandardizeOptions there = options;
  there.organism.clear();
  there.source_uid.clear();
  there.strict_source = there.from_source = false;
  there.within = {};
  for (auto& [place, names] : standard_names(*terms, table.qualified, rest, there))
    changes.push_back({unknown[place], std::move(names)});
  std::ranges::sort(changes, {}, &StandardNames::place);
}

/// What stands for a row: its value, or another field of it.
class Shown {
 public:
  Shown(Database& database, const ValueIndex& index, const schema::Column* wanted) : index_(index), wanted_(wanted) {
    if (wanted == nullptr) return;
    Query query{.registry = index.scope().table->qualified.str()};
    const std::vector<std::string> paths{"id", wanted->name.str()};
    const auto columns = database.columns(query, paths);
    for (std::size_t i = 0; i < columns[0].size(); ++i) {
      if (const std::string* text = columns[1][i].text()) by_id_.emplace(columns[0][i].integer_or(0), *text);
    }
  }
  std::string of(std::uint32_t row) const {
    if (wanted_ == nullptr) return std::string(index_.value(row));
    const auto found = by_id_.find(index_.id(row));
    return found == by_id_.end() ? std::string() : found->second;
  }

 private:
  const ValueIndex& index_;
  const schema::Column* wanted_;
  std::unordered_map<std::int64_t, std::string> by_id_;
};

/// The different names of some rows, in their order.
std::vector<std::string> names_of(const std::vector<std::uint32_t>& rows, const Shown& shown, Keep keep) {
  std::vector<std::string> names;
  for (const std::uint32_t row : rows) {
    std::string name = shown.of(row);
    const bool repeated = std::find(names.begin(), names.end(), name) != names.end();
    if (!name.empty() && !repeated) names.push_back(std::move(name));
  }
  if (names.size() > 1 && keep == Keep::first) names.resize(1);
  if (names.size() > 1 && keep == Keep::last) names.erase(names.begin(), names.end() - 1);
  return names;
}

}  // namespace

std::vector<bool> validate(Instance& instance, std::string_view registry, std::span<const std::string> values,
                           const LabelOptions& options) {
  const auto index = index_for(instance, registry, options);
  if (index->rows() == 0 && !values.empty()) {
    instance.say(Level::warning, "registry " + index->scope().table->qualified.str() +
                                     " has no rows that could validate anything: import or create some first");
  }
  std::vector<bool> valid = index->values().contains(values);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i].empty()) valid[i] = false;
  }
  return valid;
}

Inspection inspect(Instance& instance, std::string_view registry, std::span<const std::string> values,
                   const LabelOptions& options) {
  const auto index = index_for(instance, registry, options);
  Inspection result;
  result.n_values = static_cast<std::int64_t>(values.size());
  std::unordered_set<std::string_view> seen(values.size());
  for (const std::string& value : values) {
    if (value.empty() || !seen.insert(value).second) continue;
    const bool known = index->values().find(value) != TextMap::none;
    (known ? result.validated : result.non_validated).push_back(value);
  }
  result.n_unique = static_cast<std::int64_t>(result.validated.size() + result.non_validated.size());
  result.n_empty = result.n_values - result.n_unique;
  if (result.n_unique > 0) {
    const double share = static_cast<double>(result.validated.size()) / static_cast<double>(result.n_unique);
    result.frac_validated = std::round(share * 1000) / 10;
  }
  if (is_name_field(*index)) {
    std::string buffer;
    std::vector<std::uint32_t> rows;
    for (const std::string& value : result.non_validated) {
      if (index->scope().synonyms) synonym_rows(*index, value, false, buffer, rows);
      if (!rows.empty()) {
        result.synonyms.emplace(value, index->value(rows.front()));
      } else if (result.suggestions.size() < most_suggested) {
        result.suggestions.emplace(value, lake::suggest(*index, value));
      }
    }
    std::erase_if(result.suggestions, [](const auto& one) { return one.second.empty(); });
  }
  inspect_outside(instance, *index->scope().table, options, result);
  return result;
}

std::vector<StandardNames> standard_names(Instance& instance, std::string_view registry,
                                          std::span<const std::string> values, const StandardizeOptions& options) {
  const schema::Table& table = instance.catalog().table(registry);
  const schema::Column* wanted = options.return_field.empty() ? nullptr : &table.column(options.return_field);
  const schema::Column* synonyms = table.find_column(options.synonyms_field);
  const auto index = index_for(instance, registry, options, options.synonyms_field);
  if (wanted == index->scope().field) wanted = nullptr;
  if (!synonyms && !wanted) return {};
  const Shown shown(instance.database(), *index, wanted);
  const TextMap& exact = index->values();
  const std::vector<bool> known = exact.contains(values);
  std::vector<StandardNames> changes;
  std::vector<std::size_t> unknown;
  std::string buffer;
  std::vector<std::uint32_t> rows;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::string& value = values[i];
    if (value.empty() || (known[i] && !wanted)) continue;
    rows.clear();
    for (auto e = exact.find(value); e != TextMap::none; e = exact.next(e)) rows.push_back(exact.row(e));
    if (rows.empty()) synonym_rows(*index, value, options.case_sensitive, buffer, rows);
    if (rows.empty()) {
      unknown.push_back(i);
      continue;
    }
    auto names = names_of(rows, shown, options.keep);
    if (!names.empty() && (names.size() > 1 || names.front() != value)) changes.push_back({i, std::move(names)});
  }
  add_names_outside(instance, table, values, options, unknown, changes);
  return changes;
}

std::vector<std::vector<std::string>> standardize(Instance& instance, std::string_view registry,
                                                  std::span<const std::string> values,
                                                  const StandardizeOptions& options) {
  std::vector<std::vector<std::string>> result;
  result.reserve(values.size());
  for (const std::string& value : values) result.push_back({value});
  for (auto& [place, names] : standard_names(instance, registry, values, options)) result[place] = std::move(names);
  return result;
}

}  // namespace lamin
