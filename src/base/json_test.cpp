#include "base/json.hpp"
#include <boost/json/object.hpp>
#include <cmath>
#include <random>
#include "base/testing.hpp"

namespace lamin::base {
namespace {

using test::failure_of;

std::string again(std::string_view text) { return write_json(parse_json(text)); }

TEST(Json, IsWrittenAsPythonWritesIt) {
  EXPECT_EQ(again(R"({"b":1,"a":[1,2.5,null,true,{}],"c":[]})"), R"({"b": 1, "a": [1, 2.5, null, true, {}], "c": []})");
  EXPECT_EQ(again(R"({"a":"é😀\u007f\u0001\/"})"), R"({"a": "\u00e9\ud83d\ude00\u007f\u0001/"})");
  EXPECT_EQ(again(R"("\"\\\n\r\t\b\f")"), R"("\"\\\n\r\t\b\f")");
  EXPECT_EQ(again(R"("\ud800x")"), R"("\ud800x")") << "half a surrogate survives";
  EXPECT_EQ(again(" [ ] "), "[]");
  EXPECT_EQ(again(R"({"a":1,"b":2,"a":3})"), R"({"a": 3, "b": 2})")
      << "the last of equal keys wins, in the first's place";
}

TEST(Json, NumbersSurvive) {
  EXPECT_EQ(again("[9223372036854775807, -9223372036854775808, 18446744073709551615]"),
            "[9223372036854775807, -9223372036854775808, 18446744073709551615]");
  EXPECT_EQ(again("[1e16, 1e15, 0.1, 1e-4, 1e-5, 123456789.125, 5e-324, 1.7976931348623157e308, -0.0, 100.0, 1e22]"),
            "[1e+16, 1000000000000000.0, 0.1, 0.0001, 1e-05, 123456789.125, 5e-324, 1.7976931348623157e+308, -0.0, "
            "100.0, 1e+22]");
  EXPECT_EQ(again("[1.5e-07, 12345678901234567.0, 1e400, 1e-400]"), "[1.5e-07, 1.2345678901234568e+16, Infinity, 0.0]");
  EXPECT_EQ(again("[NaN, Infinity, -Infinity]"), "[NaN, Infinity, -Infinity]");
}

TEST(Json, AnyDoubleReadsBackAsItWas) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 20'000; ++i) {
    double value = 0;
    const std::uint64_t bits = random();
    static_assert(sizeof value == sizeof bits);
    std::memcpy(&value, &bits, sizeof value);
    if (!std::isfinite(value)) continue;
    EXPECT_EQ(parse_json(write_json(value)).as_double(), value);
  }
}

TEST(Json, SortedAndPythonFormsAreTheHashedOnes) {
  const auto value = parse_json(R"({"b": {"z": 1, "é": 2, "A": 3}, "a": [{"y": 1, "x": 2}]})");
  EXPECT_EQ(write_json_sorted(value), R"({"a": [{"x": 2, "y": 1}], "b": {"A": 3, "z": 1, "\u00e9": 2}})");
  EXPECT_EQ(python_str(parse_json(R"({"a":["it's","q\"","both'\"","\n\u0001é\u200b😀",true,null,1.0]})")),
            "{'a': [\"it's\", 'q\"', 'both\\'\"', '\\n\\x01é\\u200b😀', True, None, 1.0]}");
  EXPECT_EQ(python_str(parse_json(R"("it's")")), "it's");
  EXPECT_EQ(python_str(parse_json("true")), "True");
  EXPECT_EQ(python_str(parse_json("[0.5, 1.25]")), "[0.5, 1.25]");
}

TEST(Json, WhatIsStoredIsNotRounded) {
  for (const char* text : {"[18446744073709551616]", "{\"a\": -9223372036854775809}"}) {
    EXPECT_THAT(failure_of(Code::invalid_argument, [&] { parse_exact_json(text); }), ::testing::HasSubstr("64 bits"));
    parse_json(text);  // what others have stored is read
  }
  EXPECT_EQ(write_json(parse_exact_json("[9223372036854775807, 0.1]")), "[9223372036854775807, 0.1]");
}

TEST(Json, WhatIsNoJsonIsRefusedWithItsPlace) {
  for (std::string_view text :
       {"",    "{",        "[1,]",     "{\"a\" 1}", "{a: 1}", "[1 2]",   "01",        "1.",          "-",
        "+1",  ".5",       "1e",       "nul",       "\"a",    "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "[1]x",
        "'a'", "\"a\nb\"", "\"\xff\"", "{\"a\":}"}) {
    failure_of(Code::invalid_argument, [&] { parse_json(text); });
  }
  EXPECT_THAT(failure_of(Code::invalid_argument, [] { parse_json("{\n  \"a\": x}"); }),
              ::testing::HasSubstr("line 2, column 8"));
  failure_of(Code::invalid_argument, [] { parse_json(std::string(100'000, '[')); });
  failure_of(Code::invalid_argument, [] { write_json(boost::json::value("\xff")); });
}

}  // namespace
}  // namespace lamin::base
