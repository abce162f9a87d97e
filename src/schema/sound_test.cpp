// What a module must fulfil; each rule is broken once.
#include "schema/sound.hpp"
#include <gmock/gmock.h>
#include <functional>
#include "base/testing.hpp"
#include "schema/testing.hpp"

namespace lamin::schema {
namespace {

using test::field_of;
using test::lab;
using test::registry_of;

static_assert(sound({.name = "empty"}, {}));

TEST(Sound, AcceptsASoundModule) { EXPECT_TRUE(sound(lab(), {})); }

struct Break {
  const char* name;
  std::function<void(Module&)> make;
  const char* why;  ///< part of the message
};

class Unsound : public testing::TestWithParam<Break> {};

TEST_P(Unsound, IsRefused) {
  Module module = lab();
  GetParam().make(module);
  EXPECT_THAT(lamin::test::failure_of(Code::invalid_argument, [&] { sound(module, {}); }),
              testing::HasSubstr(GetParam().why));
}

const Break breaks[] = {
    {"ModuleName", [](Module& m) { m.name = "Lab"; }, "snake_case"},
    {"MissingNeed", [](Module& m) { m.needs = {"chemistry"}; }, "'lab.chemistry'"},
    {"RegistryName", [](Module& m) { registry_of(m, "Donor").name = "donor"; }, "CamelCase"},
    {"RegistryNameInjects", [](Module& m) { registry_of(m, "Donor").name = "D\"; DROP"; }, "CamelCase"},
    {"RegistryDoc", [](Module& m) { registry_of(m, "Donor").doc = {}; }, "'Donor' is not sound: a registry has a doc"},
    {"RegistryTwice", [](Module& m) { m.registries.push_back({.name = "Donor", .doc = "x"}); }, "declared twice"},
    {"UnknownMixin", [](Module& m) { registry_of(m, "Donor").mixins = {"Traced"}; }, "no such mixin"},
    {"MixinIsRegistry", [](Module& m) { registry_of(m, "Sample").mixins = {"Donor"}; }, "no such mixin"},
    {"MixinOfItself", [](Module& m) { registry_of(m, "Tracked").mixins = {"Tracked"}; }, "declared before"},
    {"FieldName", [](Module& m) { field_of(m, "Sample", "name").name = "Name"; }, "snake_case"},
    {"FieldNamePath", [](Module& m) { field_of(m, "Sample", "name").name = "donor__name"; }, "two underscores"},
    {"FieldNameEnd", [](Module& m) { field_of(m, "Sample", "name").name = "name_"; }, "snake_case"},
    {"FieldNameEmpty", [](Module& m) { field_of(m, "Sample", "name").name = {}; }, "snake_case"},
    {"FieldId", [](Module& m) { field_of(m, "Sample", "name").name = "id"; }, "has an id already"},
    {"FieldDoc", [](Module& m) { field_of(m, "Sample", "weight").doc = {}; }, "'Sample.weight' is not sound"},
    {"FieldTaken", [](Module& m) { field_of(m, "Sample", "name").name = "save"; }, "taken by Python"},
    {"FieldIsKeyword", [](Module& m) { field_of(m, "Sample", "name").name = "class"; }, "taken by Python"},
    {"ColumnInjects", [](Module& m) { field_of(m, "Sample", "name").column = "x\" y"; }, "`column` has at most"},
    {"WasIsThere", [](Module& m) { field_of(m, "Sample", "name").was = {"weight"}; }, "`was` names a field"},
    {"WasName", [](Module& m) { field_of(m, "Sample", "name").was = {"No"}; }, "`was` lists former names"},
    {"TraitWithoutField", [](Module& m) { registry_of(m, "Sample").traits = {Trait::typed}; }, "'Sample.type'"},
    {"TableInjects", [](Module& m) { registry_of(m, "Donor").table = "a\"; DROP"; }, "`table` has at most"},
    {"TableReserved", [](Module& m) { registry_of(m, "Donor").table = "lamin_module"; }, "kept for the library"},
    {"PrefixReserved", [](Module& m) { m.table_prefix = "sqlite"; }, "kept for the library"},
    {"PrefixName", [](Module& m) { m.table_prefix = "a-b"; }, "`table_prefix` is snake_case"},
    {"TableTooLong", [](Module& m) { m.table_prefix = "a23456789_123456789_123456789_123456789_1234567890"; },
     "longer than 63"},
    {"RuleSql",
     [](Module& m) { registry_of(m, "Sample").rules.push_back({.name = "r", .check = "true); DROP TABLE x"}); },
     "one expression"},
    {"RuleComment", [](Module& m) { registry_of(m, "Sample").rules.push_back({.name = "r", .check = "true -- "}); },
     "one expression"},
    {"RuleQuote", [](Module& m) { registry_of(m, "Sample").rules.push_back({.name = "r", .check = "a = 'b"}); },
     "one expression"},
    {"Labels", [](Module& m) { registry_of(m, "Donor").labels = {"Sample"}; }, "when a plug-in is read"},
    {"RuleName", [](Module& m) { registry_of(m, "Sample").rules.push_back({.name = "a b", .check = "true"}); },
     "a rule's name"},
    {"FieldTwice", [](Module& m) { field_of(m, "Sample", "name").name = "weight"; }, "declared twice"},
    {"RefWithoutTo", [](Module& m) { field_of(m, "Sample", "donor").to = {}; }, "`to` goes with ref"},
    {"ToWithoutRef", [](Module& m) { field_of(m, "Sample", "name").to = "Donor"; }, "`to` goes with ref"},
    {"ToNothing", [](Module& m) { field_of(m, "Sample", "donor").to = "Doner"; }, "names no registry"},
    {"ToMixin", [](Module& m) { field_of(m, "Sample", "donor").to = "Tracked"; }, "names a mixin"},
    {"InverseOfText", [](Module& m) { field_of(m, "Sample", "name").inverse = "names"; }, "`inverse` goes with"},
    {"InverseName", [](Module& m) { field_of(m, "Sample", "donor").inverse = "Samples"; }, "`inverse` is snake_case"},
    {"InverseIsField", [](Module& m) { field_of(m, "Sample", "donor").inverse = "uid"; }, "already a field"},
    {"InverseTwice", [](Module& m) { field_of(m, "SampleLabel", "label").inverse = "samples"; }, "is taken"},
    {"ThroughOfRef", [](Module& m) { field_of(m, "Sample", "donor").through = "SampleLabel"; }, "go with link"},
    {"ThroughNothing", [](Module& m) { field_of(m, "Sample", "labels").through = "LabelSample"; },
     "`through` names no"},
    {"PairOfOne", [](Module& m) { field_of(m, "Sample", "labels").pair = {"sample"}; }, "`pair` names two"},
    {"PairOfNoRef", [](Module& m) { field_of(m, "Sample", "labels").pair = {"sample", "tag"}; }, "`pair` names no ref"},
    {"InitialAlone", [](Module& m) { field_of(m, "Sample", "weight").initial = "1"; }, "`initial` goes with"},
    {"ConstantAlone", [](Module& m) { field_of(m, "Sample", "weight").fill = Fill::constant; }, "`initial` goes with"},
    {"UidWithoutSize", [](Module& m) { field_of(m, "Tracked", "uid").size = 0; }, "a uid is a text with a size"},
    {"NowOfText", [](Module& m) { field_of(m, "Sample", "name").fill = Fill::now; }, "Fill::now goes with a time"},
    {"UserOfText", [](Module& m) { field_of(m, "Sample", "name").fill = Fill::user; }, "go with a ref"},
    {"BitsOfInteger", [](Module& m) { field_of(m, "Sample", "count").size = 8; }, "16, 32 or 64 bits"},
    {"SizeOfReal", [](Module& m) { field_of(m, "Sample", "weight").size = 8; }, "`size` is"},
    {"NegativeSize", [](Module& m) { field_of(m, "Label", "name").size = -1; }, "`size` is"},
    {"CodesOfText", [](Module& m) { field_of(m, "Sample", "name").codes = {"a"}; }, "`codes` goes with integer"},
    {"IdentityOfMany", [](Module& m) { field_of(m, "Sample", "weight").identifies = true; },
     "`identifies` goes with `unique`"},
    {"OptionsOfReal", [](Module& m) { field_of(m, "Sample", "weight").options = {"1"}; }, "`options` goes with text"},
    {"NameField", [](Module& m) { registry_of(m, "Label").name_field = "title"; }, "`name_field` names no field"},
    {"IdField", [](Module& m) { registry_of(m, "Label").id_field = "accession"; }, "`id_field` names no field"},
    {"RuleField", [](Module& m) { registry_of(m, "Sample").rules = {{.unique = {"doner"}}}; }, "a rule names no field"},
    {"RuleIndex", [](Module& m) { registry_of(m, "Sample").rules = {{.name = "i", .index = {"x"}}}; },
     "names no field"},
    {"RuleEmpty", [](Module& m) { registry_of(m, "Sample").rules = {{.name = "nothing"}}; }, "a rule has"},
    {"RuleUnnamed", [](Module& m) { registry_of(m, "Sample").rules = {{.check = "weight > 0"}}; }, "derive its name"},
};

INSTANTIATE_TEST_SUITE_P(Rules, Unsound, testing::ValuesIn(breaks), [](const auto& info) { return info.param.name; });

TEST(Sound, ReachesTheModulesThatAreNeeded) {
  const Module other = lab();
  Module plugin{.name = "visits",
                .registries = {{.name = "Visit",
                                .doc = "A visit.",
                                .fields = {{.name = "donor", .kind = Kind::ref, .to = "Donor", .doc = "Who."}}}}};
  EXPECT_THAT(lamin::test::failure_of(Code::invalid_argument, [&] { sound(plugin, {&other}); }),
              testing::HasSubstr("of this module or of one that it needs"));
  plugin.needs = {"lab"};
  EXPECT_TRUE(sound(plugin, {&other}));
  plugin.registries[0].fields[0].to = "lab.Donor";
  EXPECT_TRUE(sound(plugin, {&other}));
  plugin.registries[0].fields[0].to = "visits.Donor";
  EXPECT_THAT(lamin::test::failure_of(Code::invalid_argument, [&] { sound(plugin, {&other}); }),
              testing::HasSubstr("'Visit.donor'"));
  EXPECT_THAT(lamin::test::failure_of(Code::invalid_argument, [&] { sound(lab(), {&other}); }),
              testing::HasSubstr("there is a module of this name already"));
}

}  // namespace
}  // namespace lamin::schema
