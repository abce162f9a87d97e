#include "lamin/search.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/text.hpp"
#include "lake/label/scope.hpp"
#include "lamin/error.hpp"
#include "registry/search.hpp"
#include "registry/search_index.hpp"

namespace lamin {
namespace {

std::string wanted(std::string_view text) {
  std::string trimmed(base::trim(text));
  if (trimmed.empty()) throw Error(Code::invalid_argument, "nothing to search for: the text is empty");
  if (trimmed.find('\0') != std::string::npos) {
    throw Error(Code::invalid_argument, "no text holds a NUL character: nothing to search for");
  }
  return trimmed;
}

/// The rows that contain the text, followed, with `fuzzy`, by those that nearly contain it.
std::vector<registry::Hit> hits(Database& database, registry::SearchRequest request, bool fuzzy) {
  auto found = registry::search(database, request);
  const auto limit = request.limit;
  if (!fuzzy || (limit >= 0 && std::cmp_greater_equal(found.size(), limit))) return found;
  std::unordered_set<std::int64_t> known;
  for (const auto& hit : found) known.insert(hit.id);
  request.near = true;  // these include the exact matches again: ask for that many more
  if (limit >= 0) request.limit += static_cast<std::int64_t>(found.size());
  for (const auto& hit : registry::search(database, request)) {
    if (!known.contains(hit.id) && (limit < 0 || std::cmp_less(found.size(), limit))) found.push_back(hit);
  }
  return found;
}

std::vector<Found> records(Database& database, const schema::Table& table, const std::vector<registry::Hit>& hits) {
  std::vector<Value> ids;
  for (const auto& hit : hits) ids.emplace_back(hit.id);
  if (ids.empty()) return {};
  std::unordered_map<std::int64_t, Record> rows;
  database.each({.registry = table.qualified.str(), .where = Expr::in("id", std::move(ids)), .any_branch = true},
                [&](Record&& record) {
                  const auto id = record.id();
                  rows.emplace(id, std::move(record));
                  return true;
                });
  std::vector<Found> found;
  for (const auto& hit : hits) {
    const auto row = rows.find(hit.id);
    if (row != rows.end()) found.push_back({std::move(row->second), hit.score});
  }
  return found;
}

registry::SearchRequest request(const schema::Table& table, const std::string& text, const SearchOptions& options) {
  registry::SearchRequest request{.table = &table,
                                  .text = text,
                                  .case_sensitive = options.case_sensitive,
                                  .limit = options.limit,
                                  .within = options.within,
                                  .any_branch = options.any_branch};
  if (options.fields.empty()) request.columns = registry::searched_columns(table);
  for (const auto& field : options.fields) request.columns.push_back(&lake::text_column(table, field));
  return request;
}

}  // namespace

std::vector<Found> search(Instance& instance, std::string_view registry, std::string_view text,
                          const SearchOptions& options) {
  Database& database = instance.database();
  const schema::Table& table = instance.catalog().table(registry);
  return records(database, table, hits(database, request(table, wanted(text), options), options.fuzzy));
}

std::vector<Found> search_all(Instance& instance, std::string_view text, const SearchOptions& options) {
  struct Place {
    const schema::Table* table = nullptr;
    registry::Hit hit;
  };
  Database& database = instance.database();
  const std::string part = wanted(text);
  std::vector<Place> places;
  bool any = false;
  for (const schema::Table& table : instance.catalog().tables()) {
    if (!table.registry || table.has(schema::Trait::link) || !table.find_column("uid")) continue;
    SearchOptions own = options;
    std::erase_if(own.fields, [&](const std::string& field) {
      const auto* column = table.find_column(field);
      return column == nullptr || column->type != Type::text;
    });
    if (own.fields.empty() && !options.fields.empty()) continue;
    any = true;
    for (const auto& hit : hits(database, request(table, part, own), options.fuzzy)) places.push_back({&table, hit});
  }
  if (!any)
    throw Error(Code::unknown_field, "no registry has a text field '" + base::join(options.fields, "' or '") + "'");
  std::stable_sort(places.begin(), places.end(),
                   [](const Place& a, const Place& b) { return a.hit.score > b.hit.score; });
  if (options.limit >= 0 && std::cmp_greater(places.size(), options.limit)) {
    places.resize(static_cast<std::size_t>(options.limit));
  }
  std::vector<Found> found;
  for (const auto& place : places) {
    for (auto& one : records(database, *place.table, {place.hit})) found.push_back(std::move(one));
  }
  return found;
}

}  // namespace lamin
