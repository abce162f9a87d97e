// What is refused, and what is said; that the statements do what they should is proven on databases by
// tests/schema/test_diff.py.
#include "schema/diff.hpp"
#include <gmock/gmock.h>
#include <functional>
#include "base/test_support.hpp"
#include "schema/test_support.hpp"

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
  EXPECT_THAT(found.notes, ElementsAre("adds lab.Sample.site"));
  EXPECT_EQ(found.statements.at(0), R"(ALTER TABLE "lab_sample" ADD COLUMN "site" varchar(9) NULL)");
  EXPECT_EQ(found.statements.size(), GetParam() == Dialect::sqlite ? 2u : 3u);
}

TEST_P(Both, AModuleThatIsNotHereIsLeftInPeace) {
  Catalog stored = catalog_of(lab());
  stored.add({.name = "plugin", .registries = {{.name = "Thing", .doc = "A thing."}}});
  EXPECT_THAT(diff(stored, catalog_of(lab()), GetParam()).statements, IsEmpty());
}

struct Change {
  const char* name;
  std::function<void(Module&)> make;
  const char* why;
};

class Loss : public testing::TestWithParam<Change> {};

TEST_P(Loss, IsAConflict) {
  Module now = lab();
  GetParam().make(now);
  for (Dialect dialect : {Dialect::sqlite, Dialect::postgres}) {
    EXPECT_THAT(lamin::test::failure_of(Code::conflict, [&] { between(lab(), now, dialect); }),
                HasSubstr(GetParam().why));
  }
}

const Change losses[] = {
    {"FieldGone", [](Module& m) { registry_of(m, "Sample").fields.erase(registry_of(m, "Sample").fields.begin() + 2); },
     "lab.Sample.weight"},
    {"RegistryGone",
     [](Module& m) {
       registry_of(m, "Sample").fields.pop_back();
       m.registries.pop_back();
     },
     "the table of lab.SampleLabel"},
    {"LinkGone", [](Module& m) { registry_of(m, "Label").fields.pop_back(); }, "the table of lab.Label_parents"},
    {"Narrower", [](Module& m) { field_of(m, "Label", "name").size = 19; }, "narrower"},
    {"TextToInteger",
     [](Module& m) {
       field_of(m, "Label", "name").kind = Kind::integer;
       field_of(m, "Label", "name").size = 0;
     },
     "narrower"},
    {"OtherTarget",
     [](Module& m) {
       field_of(m, "SampleLabel", "label").to = "Donor";
       field_of(m, "Sample", "labels").to = "Donor";
       field_of(m, "Sample", "labels").inverse = "labelled";
     },
     "narrower"},
    {"NullNotAllowed", [](Module& m) { field_of(m, "Sample", "weight").optional = false; }, "null"},
    {"RenameWithoutWas", [](Module& m) { field_of(m, "Sample", "weight").name = "mass"; }, "lab.Sample.weight"},
};

INSTANTIATE_TEST_SUITE_P(Changes, Loss, testing::ValuesIn(losses), [](const auto& info) { return info.param.name; });

TEST(Diff, ARequiredFieldNeedsAValueForOldRows) {
  Module now = lab();
  registry_of(now, "Sample").fields.push_back({.name = "site", .size = 9, .doc = "x"});
  for (Dialect dialect : {Dialect::sqlite, Dialect::postgres}) {
    EXPECT_THAT(lamin::test::failure_of(Code::unsupported, [&] { between(lab(), now, dialect); }),
                HasSubstr("lab.Sample.site needs a value for rows that exist"));
  }
}

TEST(Diff, ListsEverythingThatWouldBeLost) {
  Module now = lab();
  field_of(now, "Label", "name").size = 1;
  field_of(now, "Sample", "weight").name = "mass";
  const std::string why = lamin::test::failure_of(Code::conflict, [&] { between(lab(), now, Dialect::postgres); });
  EXPECT_THAT(why, HasSubstr("lab.Label.name"));
  EXPECT_THAT(why, HasSubstr("lab.Sample.weight"));
}

}  // namespace
}  // namespace lamin::schema
