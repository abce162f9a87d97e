#include <gtest/gtest.h>

#include <cstdlib>

#include "registry/migrate_faults_testing.hpp"
#include "registry/testing.hpp"

namespace lamin::registry::test {
namespace {

/// Everything that Postgres's catalogs say about the tables.
constexpr const char* facts =
    "SELECT fact FROM ("
    "SELECT c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull || ' ' "
    "|| coalesce(pg_get_expr(d.adbin, d.adrelid), '') AS fact FROM pg_attribute a JOIN pg_class c ON c.oid = "
    "a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum WHERE c.relkind = 'r' AND "
    "c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped "
    "UNION ALL SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = "
    "'public'::regnamespace "
    "UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public') AS f ORDER BY fact";

TEST(MigrateFaults, PostgresIsAsBeforeOrAsAfter) {
  const char* server = std::getenv("LAMIN_TEST_POSTGRES");
  ASSERT_TRUE(server) << "LAMIN_TEST_POSTGRES is not set";
  const std::string root(server);
  auto admin = db::open_connection(root);
  const std::string first = "lamin_faults_" + base::random_uid(8), name = first + "_t";
  const auto url = [&](const std::string& database) { return root.substr(0, root.rfind('/') + 1) + database; };
  const auto quoted = [](const std::string& text) { return '"' + text + '"'; };
  admin->script("CREATE DATABASE " + quoted(first) + " TEMPLATE template0 ENCODING 'UTF8'");
  {
    Database db(db::open_connection(url(first)), wine_catalog(1));
    create(db, {}, [&] {
      db.connection().script("INSERT INTO lamindb_user (id, uid, handle) VALUES (1, '00000000', 'anonymous')");
    });
    db.connection().script(wine_rows);
  }
  const Cellar cellar{
      .make =
          [&] {
            admin->script("DROP DATABASE IF EXISTS " + quoted(name));
            admin->script("CREATE DATABASE " + quoted(name) + " TEMPLATE " + quoted(first));
          },
      .connect = [&] { return db::open_connection(url(name)); },
      .dump =
          [](db::Connection& c) {
            const std::string all = rows_of(c, facts);
            const std::string hue = all.find("wine_grape.hue") != std::string::npos ? "hue" : "colour";
            return all +
                   rows_of(c, "SELECT name || ' ' || json FROM lamin_module WHERE name <> 'lamindb' ORDER BY name") +
                   rows_of(c, "SELECT id || name || coalesce(" + hue + ", '-') FROM wine_grape ORDER BY id") +
                   rows_of(c, "SELECT id || name || grape_id FROM wine_wine ORDER BY id") +
                   rows_of(c, "SELECT from_grape_id || ' ' || to_grape_id FROM wine_grape_blends");
          },
  };
  break_every_call(cellar);
  admin->script("DROP DATABASE IF EXISTS " + quoted(name));
  admin->script("DROP DATABASE " + quoted(first));
}

}  // namespace
}  // namespace lamin::registry::test
