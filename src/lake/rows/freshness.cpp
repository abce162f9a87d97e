#include "lake/rows/freshness.hpp"

#include "db/connection.hpp"
#include "registry/scan.hpp"

namespace lamin::lake {

Freshness freshness(Database& database, const schema::Table& table) {
  auto& connection = database.connection();
  // A serializable transaction must read what its writes depend on, or PostgreSQL cannot see that two of them conflict.
  const bool must_read = connection.dialect() == db::Dialect::postgres && connection.in_transaction();
  const std::int64_t others = must_read ? 0 : db::committed_state(connection);
  return {.known = others != 0, .others = others, .own = database.writes(table)};
}

bool only_inserts(Database& database, const schema::Table& table, const Freshness& before, const Freshness& now,
                  std::int64_t last_id) {
  if (!before.known || before.others != now.others || now.own < before.own) return false;
  // Each written row counts once in `own`, so with updates or deletions there are more writes than new rows.
  return registry::rows_above(database, table, last_id) == now.own - before.own;
}

}  // namespace lamin::lake
