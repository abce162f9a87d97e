#include "registry/migrate.hpp"

#include <gmock/gmock.h>

#include "modules/initial_rows.hpp"
#include "modules/modules.hpp"
#include "registry/migrate_faults_testing.hpp"
#include "registry/testing.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace {

namespace test = registry::test;
using registry::test::error_of;
using testing::HasSubstr;

class Migrate : public testing::Test {
 protected:
  Migrate() : folder_(std::filesystem::temp_directory_path() / ("lamin_migrate_" + base::random_uid(10))) {
    std::filesystem::create_directories(folder_);
  }
  ~Migrate() override { std::filesystem::remove_all(folder_); }
  std::unique_ptr<Database> open(schema::Catalog catalog) {
    return std::make_unique<Database>(
        db::open_connection("sqlite://" + (folder_ / "lamin.db").string(), {.create = true}), std::move(catalog));
  }
  static void add_user(Database& db) {
    Record user(db.catalog().table("User"));
    user.set("uid", Value("00000000"));
    user.set("handle", Value("anonymous"));
    registry::Writes(db).save(user);
  }
  const std::vector<std::string> bionty_ = {"bionty"};
  std::filesystem::path folder_;
};

TEST_F(Migrate, CreatesAnInstance) {
  auto db = open(modules::catalog_of(bionty_));
  EXPECT_FALSE(registry::is_instance(*db));
  registry::create(*db, bionty_, [&] { add_user(*db); });
  EXPECT_TRUE(registry::is_instance(*db));
  EXPECT_EQ(db->count({.registry = "Branch"}), 3);
  EXPECT_EQ(db->one({.registry = "Space"}).uid(), "aaaaaaaaaaaa");
  EXPECT_EQ(db->count({.registry = "bionty.Source", .any_branch = true}),
            static_cast<std::int64_t>(modules::public_sources().size()));
  EXPECT_EQ(registry::migrate(*db), std::vector<std::string>{}) << "a new one is up to date";
  EXPECT_EQ(error_of([&] { registry::create(*db, bionty_); }).code(), Code::conflict);
  Record label(db->catalog().table("ULabel"));
  label.set("name", Value("a label"));
  registry::Writes(*db).save(label);
  EXPECT_EQ(label.uid().size(), 8U);
}

TEST_F(Migrate, LeavesNothingIfItFails) {
  auto db = open(modules::catalog_of(bionty_));
  EXPECT_THROW(registry::create(*db, bionty_, [] { throw Error(Code::no_access, "disk"); }), Error);
  EXPECT_FALSE(registry::is_instance(*db));
  EXPECT_EQ(error_of([&] { registry::migrate(*db); }).code(), Code::not_found);
}

TEST_F(Migrate, AddsWhatANewerProgramHas) {
  {
    auto db = open(modules::catalog_of(bionty_));
    registry::create(*db, bionty_, [&] { add_user(*db); });
  }
  schema::Module plugin{.name = "wine", .needs = {"lamindb"}};
  plugin.registries.push_back({.name = "Grape", .doc = "d"});
  plugin.registries[0].fields.push_back({.name = "name", .size = 20, .doc = "d"});
  {
    auto catalog = modules::catalog_of(bionty_);
    catalog.add(plugin);
    auto db = open(std::move(catalog));
    EXPECT_THAT(registry::migrate(*db), testing::Contains(HasSubstr("Grape")));
    Record grape(db->catalog().table("wine.Grape"));
    grape.set("name", Value("riesling"));
    registry::Writes(*db).save(grape);
    EXPECT_TRUE(registry::migrate(*db).empty());
  }
  schema::Module newer = plugin;
  newer.registries[0].fields.push_back({.name = "colour", .optional = true, .doc = "d"});
  {
    auto catalog = modules::catalog_of(bionty_);
    catalog.add(newer);
    auto db = open(std::move(catalog));
    EXPECT_FALSE(registry::migrate(*db).empty());
    EXPECT_TRUE(db->one({.registry = "wine.Grape"}).at("colour").is_null());
  }
  {
    auto catalog = modules::catalog_of(bionty_);
    catalog.add(plugin);
    auto db = open(std::move(catalog));
    EXPECT_EQ(error_of([&] { registry::migrate(*db); }).code(), Code::conflict) << "made by a newer program";
  }
}

