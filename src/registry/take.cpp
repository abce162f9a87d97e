// take.cpp -- rows that were in an instance before, under their ids.
//
// Rows that stay as they are are not touched. All others are deleted first and then written, so that a value that is
// unique may go from one row to another.
#include <fmt/format.h>
#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include "lamin/error.hpp"
#include "registry/engine.hpp"
#include "registry/given_ids.hpp"
#include "registry/scan.hpp"
#include "registry/values.hpp"
#include "registry/writes.hpp"

namespace lamin::registry {
namespace {

constexpr std::size_t rows_a_query = 500;

template <class Use>
void in_parts(std::span<Record> rows, const Use& use) {
  for (std::size_t at = 0; at < rows.size(); at += rows_a_query)
    use(rows.subspan(at, std::min(rows_a_query, rows.size() - at)));
}

Query same_ids(const schema::Table& table, std::span<const Record> rows) {
  std::vector<Value> ids;
  for (const auto& row : rows) ids.push_back(row[0]);
  return {.registry = table.table.str(), .where = Expr::in("id", std::move(ids)), .any_branch = true};
}

bool same_row(const Record& a, const Record& b) { return std::ranges::equal(a.values(), b.values(), same_value); }

/// Ids of the rows that have to go: those that are another row now and, with `all`, those that are none.
std::vector<std::int64_t> doomed(Database& db, const schema::Table& table, const RowSource& rows, bool all) {
  std::vector<std::int64_t> given, changed;
  rows([&](std::span<Record> part) {
    in_parts(part, [&](std::span<Record> some) {
      std::unordered_map<std::int64_t, const Record*> now;
      for (const auto& row : some) {
        given.push_back(row.id());
        now.emplace(row.id(), &row);
      }
      db.each(same_ids(table, some), [&](Record&& old) {
        if (!same_row(old, *now.at(old.id()))) changed.push_back(old.id());
        return true;
      });
    });
  });
  std::ranges::sort(given);
  if (const auto twice = std::ranges::adjacent_find(given); twice != given.end())
    throw Error(Code::conflict, fmt::format("Two rows for {} have the id {}.", table.table.view(), *twice));
  if (!all) return changed;
  const auto there = Scan(table, {.columns = {&table.columns[0]}}).stream(db);
  while (there->next()) {
    const auto id = there->integer(0);
    if (!std::ranges::binary_search(given, id)) changed.push_back(id);
  }
  return changed;
}

}  // namespace

Taken Writes::take(const schema::Table& given, const RowSource& rows, bool keep_others) {
  Database::Engine& engine = *database_.engine_;
  const auto& table = engine.own(given);
  auto& facts = engine.of(table);
  Taken taken;
  taken.deleted = engine.erase_ids(database_, table, doomed(database_, table, rows, !keep_others));
  rows([&](std::span<Record> part) {
    in_parts(part, [&](std::span<Record> some) {
      std::unordered_set<std::int64_t> there;
      const std::string id = "id";
      const auto found = database_.columns(same_ids(table, some), {&id, 1});
      for (const auto& value : found[0]) there.insert(value.integer_or(0));
      std::vector<Value> values;
      std::vector<const Record*> fresh;
      for (auto& row : some) {
        if (there.contains(row.id())) continue;
        engine.check(row);
        fresh.push_back(&row);
        values.insert(values.end(), row.values().begin(), row.values().end());
      }
      if (fresh.empty()) return;
      database_.connection().bulk_insert(table.table, facts.with_id, values, false);
      for (const auto* row : fresh) {
        ++facts.writes;
        database_.note(table, nullptr, row);
      }
      taken.written += static_cast<std::int64_t>(fresh.size());
    });
  });
  continue_ids(database_.connection(), table.table);
  return taken;
}

}  // namespace lamin::registry
