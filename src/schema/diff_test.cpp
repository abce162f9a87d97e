// What is refused, and with which message; tests/schema/test_diff.py proves on databases that the statements do what
// they should.
#include "schema/diff.hpp"
#include <gmock/gmock.h>
#include <functional>
#include "base/testing.hpp"
#include "schema/testing.hpp"

namespace lamin::schema {
namespace {

using test::catalog_of;
using test::field_of;
using test::lab;
using test::registry_of;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Diff between(const Module& old, const Module& now, Dialect dialect) {
  return diff(catalog_of(old), catalog_of(now), dialect);
}

class Both : public testing::TestWithParam<Dialect> {};
INSTANTIATE_TEST_SUITE_P(Dialects, Both, testing::Values(Dialect::sqlite, Dialect::postgres));

TEST_P(Both, NothingChanged) {
  const Diff found = between(lab(), lab(), GetParam());
  EXPECT_THAT(found.statements, IsEmpty());
  EXPECT_THAT(found.notes, IsEmpty());
}

TEST_P(Both, ANewFieldIsOneColumnAndItsIndex) {
  Module now = lab();
  registry_of(now, "Sample").fields.push_back({.name = "site", .size = 9, .optional = true, .index = true, .doc = "x"});
  const Diff found = between(lab(), now, GetParam());
  EXPECT_THAT(found.notes, ElementsAre("adds lab.Sample.site", "adds the rule or index lab_sample_site_6db20354"));
  EXPECT_EQ(found.statements.at(0), R"(ALTER TABLE "lab_sample" ADD COLUMN "site" varchar(9) NULL)");
  EXPECT_EQ(found.statements.size(), GetParam() == Dialect::sqlite ? 2u : 3u);
}

TEST_P(Both, AModuleThatIsNotHereIsLeftInPeace) {
  Catalog stored = catalog_of(lab());
  stored.add({.name = "plugin", .registries = {{.name = "Thing", .doc = "A thing."}}});
  EXPECT_THAT(diff(stored, catalog_of(lab()), GetParam()).statements, IsEmpty());
}

/// All refusals, without asking the rows.
std::vector<std::string> refusals(const Diff& diff) {
  std::vector<std::string> out;
  for (const Loss& loss : diff.losses) out.push_back(loss.refusal);
  for (const Guard& guard : diff.guards) {
    if (guard.count.empty()) out.push_back(guard.refusal);
  }
  return out;
}

struct Change {
  const char* name;
  std::function<void(Module&)> make;
  const char* why;
};

class Lossy : public testing::TestWithParam<Change> {};

TEST_P(Lossy, IsRefused) {
  Module now = lab();
  GetParam().make(now);
  for (Dialect dialect : {Dialect::sqlite, Dialect::postgres}) {
    EXPECT_THAT(refusals(between(lab(), now, dialect)), testing::Contains(HasSubstr(GetParam().why)));
  }
}

const Change losses[] = {
    {"FieldGone", [](Module& m) { registry_of(m, "Sample").fields.erase(registry_of(m, "Sample").fields.begin() + 2); },
     "lab.Sample.weight is not declared any more"},
    {"RegistryGone",
     [](Module& m) {
       registry_of(m, "Sample").fields.pop_back();
       m.registries.pop_back();
     },
     R"(by hand: DROP TABLE "lab_samplelabel")"},
    {"LinkGone", [](Module& m) { registry_of(m, "Label").fields.pop_back(); }, "the table of lab.Label_parents"},
    {"TextToInteger",
     [](Module& m) {
       field_of(m, "Label", "name").kind = Kind::integer;
       field_of(m, "Label", "name").size = 0;
     },
     "another kind"},
    {"OtherTarget",
     [](Module& m) {
       field_of(m, "SampleLabel", "label").to = "Donor";
       field_of(m, "Sample", "labels").to = "Donor";
       field_of(m, "Sample", "labels").inverse = "labelled";
     },
     "lab.SampleLabel.label would become another kind"},
    {"RenameWithoutWas", [](Module& m) { field_of(m, "Sample", "weight").name = "mass"; },
     R"(by hand: ALTER TABLE "lab_sample" DROP COLUMN "weight")"},
};

INSTANTIATE_TEST_SUITE_P(Changes, Lossy, testing::ValuesIn(losses), [](const auto& info) { return info.param.name; });

/// For what may fail on the rows, the rows are checked first.
class Guarded : public testing::TestWithParam<Change> {};

TEST_P(Guarded, AsksTheRows) {
  Module now = lab();
  GetParam().make(now);
  for (Dialect dialect : {Dialect::sqlite, Dialect::postgres}) {
    const Diff found = between(lab(), now, dialect);
    ASSERT_EQ(found.guards.size(), 1u);
    EXPECT_EQ(found.guards[0].count, GetParam().why);
    EXPECT_THAT(refusals(found), IsEmpty());
    EXPECT_THAT(found.statements, testing::Not(IsEmpty()));
  }
}

const Change guarded[] = {
    {"Narrower", [](Module& m) { field_of(m, "Label", "name").size = 19; },
     R"(SELECT count(*) FROM "lab_label" WHERE length("name") > 19)"},
    {"NarrowerId", [](Module& m) { registry_of(m, "Label").id_bits = 16; },
     R"(SELECT count(*) FROM "lab_label" WHERE "id" NOT BETWEEN -32768 AND 32767)"},
    {"NullNotAllowed", [](Module& m) { field_of(m, "Sample", "weight").optional = false; },
     R"(SELECT count(*) FROM "lab_sample" WHERE "weight" IS NULL)"},
    {"RequiredAndNew",
     [](Module& m) { registry_of(m, "Sample").fields.push_back({.name = "site", .size = 9, .doc = "x"}); },
     R"(SELECT count(*) FROM "lab_sample")"},
    {"Unique", [](Module& m) { field_of(m, "Label", "name").unique = true; },
     R"(SELECT count(*) FROM (SELECT "name" FROM "lab_label" WHERE "name" IS NOT NULL GROUP BY "name" )"
     R"(HAVING count(*) > 1) AS twice)"},
};

INSTANTIATE_TEST_SUITE_P(Changes, Guarded, testing::ValuesIn(guarded),
                         [](const auto& info) { return info.param.name; });

TEST_P(Both, ARegistryIsRenamedWithItsPairs) {
  Module now = lab();
  registry_of(now, "Label").name = "Tag";
  registry_of(now, "Tag").was = {"Label"};
  field_of(now, "SampleLabel", "label").to = "Tag";
  field_of(now, "Sample", "labels").to = "Tag";
  const Diff found = between(lab(), now, GetParam());
  EXPECT_THAT(refusals(found), IsEmpty());
  EXPECT_THAT(found.guards, IsEmpty());
  EXPECT_THAT(found.rebuilt, IsEmpty());
  EXPECT_THAT(found.notes,
              testing::IsSupersetOf({"renames lab.Label to lab.Tag", "renames lab.Label_parents to lab.Tag_parents",
                                     "renames lab.Label_parents.from_label to from_tag"}));
  EXPECT_THAT(found.statements,
              testing::Contains(R"(ALTER TABLE "lab_tag_parents" RENAME COLUMN "to_label_id" TO "to_tag_id")"));
}

TEST(Diff, SqliteMakesATableAnewForWhatItCannotChange) {
  Module now = lab();
  field_of(now, "Sample", "donor").optional = true;
  const Diff found = between(lab(), now, Dialect::sqlite);
  EXPECT_THAT(found.rebuilt, ElementsAre("lab_sample"));
  EXPECT_THAT(found.notes, ElementsAre("lets lab.Sample.donor be null"));
  EXPECT_THAT(found.statements, testing::Contains(R"(DROP TABLE "lab_sample")"));
  EXPECT_THAT(between(lab(), now, Dialect::postgres).statements,
              ElementsAre(R"(ALTER TABLE "lab_sample" ALTER COLUMN "donor_id" DROP NOT NULL)"));
}

TEST(Diff, AFirstValueFillsWhatWasEmpty) {
  Module now = lab();
  Field& weight = field_of(now, "Sample", "weight");
  weight.optional = false;
  weight.fill = Fill::constant;
  weight.initial = "1.5";
  const Diff found = between(lab(), now, Dialect::postgres);
  EXPECT_THAT(found.guards, IsEmpty());
  EXPECT_THAT(found.statements, ElementsAre(R"(UPDATE "lab_sample" SET "weight" = 1.5 WHERE "weight" IS NULL)",
                                            "SET CONSTRAINTS ALL IMMEDIATE",
                                            R"(ALTER TABLE "lab_sample" ALTER COLUMN "weight" SET NOT NULL)"));
}

TEST(Diff, RefusesAllAtOnce) {
  const std::string why = lamin::test::failure_of(Code::conflict, [&] { refuse({"one thing", "another"}); });
  EXPECT_THAT(why, HasSubstr("one thing; another"));
}

}  // namespace
}  // namespace lamin::schema
