// From values to rows.
#include <algorithm>
#include <unordered_set>

#include "base/uid.hpp"
#include "lake/label/scope.hpp"
#include "lake/label/value_index.hpp"
#include "lamin/error.hpp"
#include "lamin/label.hpp"
#include "registry/new_record.hpp"

namespace lamin {
namespace {

using lake::TextMap;
using lake::ValueIndex;

constexpr std::size_t ids_a_query = 10'000;

std::vector<Record> records_by_id(Database& database, const schema::Table& table, std::vector<std::int64_t> ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  std::vector<Record> records;
  records.reserve(ids.size());
  for (std::size_t begin = 0; begin < ids.size(); begin += ids_a_query) {
    const std::size_t end = std::min(ids.size(), begin + ids_a_query);
    Query query{.registry = table.qualified.str(),
                .where = Expr::in("id", std::vector<Value>(ids.begin() + static_cast<std::ptrdiff_t>(begin),
                                                           ids.begin() + static_cast<std::ptrdiff_t>(end))),
                .order_by = {"id"},
                .any_branch = true};
    for (Record& record : database.all(query)) records.push_back(std::move(record));
  }
  return records;
}

/// Ids that a value names: exactly, otherwise ignoring case or by synonym if the field is the name.
void ids_named(const ValueIndex& index, std::string_view value, std::string& buffer, std::vector<std::int64_t>& ids) {
  const auto collect = [&](const TextMap& map, std::string_view text, bool all) {
    bool found = false;
    for (auto e = map.find(text); e != TextMap::none; e = map.next(e)) {
      ids.push_back(index.id(map.row(e)));
      found = true;
      if (!all) break;
    }
    return found;
  };
  if (collect(index.values(), value, true)) return;
  if (!(index.scope().field->name == index.scope().table->name_field) || !index.scope().synonyms) return;
  const std::string_view folded = lake::fold_into(buffer, value);
  if (!collect(index.folded_values(), folded, false)) collect(index.folded_synonyms(), folded, false);
}

}  // namespace

FromValues from_values(Instance& instance, std::string_view registry, std::span<const std::string> values,
                       const LabelOptions& options, bool create) {
  const lake::ValueScope scope = lake::label_scope(instance, registry, options);
  const auto index = lake::value_index(instance.database(), scope);
  FromValues result;
  std::vector<std::int64_t> ids;
  std::vector<std::string_view> unknown;
  std::unordered_set<std::string_view> seen;
  std::string buffer;
  for (const std::string& value : values) {
    if (value.empty() || !seen.insert(value).second) continue;
    const std::size_t before = ids.size();
    ids_named(*index, value, buffer, ids);
    if (ids.size() == before) unknown.push_back(value);
  }
  result.records = records_by_id(instance.database(), *scope.table, std::move(ids));
  if (!create) {
    result.missing.assign(unknown.begin(), unknown.end());
    return result;
  }
  std::int64_t organism_id = scope.organism;
  if (!unknown.empty() && lake::needs_organism(*scope.table) && organism_id <= 0) {
    if (options.organism.empty() || options.organism == "all") {
      throw Error(Code::not_configured, "an organism is needed to create rows of " + scope.table->qualified.str() +
                                            ": say which, such as human");
    }
    organism_id = organism(instance, options.organism).id();
  }
  for (std::string_view value : unknown) {
    Record record = registry::new_record(*scope.table, instance.database().session());
    record.set(scope.field->position, Value(value));
    if (organism_id > 0) record.set("organism", organism_id);
    result.records.push_back(std::move(record));
  }
  return result;
}

}  // namespace lamin
