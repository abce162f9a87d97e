#include "registry/given_ids.hpp"
#include <vector>
#include "db/sql.hpp"
#include "registry/scope.hpp"

namespace lamin::registry {

void continue_ids(db::Connection& connection, std::string_view table) {
  if (connection.dialect() != db::Dialect::postgres) return;
  const std::vector<Value> name = {Value(db::quote(table))};
  connection
      .query(
          "SELECT setval(pg_get_serial_sequence(?, 'id'), GREATEST((SELECT max(id) FROM " + db::quote(table) + "), 1))",
          name)
      ->next();
}

}  // namespace lamin::registry
