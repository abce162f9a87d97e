#include "base/python_literal.hpp"
#include <boost/json/serialize.hpp>
#include "base/json.hpp"
#include "base/testing.hpp"

namespace lamin::base {
namespace {

std::string read(std::string_view text) {
  const auto found = parse_dictionary(text);
  return found ? write_json(*found) : "none";
}

TEST(PythonLiteral, DictionariesAreReadAsPythonPrintsThem) {
  EXPECT_EQ(read("{'external': True, 'missing': None}"), R"({"external": true, "missing": null})");
  EXPECT_EQ(read(R"({'a': [1, -2.5, (3,)], "b": {'c': False}, })"), R"({"a": [1, -2.5, [3]], "b": {"c": false}})");
  EXPECT_EQ(read(R"( {'it\'s': 'a\tb\x41\u00e9\q'} )"), R"({"it's": "a\tbA\u00e9\\q"})");
  EXPECT_EQ(read(R"({"json": [null, true, 1e3]})"), R"({"json": [null, true, 1000.0]})");
  EXPECT_EQ(read("{}"), "{}");
}

TEST(PythonLiteral, OtherTextsAreNone) {
  for (const auto* text :
       {"", "{invalid", "[1, 2]", "42", "\"text\"", "null", "None", "{1: 2}", "{'a'}", "{'a': }", "{'a': 1} x",
        "{'a': open('f')}", "{'a': 1 'b': 2}", "{'a", "{'a': '\\ud800'}", "{'a': nan}", "{'a': 1e400}"}) {
    EXPECT_EQ(read(text), "none") << text;
  }
  std::string deep = "{'a': ";
  for (int i = 0; i < 1000; ++i) deep += "[";
  EXPECT_EQ(read(deep), "none");
}

}  // namespace
}  // namespace lamin::base
