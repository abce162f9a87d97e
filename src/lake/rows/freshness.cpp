#include "lake/rows/freshness.hpp"

#include <array>

#include "db/connection.hpp"

namespace lamin::lake {

Freshness freshness(Database& database, const schema::Table& table) {
  const std::int64_t others = database.connection().change_counter();
  return {.known = others != 0, .others = others, .own = database.writes(table)};
}

bool only_inserts(Database& database, const schema::Table& table, const Freshness& before, const Freshness& now,
                  std::int64_t last_id) {
  if (!before.known || before.others != now.others || now.own < before.own) return false;
  // Each written row counts once in `own`, so with updates or deletions there are more writes than new rows.
  const std::array<Value, 1> parameters{Value(last_id)};
  auto rows =
      database.connection().query("SELECT COUNT(*) FROM \"" + table.table.str() + "\" WHERE \"id\" > ?", parameters);
  return rows->next() && rows->integer(0) == now.own - before.own;
}

}  // namespace lamin::lake
