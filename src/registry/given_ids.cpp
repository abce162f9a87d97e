#include "registry/given_ids.hpp"
#include <vector>
#include "registry/scope.hpp"

namespace lamin::registry {

void continue_ids(db::Connection& connection, std::string_view table) {
  if (connection.dialect() != db::Dialect::postgres) return;
  const std::vector<Value> name = {Value(quoted_name(table))};
  connection
      .query("SELECT setval(pg_get_serial_sequence(?, 'id'), GREATEST((SELECT max(id) FROM " + quoted_name(table) +
                 "), 1))",
             name)
      ->next();
}

}  // namespace lamin::registry
