// migrate_faults_testing.hpp -- a migration that fails at every one of its calls in turn, on either database.
#pragma once
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "db/faulty_testing.hpp"
#include "modules/modules.hpp"
#include "modules/plugin.hpp"
#include "registry/migrate.hpp"

namespace lamin::registry::test {

// clang-format off: one field, one line
inline schema::Module wine(int version) {
  using schema::Fill, schema::Kind, schema::On;
  schema::Module m{.name = "wine", .registries = {
      {.name = "Grape", .doc = "d", .fields = {
          {.name = "name", .size = 20, .doc = "d"},
          {.name = "colour", .size = 9, .optional = true, .doc = "d"},
          {.name = "parent", .kind = Kind::ref, .optional = true, .to = "self", .inverse = "children", .doc = "d"},
          {.name = "blends", .kind = Kind::link, .to = "self", .inverse = "blended", .doc = "d"}}, .name_field = "name"},
      {.name = "Wine", .doc = "d", .fields = {
          {.name = "name", .size = 20, .index = true, .doc = "d"},
          {.name = "grape", .kind = Kind::ref, .to = "Grape", .inverse = "wines", .doc = "d"}},
       .rules = {{.unique = {"name", "grape"}}}, .name_field = "name", .labels = {"Artifact"}}}};
  if (version == 2) {
    auto& grape = m.registries[0].fields;
    grape[0].size = 40;
    grape[1] = {.name = "hue", .size = 9, .fill = Fill::constant, .initial = "\"red\"", .was = {"colour"}, .doc = "d"};
    grape.push_back({.name = "sugar", .kind = Kind::real, .optional = true, .index = true, .doc = "d"});
    m.registries[0].rules.push_back({.name = "sweet", .check = "sugar >= 0"});
    m.registries[1].fields[1].optional = true;
    m.registries.push_back({.name = "Cellar", .doc = "d", .fields = {
        {.name = "name", .size = 20, .unique = true, .doc = "d"},
        {.name = "wines", .kind = Kind::link, .to = "Wine", .inverse = "cellars", .doc = "d"}}});
  }
  return modules::complete_plugin(std::move(m));
}
// clang-format on

inline schema::Catalog wine_catalog(int version) {
  const std::vector<schema::Module> plugins = {wine(version)};
  return catalog_for({}, {}, plugins);
}

inline constexpr const char* wine_rows =
    "INSERT INTO wine_grape (id, name, colour) VALUES (1, 'riesling', 'white'), (2, 'merlot', NULL);"
    "INSERT INTO wine_wine (id, name, grape_id) VALUES (1, 'a', 1), (2, 'b', 2);"
    "INSERT INTO wine_grape_blends (from_grape_id, to_grape_id) VALUES (1, 2)";

/// A place where databases of version 1 are made, opened and compared.
struct Cellar {
  std::function<void()> make;                                ///< makes a fresh one, of version 1 with rows
  std::function<std::unique_ptr<db::Connection>()> connect;  ///< connects to it
  std::function<std::string(db::Connection&)> dump;          ///< its tables, and the rows of the plug-in
};

inline std::string rows_of(db::Connection& c, const std::string& sql) {
  std::string out;
  auto rows = c.query(sql);
  while (rows->next()) out += std::string(rows->text(0)) + "\n";
  return out;
}

/// After every failure the database is as before or as after, and migrating again completes it.
inline void break_every_call(const Cellar& cellar) {
  const auto migrate_it = [](std::unique_ptr<db::Connection> connection) {
    Database db(std::move(connection), wine_catalog(2));
    return migrate(db);
  };
  const auto state = [&] { return cellar.dump(*cellar.connect()); };
  cellar.make();
  const std::string before = state();
  EXPECT_FALSE(migrate_it(cellar.connect()).empty());
  const std::string after = state();
  ASSERT_NE(before, after);
  std::int64_t broken = 0, kept = 0;
  for (const auto when : {db::Fault::When::before, db::Fault::When::after}) {
    cellar.make();
    for (std::int64_t n = 1;; ++n) {
      db::Fault fault{.fail_at = n, .when = when};
      bool failed = false;
      try {
        migrate_it(std::make_unique<db::FaultyConnection>(cellar.connect(), fault));
      } catch (const Error&) { failed = true; }
      const std::string now = state();
      ASSERT_TRUE(now == before || now == after) << "after call " << n << ":\n" << now;
      if (failed) ++broken;
      if (now == before) continue;
      ++kept;
      EXPECT_TRUE(migrate_it(cellar.connect()).empty()) << "it is up to date after call " << n;
      if (!failed) break;
      cellar.make();
    }
    EXPECT_EQ(state(), after);
  }
  EXPECT_GT(broken, 60);
  EXPECT_GE(kept, 3) << "twice at the end, and where only the answer to the commit was lost";
}

}  // namespace lamin::registry::test
