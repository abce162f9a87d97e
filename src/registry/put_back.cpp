// put_back.cpp -- rows as they were, to undo what was written: those that become the same by one statement.
#include <algorithm>
#include <unordered_map>

#include "db/sql.hpp"
#include "lamin/error.hpp"
#include "registry/engine.hpp"
#include "registry/writes.hpp"

namespace lamin::registry {
namespace {

constexpr std::size_t ids_a_statement = 500;

/// Rows in which the same columns become the same values.
struct Alike {
  std::string set;
  std::vector<Value> values;
  std::vector<std::int64_t> ids;
};

/// In the order of the first of each. What is unique is in a group of one row, which stays in its place.
class Updates {
 public:
  void add(std::string set, std::vector<Value> values, std::int64_t id) {
    std::string key = set;
    for (const auto& value : values) key += '\x1f' + to_string(value);
    const auto known = by_key_.find(key);
    if (known != by_key_.end() && groups_[known->second].values == values) {
      groups_[known->second].ids.push_back(id);
      return;
    }
    by_key_.insert_or_assign(std::move(key), groups_.size());
    groups_.push_back({std::move(set), std::move(values), {id}});
  }
  void write(db::Connection& connection, const schema::Table& table) const {
    for (const auto& group : groups_) {
      for (std::size_t at = 0; at < group.ids.size(); at += ids_a_statement) {
        const auto end = std::min(group.ids.size(), at + ids_a_statement);
        auto parameters = group.values;
        std::string places;
        for (std::size_t i = at; i < end; ++i) {
          parameters.emplace_back(group.ids[i]);
          places += places.empty() ? "?" : ", ?";
        }
        connection.execute("UPDATE " + db::quote(table.table) + " SET " + group.set + " WHERE " +
                               db::quote(table.columns[0].column) + " IN (" + places + ")",
                           parameters);
      }
    }
  }

 private:
  std::vector<Alike> groups_;
  std::unordered_map<std::string, std::size_t> by_key_;
};

}  // namespace

void Writes::put_back(const schema::Table& given, std::span<const PutBack> rows) {
  Database::Engine& engine = *database_.engine_;
  const auto& table = engine.own(given);
  auto& facts = engine.of(table);
  auto& connection = database_.connection();
  std::vector<std::int64_t> gone;
  std::vector<Value> fresh;
  Updates updates;
  for (const auto& [id, now, row] : rows) {
    if (!row) {
      if (now) gone.push_back(id);
      continue;
    }
    if (!now) {
      const auto values = row->values();
      fresh.insert(fresh.end(), values.begin(), values.end());
      continue;
    }
    std::string set;
    std::vector<Value> values;
    for (const ColumnRule& rule : facts.rules) {
      const Value& value = (*row)[rule.column->position];
      if (value == (*now)[rule.column->position]) continue;
      set += (set.empty() ? "" : ", ") + db::quote(rule.column->column) + " = ?";
      values.push_back(value);
    }
    if (!set.empty()) updates.add(std::move(set), std::move(values), id);
  }
  engine.erase_ids(database_, table, gone);
  updates.write(connection, table);
  if (!fresh.empty()) connection.bulk_insert(table.table, facts.with_id, fresh, false);
  for (const auto& [id, now, row] : rows) {
    if (!row || (now && std::ranges::equal(now->values(), row->values()))) continue;
    ++facts.writes;
    database_.note(table, now ? &*now : nullptr, &*row);
  }
}

}  // namespace lamin::registry
