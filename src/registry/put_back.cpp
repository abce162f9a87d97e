// put_back.cpp -- a row as it was, to undo what was written.
#include <array>

#include "lamin/error.hpp"
#include "registry/engine.hpp"
#include "registry/writes.hpp"

namespace lamin::registry {

void Writes::put_back(const schema::Table& given, std::int64_t id, const Record* row) {
  Database::Engine& engine = *database_.engine_;
  const auto& table = engine.own(given);
  const auto now = database_.find(table, id);
  if (row == nullptr) {
    if (now) engine.erase_ids(database_, table, {&id, 1});
    return;
  }
  auto& facts = engine.of(table);
  auto& connection = database_.connection();
  if (!now) {
    connection.insert(table.table, facts.with_id, row->values());
  } else {
    std::string set;
    std::vector<Value> parameters;
    for (const ColumnRule& rule : facts.rules) {
      const Value& value = (*row)[rule.column->position];
      if (value == (*now)[rule.column->position]) continue;
      set += (set.empty() ? "" : ", ") + quoted(rule.column->column) + " = ?";
      parameters.push_back(value);
    }
    if (set.empty()) return;
    parameters.emplace_back(id);
    connection.execute(
        "UPDATE " + quoted(table.table) + " SET " + set + " WHERE " + quoted(table.columns[0].column) + " = ?",
        parameters);
  }
  ++facts.writes;
  database_.note(table, now ? &*now : nullptr, row);
}

}  // namespace lamin::registry
