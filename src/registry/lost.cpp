#include "registry/lost.hpp"

#include <algorithm>
#include <set>

#include "db/connection.hpp"
#include "schema/ddl.hpp"
#include "schema/own_tables.hpp"

namespace lamin::registry {
namespace {

std::set<std::string, std::less<>> names_of_tables(db::Connection& c) {
  auto rows = c.query(c.dialect() == db::Dialect::sqlite
                          ? "SELECT name FROM sqlite_master WHERE type = 'table'"
                          : "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND pg_table_is_visible(oid)");
  std::set<std::string, std::less<>> names;
  while (rows->next()) names.emplace(rows->text(0));
  return names;
}

}  // namespace

Lost lost_tables(Database& db, const schema::Catalog& catalog, const std::vector<std::string>& modules) {
  const auto there = names_of_tables(db.connection());
  Lost lost;
  for (const auto& table : schema::own_tables)
    if (!there.contains(table.name)) lost.own.emplace_back(table.name);
  for (const auto& table : catalog.tables()) {
    const bool carried = std::ranges::find(modules, table.module.view()) != modules.end();
    if (carried && !there.contains(table.table.view())) lost.others.push_back(table.table.str());
  }
  return lost;
}

void make_own_tables(Database& db) {
  auto& c = db.connection();
  const auto dialect = c.dialect() == db::Dialect::sqlite ? schema::Dialect::sqlite : schema::Dialect::postgres;
  db.transaction([&] {
    for (const auto& statement : schema::create_own_tables(dialect)) c.script(statement);
  });
}

std::vector<std::string> advice(const Lost& lost) {
  std::vector<std::string> lines;
  for (const auto& table : lost.others) {
    lines.push_back("the database has lost the table " + table +
                    " and what was in it: restore the database, or this table, from a backup");
  }
  return lines;
}

}  // namespace lamin::registry
