#include "registry/copy.hpp"
#include <fmt/format.h>
#include <vector>
#include "db/connection.hpp"
#include "db/sql.hpp"
#include "lamin/error.hpp"
#include "modules/modules.hpp"
#include "registry/carried.hpp"
#include "registry/migrate.hpp"
#include "registry/scan.hpp"
#include "registry/scope.hpp"

namespace lamin::registry {
namespace {

constexpr std::size_t most_values = 200'000;  ///< in memory at a time

void copy_table(Database& from, Database& to, const schema::Table& table) {
  const auto& target = to.catalog().table(table.table.view());
  std::vector<std::string_view> names;
  for (const auto& column : table.columns) names.push_back(column.column.view());
  to.connection().script("DELETE FROM " + db::quote(target.table));  // the first rows of a new database
  std::vector<Value> values;
  const auto write = [&] {
    if (!values.empty()) to.connection().bulk_insert(target.table.view(), names, values, false);
    values.clear();
  };
  const auto rows = Scan(table, {}).stream(from);
  while (rows->next()) {
    for (const auto& column : table.columns) values.push_back(rows->value(column.position, column.type));
    if (values.size() >= most_values) write();
  }
  write();
}

/// An empty one, for what a server holds.
std::unique_ptr<Database> new_copy(db::Connection& from, const std::filesystem::path& file,
                                   std::span<const std::string> modules) {
  auto connection = db::open_connection("sqlite://" + file.string(), {.create = true});
  connection->script("PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF");  // rows come in any order
  auto copy =
      std::make_unique<Database>(std::move(connection), catalog_for(carried(from), modules::stored(modules, true)));
  create(*copy, modules);
  return copy;
}

}  // namespace

std::unique_ptr<Database> open_copy(const std::filesystem::path& file, std::span<const std::string> modules) {
  auto connection = db::open_connection("sqlite://" + file.string());
  connection->script("PRAGMA synchronous = OFF");  // nobody misses it after a crash
  const auto there = carried(*connection);
  return std::make_unique<Database>(std::move(connection), catalog_for(there, modules::stored(modules, true)));
}

std::unique_ptr<Database> copy_database(Database& from, const std::filesystem::path& file,
                                        std::span<const std::string> modules) {
  if (std::filesystem::exists(file))
    throw Error(Code::conflict, fmt::format("'{}' exists: a database is copied into a new file", file.string()));
  auto& source = from.connection();
  const bool sqlite = source.dialect() == db::Dialect::sqlite;
  if (sqlite) {
    const Value path(file.string());
    source.query("VACUUM INTO ?", {&path, 1})->next();
  }
  auto copy = sqlite ? open_copy(file, modules) : new_copy(source, file, modules);
  if (sqlite) {
    if (copy->connection().table_exists("lamin_intent")) copy->connection().script("DELETE FROM lamin_intent");
    return copy;
  }
  source.begin(false);  // one state of all tables
  try {
    copy->transaction([&] {
      for (const auto& table : from.catalog().tables()) copy_table(from, *copy, table);
    });
  } catch (...) {
    source.rollback();
    throw;
  }
  source.commit();
  copy->connection().script("PRAGMA foreign_keys = ON");
  return copy;
}

}  // namespace lamin::registry