TEST_F(Migrate, ServesWhatTheDatabaseCarries) {
  {
    auto db = open(test::wine_catalog(1));
    registry::create(*db, {}, [&] { add_user(*db); });
  }
  auto db = open(modules::catalog_of({}));
  auto& c = db->connection();
  const auto there = registry::carried(c);
  EXPECT_THAT(there.names, testing::ElementsAre("lamindb", "wine"));
  const auto catalog = registry::catalog_for(there, std::vector<std::string>{"no_such_module"});
  EXPECT_NE(catalog.find("wine.Grape"), nullptr);
  EXPECT_EQ(catalog.table("Artifact").find_relation("wines")->through->qualified, "wine.ArtifactWine");
  const std::vector<schema::Module> next = {test::wine(2)};
  EXPECT_NE(registry::catalog_for(there, {}, next).find("wine.Cellar"), nullptr);
  c.script("UPDATE lamin_module SET json = '{\"name\": \"wine\", \"vintage\": 1}' WHERE name = 'wine'");
  const auto error = error_of([&] { registry::catalog_for(registry::carried(c), {}); });
  EXPECT_EQ(error.code(), Code::conflict);
  EXPECT_THAT(error.what(), HasSubstr("written by a newer program"));
}

TEST_F(Migrate, TakesOverTablesThatNobodyRecorded) {
  {
    auto db = open(test::wine_catalog(1));
    registry::create(*db, {}, [&] { add_user(*db); });
    db->connection().script("DELETE FROM lamin_module WHERE name = 'wine'");
  }
  EXPECT_THAT(registry::migrate(*open(test::wine_catalog(1))),
              testing::Contains("takes over the tables of wine, which are there"));
  auto db = open(test::wine_catalog(1));
  EXPECT_TRUE(registry::migrate(*db).empty());
  db->connection().script("DELETE FROM lamin_module WHERE name = 'wine'; DROP TABLE wine_grape_blends");
  EXPECT_THAT(error_of([&] { registry::migrate(*db); }).what(), HasSubstr("but no wine_grape_blends"));
}

TEST_F(Migrate, RefusesWhatRowsStandInTheWayOf) {
  auto db = open(test::wine_catalog(1));
  registry::create(*db, {}, [&] { add_user(*db); });
  db->connection().script(test::wine_rows);
  std::vector<schema::Module> next = {test::wine(1)};
  next[0].registries[0].fields[0].size = 7;          // "riesling" has 8
  next[0].registries[0].fields[1].optional = false;  // merlot has none
  auto changed = open(registry::catalog_for({}, {}, next));
  const auto error = error_of([&] { registry::migrate(*changed); });
  EXPECT_EQ(error.code(), Code::conflict);
  EXPECT_THAT(error.what(), HasSubstr(R"(WHERE length("name") > 7 (rows: 1))"));
  EXPECT_THAT(error.what(), HasSubstr(R"(WHERE "colour" IS NULL (rows: 1))"));
  db->connection().script("UPDATE wine_grape SET name = 'syrah', colour = 'red'");
  EXPECT_FALSE(registry::migrate(*changed).empty());
}

TEST_F(Migrate, RefusesOtherFormats) {
  auto db = open(modules::catalog_of(bionty_));
  registry::create(*db, bionty_, [&] { add_user(*db); });
  db->connection().script(
      "INSERT INTO django_migrations (app, name, applied) VALUES ('lamindb', '0999_x', '2030-01-01')");
  const auto error = error_of([&] { registry::migrate(*db); });
  EXPECT_EQ(error.code(), Code::conflict);
  EXPECT_THAT(error.what(), HasSubstr("newer LaminDB (0999_x)"));
  db->connection().script("DELETE FROM django_migrations WHERE name >= '0190'");
  EXPECT_THAT(error_of([&] { registry::migrate(*db); }).what(), HasSubstr("older LaminDB"));
}

TEST_F(Migrate, TakesADatabaseThatLaminDBMade) {
  {
    auto db = open(modules::catalog_of(bionty_));
    registry::create(*db, bionty_, [&] { add_user(*db); });
    db->connection().script("DROP TABLE lamin_module; DROP TABLE lamin_intent");
  }
  auto db = open(modules::catalog_of(bionty_));
  EXPECT_EQ(registry::migrate(*db).size(), 1U);
  EXPECT_TRUE(db->connection().table_exists("lamin_intent"));
  EXPECT_TRUE(registry::migrate(*db).empty());
}

}  // namespace
}  // namespace lamin
