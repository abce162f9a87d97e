// The built-in modules as a whole: what is generated from them equals what is committed, and a new database starts
// right.
#include "modules/modules.hpp"
#include <gmock/gmock.h>
#include <fstream>
#include <iterator>
#include "base/testing.hpp"
#include "modules/initial_rows.hpp"
#include "schema/ddl.hpp"
#include "schema/json.hpp"

namespace lamin::modules {
namespace {

using lamin::test::failure_of;
using schema::Dialect;
using schema::Relation;
using schema::Table;
using schema::Trait;
using testing::ElementsAre;
using testing::HasSubstr;

using Names = std::vector<std::string>;

std::string golden(const std::string& name) {
  const std::string path = LAMIN_SOURCE_DIR "/tests/golden/" + name;
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Reports only the first line that differs, for readability.
void expect_same_lines(const std::string& now, const std::string& committed, const std::string& name) {
  if (now == committed) return;
  std::istringstream a(now), b(committed);
  std::string x, y;
  for (int line = 1; std::getline(a, x) && std::getline(b, y); ++line) {
    if (x != y) FAIL() << name << ":" << line << " is\n  " << y << "\nand should be\n  " << x << "\nRun ./dev schema.";
  }
  FAIL() << name << " has lines too many or too few. Run ./dev schema.";
}

std::string sql_script(const schema::Catalog& catalog, Dialect dialect) {
  std::string text;
  for (const std::string& sql : create_statements(catalog, dialect)) text += sql + ";\n";
  text += "-- Tables of our own.\n";
  for (const std::string& sql : schema::create_own_tables(dialect)) text += sql + ";\n";
  return text;
}

TEST(Golden, IsWhatTheModulesBringAbout) {
  const schema::Catalog catalog = builtin_catalog();
  std::string json;
  for (const auto& module : catalog.modules()) json += (json.empty() ? "[" : ",\n") + schema::to_json_lines(module);
  expect_same_lines(json + "]\n", golden("schema.json"), "schema.json");
  expect_same_lines(sql_script(catalog, Dialect::sqlite), golden("sqlite.sql"), "sqlite.sql");
  expect_same_lines(sql_script(catalog, Dialect::postgres), golden("postgres.sql"), "postgres.sql");
}

TEST(Golden, JsonMakesTheSameTables) {
  schema::Catalog again;
  for (const auto& module : schema::modules_from_json(golden("schema.json"))) again.add(module);
  EXPECT_EQ(sql_script(again, Dialect::postgres), sql_script(builtin_catalog(), Dialect::postgres));
}

TEST(Builtin, HasTheTablesOfTheModulesThatAreAskedFor) {
  EXPECT_NE(builtin_catalog().find("bionty.CellType"), nullptr);
  EXPECT_EQ(catalog_of(Names{}).find("bionty.CellType"), nullptr);
  EXPECT_NE(catalog_of(Names{}).find("Artifact"), nullptr);
}

TEST(Builtin, TakesWhatIsNeededInOrder) {
  const auto names_of = [](const Names& names) {
    Names found;
    for (const schema::Module* m : builtin(names)) found.push_back(m->name.str());
    return found;
  };
  EXPECT_THAT(names_of({}), ElementsAre("lamindb"));
  EXPECT_THAT(names_of({"pertdb"}), ElementsAre("lamindb", "bionty", "pertdb"));
  EXPECT_THAT(names_of({"bionty", "lamindb", "bionty"}), ElementsAre("lamindb", "bionty"));
  EXPECT_THAT(failure_of(Code::not_found, [&] { names_of({"biontyy"}); }), HasSubstr("'biontyy'"));
}

TEST(Builtin, SqliteAlwaysHasBionty) {
  EXPECT_THAT(stored(Names{}, true), ElementsAre("bionty"));
  EXPECT_THAT(stored(Names{}, false), testing::IsEmpty());
  EXPECT_THAT(stored(Names{"bionty", "pertdb"}, true), ElementsAre("bionty", "pertdb"));
}

TEST(Builtin, OneLineDeclaresAnOntology) {
  const schema::Catalog catalog = builtin_catalog();
  const Table& tissue = catalog.table("bionty.Tissue");
  for (Trait trait :
       {Trait::branched, Trait::curatable, Trait::synonyms, Trait::abbreviated, Trait::hierarchical, Trait::ontology}) {
    EXPECT_TRUE(tissue.has(trait));
  }
  EXPECT_EQ(tissue.registry->ontology.prefix, "UBERON");
  EXPECT_EQ(catalog.table("Artifact").find_relation("tissues")->to, &tissue);
  EXPECT_EQ(catalog.table("Record").find_relation("tissues")->through, &catalog.table("RecordTissue"));
  EXPECT_EQ(catalog.table("Feature").find_relation("links_artifacttissue")->to, &catalog.table("ArtifactTissue"));
  EXPECT_EQ(catalog.table("Artifact").find_relation("ethnicities")->to, &catalog.table("Ethnicity"));
}

TEST(Builtin, UidsHaveTheirLengths) {
  const schema::Catalog catalog = builtin_catalog();
  const auto sizes = [&](const char* name) {
    const Table& table = catalog.table(name);
    return std::pair(table.uid_size, table.stem_size);
  };
  EXPECT_EQ(sizes("Artifact"), std::pair(20, 16));
  EXPECT_EQ(sizes("Collection"), std::pair(20, 16));
  EXPECT_EQ(sizes("Transform"), std::pair(16, 12));
  EXPECT_EQ(sizes("ArtifactBlock"), std::pair(20, 16));
  EXPECT_EQ(sizes("Run"), std::pair(16, 0));
  EXPECT_EQ(sizes("ULabel"), std::pair(8, 0));
  EXPECT_EQ(sizes("bionty.CellType"), std::pair(14, 0));
  EXPECT_EQ(sizes("JsonValue"), std::pair(0, 0));
}

TEST(Builtin, LinksWithTwoWaysToTheSameRegistrySayWhichIsMeant) {
  const schema::Catalog catalog = builtin_catalog();
  const Relation* predecessors = catalog.table("Transform").find_relation("predecessors");
  EXPECT_EQ(predecessors->from_column->column, "successor_id");
  EXPECT_EQ(predecessors->to_column->column, "predecessor_id");
  const Relation* users = catalog.table("Artifact").find_relation("users");
  EXPECT_EQ(users->to_column->column, "user_id") << "and not created_by_id";
}

TEST(InitialRows, AreLaminDBs) {
  const auto core = initial_rows(Names{});
  ASSERT_EQ(core.size(), 4u);
  EXPECT_EQ(core[0].table, "lamindb_space");
  EXPECT_THAT(core[1].values[0], testing::Pair("id", Value(-1)));
  const auto full = initial_rows(Names{"bionty"});
  ASSERT_EQ(full.size(), 4u + 43u);
  EXPECT_EQ(full.size() - 4, public_sources().size());
  const auto uid_of = [&](std::size_t row) { return full[row].values[0].second; };
  EXPECT_EQ(uid_of(4), Value("6Exvf3us"));   // bionty.Organism of vertebrates, ensembl
  EXPECT_EQ(uid_of(29), Value("dq7QgcSP"));  // bionty.CellType, cl
  EXPECT_EQ(uid_of(46), Value("5JnVODh4"));
}

TEST(InitialRows, NameOnlyColumnsThatExist) {
  const schema::Catalog catalog = builtin_catalog();
  for (const InitialRow& row : initial_rows(Names{"bionty"})) {
    for (const auto& [column, value] : row.values)
      EXPECT_NE(catalog.table(row.table).find_column(column), nullptr) << column;
  }
}

TEST(MigrationRows, DependOnDatabaseAndModules) {
  EXPECT_EQ(migration_rows(Names{"bionty", "pertdb"}, true).size(), 26u);
  EXPECT_EQ(migration_rows(Names{}, true).size(), 24u);
  EXPECT_EQ(migration_rows(Names{"bionty", "pertdb"}, false).size(), 24u);
  EXPECT_EQ(migration_rows(Names{}, false).size(), 19u);
}

}  // namespace
}  // namespace lamin::modules
