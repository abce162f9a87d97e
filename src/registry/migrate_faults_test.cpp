#include "registry/migrate_faults_testing.hpp"

#include <filesystem>

#include "registry/testing.hpp"

namespace lamin::registry::test {
namespace {

void add_user(Database& db) {
  db.connection().script("INSERT INTO lamindb_user (id, uid, handle) VALUES (1, '00000000', 'anonymous')");
}

TEST(MigrateFaults, SqliteIsAsBeforeOrAsAfter) {
  const auto folder = std::filesystem::temp_directory_path() / ("lamin_faults_" + base::random_uid(10));
  std::filesystem::create_directories(folder);
  const auto first = folder / "first.db", file = folder / "t.db";
  const auto url = [](const std::filesystem::path& path) { return "sqlite://" + path.string(); };
  {
    auto connection = db::open_connection(url(first), {.create = true});
    connection->script("PRAGMA synchronous = OFF");
    Database db(std::move(connection), wine_catalog(1));
    create(db, {}, [&] { add_user(db); });
    db.connection().script(wine_rows);
    db.connection().script("PRAGMA wal_checkpoint(TRUNCATE)");
  }
  const Cellar cellar{
      .make =
          [&] {
            for (const char* tail : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + tail);
            std::filesystem::copy_file(first, file);
          },
      .connect =
          [&] {
            auto connection = db::open_connection(url(file));
            connection->script("PRAGMA synchronous = OFF");
            return connection;
          },
      .dump =
          [](db::Connection& c) {
            const std::string hue =
                rows_of(c, "SELECT sql FROM sqlite_master WHERE name = 'wine_grape'").find("hue") != std::string::npos
                    ? "hue"
                    : "colour";
            return rows_of(c, "SELECT name || ' ' || coalesce(sql, '') FROM sqlite_master ORDER BY name") +
                   rows_of(c,
                           "SELECT name || ' ' || json FROM lamin_module WHERE name NOT IN ('lamindb', 'bionty') "
                           "ORDER BY name") +
                   rows_of(c, "SELECT id || name || coalesce(" + hue + ", '-') FROM wine_grape ORDER BY id") +
                   rows_of(c, "SELECT id || name || grape_id FROM wine_wine ORDER BY id") +
                   rows_of(c, "SELECT from_grape_id || ' ' || to_grape_id FROM wine_grape_blends") +
                   rows_of(c, "PRAGMA foreign_key_check") + rows_of(c, "PRAGMA integrity_check");
          },
  };
  break_every_call(cellar);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace lamin::registry::test
