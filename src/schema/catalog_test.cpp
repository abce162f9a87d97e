// Tables out of modules: columns, relations both ways, names, errors.
#include "lamin/catalog.hpp"
#include <gmock/gmock.h>
#include "base/testing.hpp"
#include "schema/testing.hpp"

namespace lamin::schema {
namespace {

using lamin::test::failure_of;
using test::catalog_of;
using test::field_of;
using test::lab;
using test::registry_of;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> sql_names(const Table& table) {
  std::vector<std::string> names;
  for (const Column& c : table.columns) names.push_back(c.column.str());
  return names;
}

TEST(Catalog, SpreadsMixinsFirst) {
  const Catalog catalog = catalog_of(lab());
  EXPECT_THAT(sql_names(catalog.table("Sample")),
              ElementsAre("id", "uid", "created_at", "name", "donor_id", "weight", "count"));
  EXPECT_TRUE(catalog.table("Sample").has(Trait::branched));
  EXPECT_FALSE(catalog.table("Label").has(Trait::branched));
  EXPECT_EQ(catalog.table("Sample").uid_size, 12);
  EXPECT_EQ(catalog.table("Label").uid_size, 0);
}

TEST(Catalog, AFieldReplacesTheMixedInOne) {
  Module module = lab();
  registry_of(module, "Sample").fields.push_back({.name = "created_at", .kind = Kind::date, .doc = "The day."});
  const Catalog catalog = catalog_of(module);
  const Table& table = catalog.table("Sample");
  EXPECT_EQ(table.columns.size(), 7u);
  EXPECT_EQ(table.column("created_at").kind, Kind::date);
  EXPECT_EQ(table.column("created_at").position, 6);
  EXPECT_EQ(catalog.table("Donor").column("created_at").kind, Kind::time);
}

TEST(Catalog, FindsTablesByEachOfTheirNames) {
  const Catalog catalog = catalog_of(lab());
  const Table& table = catalog.table("Sample");
  EXPECT_EQ(&catalog.table("lab.Sample"), &table);
  EXPECT_EQ(&catalog.table("lab_sample"), &table);
  EXPECT_EQ(catalog.find("sample"), nullptr);
  EXPECT_EQ(catalog.find("Tracked"), nullptr) << "a mixin has no table";
  EXPECT_THAT(failure_of(Code::not_found, [&] { catalog.table("Smaple"); }), HasSubstr("Sample"));
}

TEST(Catalog, ColumnsKnowTypeTargetAndFirstValue) {
  const Catalog catalog = catalog_of(lab());
  const Table& table = catalog.table("Sample");
  EXPECT_EQ(table.column("donor").to, &catalog.table("Donor"));
  EXPECT_EQ(table.find_column("donor_id"), table.find_column("donor"));
  EXPECT_EQ(table.column("donor").type, Type::integer);
  EXPECT_EQ(table.column("count").initial, Value(3));
  EXPECT_TRUE(table.column("name").initial.is_null());
  EXPECT_EQ(table.column("id").field, nullptr);
  const std::string message = failure_of(Code::unknown_field, [&] { table.column("wieght"); });
  EXPECT_THAT(message, HasSubstr("Sample has no field 'wieght'"));
  EXPECT_THAT(message, HasSubstr("weight"));
}

TEST(Catalog, FollowsRelationsBothWays) {
  const Catalog catalog = catalog_of(lab());
  const Table& sample = catalog.table("Sample");
  const Table& donor = catalog.table("Donor");
  const Table& label = catalog.table("Label");

  const Relation* there = sample.find_relation("donor");
  ASSERT_NE(there, nullptr);
  EXPECT_EQ(there->shape, Relation::Shape::to_one);
  EXPECT_EQ(there->from_column, sample.find_column("donor"));

  const Relation* back = donor.find_relation("samples");
  ASSERT_NE(back, nullptr);
  EXPECT_EQ(back->shape, Relation::Shape::to_many);
  EXPECT_EQ(back->to, &sample);
  EXPECT_EQ(back->to_column, sample.find_column("donor"));

  const Relation* labels = sample.find_relation("labels");
  const Relation* samples = label.find_relation("samples");
  ASSERT_TRUE(labels && samples);
  EXPECT_EQ(labels->through, &catalog.table("SampleLabel"));
  EXPECT_EQ(labels->from_column->column, "sample_id");
  EXPECT_EQ(labels->to_column->column, "label_id");
  EXPECT_EQ(samples->from_column, labels->to_column);
  EXPECT_EQ(samples->to_column, labels->from_column);
}

TEST(Catalog, MakesATableOfPairsForALinkWithoutOne) {
  const Catalog catalog = catalog_of(lab());
  const Table& pairs = catalog.table("lab_label_parents");
  EXPECT_TRUE(pairs.plain_pairs);
  EXPECT_EQ(pairs.registry, nullptr);
  EXPECT_THAT(sql_names(pairs), ElementsAre("id", "from_label_id", "to_label_id"));
  const Table& label = catalog.table("Label");
  EXPECT_EQ(label.find_relation("parents")->to_column->column, "to_label_id");
  EXPECT_EQ(label.find_relation("children")->to_column->column, "from_label_id");
  EXPECT_EQ(pairs.find_relation("from_label")->to, &label);
}

TEST(Catalog, NamesColumnsOfPairsAfterBothEnds) {
  Module module = lab();
  registry_of(module, "Sample").fields.push_back({.name = "givers", .kind = Kind::link, .to = "Donor", .doc = "Who."});
  const Catalog catalog = catalog_of(module);
  EXPECT_THAT(sql_names(catalog.table("lab_sample_givers")), ElementsAre("id", "sample_id", "donor_id"));
}

TEST(Catalog, AsksWhichFieldsOfThroughAreMeant) {
  Module module = lab();
  registry_of(module, "SampleLabel")
      .fields.push_back({.name = "reason", .kind = Kind::ref, .optional = true, .to = "Label", .doc = "Why."});
  EXPECT_THAT(failure_of(Code::invalid_argument, [&] { catalog_of(module); }), HasSubstr("`pair` says which"));
  field_of(module, "Sample", "labels").pair = {"sample", "reason"};
  const Catalog catalog = catalog_of(module);
  EXPECT_EQ(catalog.table("Sample").find_relation("labels")->to_column->column, "reason_id");
}

TEST(Catalog, APlugInReachesIntoTheModulesBeforeIt) {
  Catalog catalog = catalog_of(lab());
  const Table* donor = catalog.find("Donor");
  catalog.add(
      {.name = "visits",
       .table_prefix = "clinic",
       .needs = {"lab"},
       .registries = {
           {.name = "Visit",
            .doc = "A visit.",
            .mixins = {"Tracked"},
            .fields = {{.name = "donor", .kind = Kind::ref, .to = "Donor", .inverse = "visits", .doc = "Who."}}}}});
  EXPECT_EQ(catalog.find("Donor"), donor) << "tables keep their address";
  EXPECT_EQ(donor->find_relation("visits")->to, catalog.find("clinic_visit"));
  EXPECT_EQ(catalog.table("Visit").qualified, "visits.Visit");
}

TEST(Catalog, RefusesAModuleTwiceAndAnInverseThatIsTaken) {
  Catalog catalog = catalog_of(lab());
  EXPECT_THAT(failure_of(Code::conflict, [&] { catalog.add(lab()); }), HasSubstr("'lab' is in the catalog already"));
  const Module other = {
      .name = "other",
      .needs = {"lab"},
      .registries = {
          {.name = "Gift",
           .doc = "A gift.",
           .fields = {{.name = "donor", .kind = Kind::ref, .to = "Donor", .inverse = "samples", .doc = "Who."}}}}};
  EXPECT_THAT(failure_of(Code::invalid_argument, [&] { catalog.add(other); }), HasSubstr("'samples' is taken"));
}

TEST(Catalog, NamesMeanTheOwnRegistryFirst) {
  Catalog catalog = catalog_of(lab());
  catalog.add({.name = "plugin",
               .needs = {"lab"},
               .registries = {{.name = "Donor", .doc = "Another one."},
                              {.name = "Visit",
                               .doc = "A visit.",
                               .mixins = {"Tracked"},
                               .fields = {{.name = "donor", .kind = Kind::ref, .to = "Donor", .doc = "Who."},
                                          {.name = "giver", .kind = Kind::ref, .to = "lab.Donor", .doc = "Who."}}}}});
  const Table& visit = catalog.table("Visit");
  EXPECT_EQ(visit.column("donor").to->qualified, "plugin.Donor");
  EXPECT_EQ(visit.column("giver").to->qualified, "lab.Donor");
}

TEST(Catalog, RefusesTablesAndColumnsThatAreTaken) {
  Catalog catalog = catalog_of(lab());
  const Module same = {.name = "other", .table_prefix = "lab", .registries = {{.name = "Donor", .doc = "Who."}}};
  EXPECT_THAT(failure_of(Code::invalid_argument, [&] { catalog.add(same); }),
              HasSubstr("'other.Donor' is not sound: its table 'lab_donor' is that of lab.Donor already"));
  Module twice = lab();
  registry_of(twice, "Sample").fields.push_back({.name = "donor_id", .kind = Kind::integer, .doc = "Twice."});
  EXPECT_THAT(failure_of(Code::invalid_argument, [&] { catalog_of(twice); }),
              HasSubstr("'Sample.donor_id' is not sound: its column 'donor_id' is that of the field 'donor'"));
}

TEST(Catalog, RefusesFirstValuesThatDoNotFit) {
  for (const char* initial : {"three", "\"3\"", "1.5"}) {
    Module module = lab();
    field_of(module, "Sample", "count").initial = Text::intern(initial);
    EXPECT_THAT(failure_of(Code::invalid_argument, [&] { catalog_of(module); }), HasSubstr("'Sample.count'"));
  }
}

}  // namespace
}  // namespace lamin::schema
