// SQL of tables; tests/schema/test_ddl_equivalence.py proves that it is LaminDB's.
#include "schema/ddl.hpp"
#include <gmock/gmock.h>
#include "schema/testing.hpp"

namespace lamin::schema {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string name(std::string_view table, std::vector<std::string> columns, std::string_view suffix, Dialect dialect) {
  return index_name(table, columns, suffix, dialect);
}

TEST(IndexName, IsTableColumnsAndHash) {
  EXPECT_EQ(name("lamindb_space", {"name"}, "", Dialect::sqlite), "lamindb_space_name_f78e59a7");
  EXPECT_EQ(name("lamindb_space", {"name"}, "_like", Dialect::postgres), "lamindb_space_name_f78e59a7_like");
  EXPECT_EQ(name("lamindb_jsonvalue", {"feature_id", "hash"}, "_uniq", Dialect::sqlite),
            "lamindb_jsonvalue_feature_id_hash_21a74ed4_uniq");
}

TEST(IndexName, IsShortenedForPostgres) {
  EXPECT_EQ(name("lamindb_artifact__actions", {"from_artifact_id", "to_artifact_id"}, "_uniq", Dialect::postgres),
            "lamindb_artifact__action_from_artifact_id_to_arti_8a506a40_uniq");
  EXPECT_EQ(name("wetlab_environmentalperturbation", {"created_by_id"}, "_fk_lamindb_user_id", Dialect::postgres),
            "wetlab_environmental_created_by_id_998597bc_fk_lamindb_u");
}

TEST(Ddl, ColumnsOfBothDialects) {
  const Catalog catalog = test::catalog_of(test::lab());
  const Table& sample = catalog.table("Sample");
  const auto both = [&](const char* column) {
    return column_definition(sample.column(column), Dialect::sqlite) + " | " +
           column_definition(sample.column(column), Dialect::postgres);
  };
  EXPECT_EQ(both("uid"), R"("uid" varchar(12) NOT NULL UNIQUE | "uid" varchar(12) NOT NULL UNIQUE)");
  EXPECT_EQ(both("name"), R"("name" text NULL | "name" text NULL)");
  EXPECT_EQ(both("weight"), R"("weight" real NULL | "weight" double precision NULL)");
  EXPECT_EQ(both("count"), R"("count" smallint DEFAULT 3 NOT NULL | "count" smallint DEFAULT 3 NOT NULL)");
  EXPECT_EQ(both("created_at"), R"("created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL | )"
                                R"("created_at" timestamp with time zone DEFAULT STATEMENT_TIMESTAMP() NOT NULL)");
  EXPECT_EQ(column_type(catalog.table("SampleLabel"), catalog.table("SampleLabel").column("label"), Dialect::postgres),
            "bigint")
      << "a reference is as wide as the key it holds";
}

TEST(Ddl, LiteralsAreQuoted) {
  Module module = test::lab();
  test::registry_of(module, "Sample")
      .fields.push_back(
          {.name = "note", .fill = Fill::constant, .initial = "\"it's\"", .in_database = true, .doc = "Note."});
  const Catalog catalog = test::catalog_of(module);
  EXPECT_EQ(column_definition(catalog.table("Sample").column("note"), Dialect::sqlite),
            R"("note" text DEFAULT 'it''s' NOT NULL)");
  EXPECT_EQ(identifier("a\"b"), "\"a\"\"b\"");
}

TEST(Ddl, RulesAreConstraintsOrIndexes) {
  const Catalog catalog = test::catalog_of(test::lab());
  const Table& sample = catalog.table("Sample");
  const Rule& rule = sample.rules.at(0);
  EXPECT_EQ(rule_constraint(sample, rule, Dialect::sqlite), "");
  EXPECT_THAT(rule_index(sample, rule, Dialect::sqlite), StartsWith("CREATE UNIQUE INDEX \"lab_sample_donor_id_name_"));
  EXPECT_THAT(rule_constraint(sample, rule, Dialect::postgres), EndsWith("UNIQUE (\"donor_id\", \"name\")"));
  EXPECT_EQ(rule_index(sample, rule, Dialect::postgres), "");
  const Table& label = catalog.table("Label");
  EXPECT_EQ(rule_index(label, label.rules.at(0), Dialect::postgres),
            R"(CREATE UNIQUE INDEX "unique_label_lower" ON "lab_label" ((lower(name))))");
}

TEST(Ddl, AUniqueColumnHasNoSecondIndex) {
  const Catalog catalog = test::catalog_of(test::lab());
  const Table& donor = catalog.table("Donor");
  EXPECT_THAT(column_indexes(donor, donor.column("uid"), Dialect::sqlite), ElementsAre());
  EXPECT_THAT(column_indexes(donor, donor.column("uid"), Dialect::postgres),
              ElementsAre(HasSubstr("(\"uid\" varchar_pattern_ops)")));
}

TEST(Ddl, ReferencesComeAfterAllTablesOnPostgres) {
  const auto statements = create_statements(test::catalog_of(test::lab()), Dialect::postgres);
  std::size_t last_table = 0, first_key = statements.size();
  for (std::size_t i = 0; i < statements.size(); ++i) {
    if (statements[i].starts_with("CREATE TABLE")) last_table = i;
    if (statements[i].starts_with("ALTER TABLE")) first_key = std::min(first_key, i);
  }
  EXPECT_LT(last_table, first_key);
  EXPECT_THAT(create_statements(test::catalog_of(test::lab()), Dialect::sqlite), Not(Contains(StartsWith("ALTER"))));
}

TEST(Ddl, OwnTablesAreNamedLaminAndCanBeMadeTwice) {
  for (Dialect dialect : {Dialect::sqlite, Dialect::postgres}) {
    for (const std::string& sql : create_own_tables(dialect)) {
      EXPECT_THAT(sql, testing::AnyOf(StartsWith("CREATE TABLE IF NOT EXISTS lamin_"),
                                      StartsWith("CREATE INDEX IF NOT EXISTS lamin_")));
      EXPECT_THAT(sql, Not(HasSubstr("{id}")));
    }
  }
}

}  // namespace
}  // namespace lamin::schema
