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
void standardize_outside(Instance& instance, const schema::Table& table, std::span<const std::string> values,
                         const StandardizeOptions& options, const std::vector<std::size_t>& unknown,
                         std::vector<std::vector<std::string>>& names) {
  const auto terms = unknown.empty() ? nullptr : lake::outside(instance, table, options);
  if (!terms) return;
  std::vector<std::string> rest;
  for (const auto i : unknown) rest.push_back(values[i]);
  StandardizeOptions there = options;
  there.organism.clear();
  there.source_uid.clear();
  there.strict_source = there.from_source = false;
  there.within = {};
  auto found = standardize(*terms, table.qualified, rest, there);
  for (std::size_t i = 0; i < unknown.size(); ++i) names[unknown[i]] = std::move(found[i]);
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

std::vector<std::vector<std::string>> standardize(Instance& instance, std::string_view registry,
                                                  std::span<const std::string> values,
                                                  const StandardizeOptions& options) {
  std::vector<std::vector<std::string>> result;
  result.reserve(values.size());
  const schema::Table& table = instance.catalog().table(registry);
  const schema::Column* wanted = options.return_field.empty() ? nullptr : &table.column(options.return_field);
  const schema::Column* synonyms = table.find_column(options.synonyms_field);
  const auto index = index_for(instance, registry, options, options.synonyms_field);
  if (wanted == index->scope().field) wanted = nullptr;
  if (!synonyms && !wanted) {
    for (const std::string& value : values) result.push_back({value});
    return result;
  }
  std::unordered_map<std::int64_t, std::string> returned;  // row id -> return_field
  if (wanted) {
    Query query{.registry = table.qualified.str()};
    const std::vector<std::string> paths{"id", wanted->name.str()};
    const auto columns = instance.database().columns(query, paths);
    for (std::size_t i = 0; i < columns[0].size(); ++i) {
      if (const std::string* text = columns[1][i].text()) returned.emplace(columns[0][i].integer_or(0), *text);
    }
  }
  const auto shown = [&](std::uint32_t row) {
    if (!wanted) return std::string(index->value(row));
    const auto found = returned.find(index->id(row));
    return found == returned.end() ? std::string() : found->second;
  };
  std::string buffer;
  std::vector<std::uint32_t> rows;
  std::vector<std::size_t> unknown;
  for (const std::string& value : values) {
    rows.clear();
    if (!value.empty()) {
      for (auto e = index->values().find(value); e != TextMap::none; e = index->values().next(e)) {
        rows.push_back(index->values().row(e));
      }
      if (rows.empty()) synonym_rows(*index, value, options.case_sensitive, buffer, rows);
    }
    std::vector<std::string> names;
    for (std::uint32_t row : rows) {
      std::string name = shown(row);
      const bool repeated = std::find(names.begin(), names.end(), name) != names.end();
      if (!name.empty() && !repeated) names.push_back(std::move(name));
    }
    if (rows.empty() && !value.empty()) unknown.push_back(result.size());
    if (names.empty()) names.push_back(value);
    if (options.keep == Keep::first) names.resize(1);
    if (options.keep == Keep::last) names.erase(names.begin(), names.end() - 1);
    result.push_back(std::move(names));
  }
  standardize_outside(instance, table, values, options, unknown, result);
  return result;
}

}  // namespace lamin
