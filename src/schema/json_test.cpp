// Modules as JSON and back.
#include "schema/json.hpp"
#include <gmock/gmock.h>
#include "base/testing.hpp"
#include "schema/attributes.hpp"
#include "schema/testing.hpp"

namespace lamin::schema {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ModuleJson, ComesBackAsItWas) {
  const std::string json = to_json(test::lab());
  const Module module = module_from_json(json);
  EXPECT_EQ(to_json(module), json);
  EXPECT_EQ(to_json(module_from_json(to_json_lines(module))), json);
  EXPECT_EQ(module.registries.size(), test::lab().registries.size());
  EXPECT_EQ(module.registries[3].fields[3].kind, Kind::integer);
  EXPECT_EQ(module.registries[3].fields[3].size, 16);
}

TEST(ModuleJson, CarriesEveryAttribute) {
  Field field{.name = "x", .kind = Kind::link};
  field.size = 7, field.uid_size = 8;
  field.optional = field.unique = field.identifies = field.index = field.hidden = field.in_database = true;
  field.fill = Fill::run, field.on_delete = On::cascade;
  field.initial = "{\"a\": 1}", field.to = "T", field.inverse = "i", field.through = "H", field.column = "c";
  field.pair = {"a", "b"}, field.options = {"o"}, field.codes = {"c"}, field.first_code = -1, field.was = {"w"},
  field.doc = "Doc with \"quotes\" and \xC3\xA9.";
  const std::string json = to_json({.name = "m", .registries = {{.name = "R", .fields = {field}}}});
  each_attribute(std::as_const(field), [&](const char* key, const auto&) {
    EXPECT_THAT(json, HasSubstr("\"" + std::string(key) + "\": ")) << key;
  });
  EXPECT_EQ(to_json(module_from_json(json)), json);
}

TEST(ModuleJson, LeavesDefaultsOut) {
  EXPECT_EQ(to_json({.name = "m", .registries = {{.name = "R", .doc = "d", .fields = {{.name = "f"}}}}}),
            R"({"name": "m", "registries": [{"name": "R", "doc": "d", "fields": [{"name": "f"}]}]})");
}

TEST(ModuleJson, TextOutlivesItsSource) {
  Module module;
  {
    std::string json = R"({"name": "gone"})";
    module = module_from_json(json);
    json.assign(json.size(), '#');
  }
  EXPECT_EQ(module.name, "gone");
}

struct Bad {
  const char* json;
  const char* where;
};

class BadJson : public testing::TestWithParam<Bad> {};

TEST_P(BadJson, IsRefusedAtItsPlace) {
  EXPECT_THAT(lamin::test::failure_of(Code::invalid_argument, [&] { module_from_json(GetParam().json); }),
              HasSubstr(GetParam().where));
}

const Bad bad[] = {
    {"{", ""},
    {"[]", "at module: an object"},
    {R"({"name": 3})", "module.name: text"},
    {R"({"nmae": "m"})", "'nmae' is none of name, table_prefix"},
    {R"({"registries": {}})", "module.registries: a list"},
    {R"({"registries": [{"fields": [{"kind": "txt"}]}]})",
     "module.registries[0].fields[0].kind: 'txt' is none of text, integer"},
    {R"({"registries": [{"fields": [{"name": "a"}, {"optional": 1}]}]})", "fields[1].optional: true or false"},
    {R"({"registries": [{"fields": [{"size": "8"}]}]})", "size: a number"},
    {R"({"registries": [{"fields": [{"size": 8.5}]}]})", "size: a number"},
    {R"({"registries": [{"fields": [{"size": 20000000}]}]})", "size: a number"},
    {R"({"registries": [{"traits": ["magic"]}]})", "traits[0]: 'magic' is none of versioned"},
};

INSTANTIATE_TEST_SUITE_P(Places, BadJson, testing::ValuesIn(bad));

}  // namespace
}  // namespace lamin::schema
