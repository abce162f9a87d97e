#include "format/pickle.hpp"
#include <gtest/gtest.h>
#include <string>
#include "base/json.hpp"

namespace lamin::format {
namespace {

using namespace std::string_view_literals;

std::string shown(std::string_view pickle) {
  const auto value = plain_value(pickle);
  return value ? base::write_json(*value) : "unreadable";
}

// Written by Python's pickle.dumps(value, protocol).
TEST(Pickle, PlainValues) {
  EXPECT_EQ(shown("\x80\x03N."sv), "null");
  EXPECT_EQ(shown("\x80\x03\x88."sv), "true");
  EXPECT_EQ(shown("\x80\x03K\x07."sv), "7");
  EXPECT_EQ(shown("\x80\x03J\xff\xff\xff\xff."sv), "-1");
  EXPECT_EQ(shown("\x80\x03\x8a\x05\x00\xe4\x0b\x54\x02."sv), "10000000000");
  EXPECT_EQ(shown("\x80\x03G\x3f\xe0\x00\x00\x00\x00\x00\x00."sv), "0.5");
  EXPECT_EQ(shown("\x80\x03X\x03\x00\x00\x00\xc3\xa4zq\x00."sv), "\"\\u00e4z\"");
  EXPECT_EQ(shown("\x80\x04\x95\x06\x00\x00\x00\x00\x00\x00\x00\x8c\x02\x61\x62\x94."sv), "\"ab\"");
  EXPECT_EQ(shown("\x80\x03]q\x00(K\x01K\x02\x65."sv), "[1, 2]");
  EXPECT_EQ(shown("\x80\x03K\x01K\x02\x86q\x00."sv), "[1, 2]");
  EXPECT_EQ(shown("\x80\x03}q\x00(X\x01\x00\x00\x00\x61q\x01K\x01X\x01\x00\x00\x00\x62q\x02]q\x03u."sv),
            "{\"a\": 1, \"b\": []}");
  // The same list twice: the second is read from the memo.
  EXPECT_EQ(shown("\x80\x03]q\x00(]q\x01K\x01\x61h\x01\x65."sv), "[[1], [1]]");
}

TEST(Pickle, AnObjectWithAPathIsThatPath) {
  constexpr auto file =
      "\x80\x03\x63redun.file\nFile\nq\x00)\x81q\x01}q\x02(X\x04\x00\x00\x00pathq\x03X\x05\x00\x00\x00\x61."
      "txtq\x04X\x04\x00"
      "\x00\x00hashq\x05X\x01\x00\x00\x00xq\x06ub."sv;
  EXPECT_EQ(shown(file), "\"a.txt\"");
}

TEST(Pickle, NothingElseIsReadAndNothingIsExecuted) {
  EXPECT_EQ(shown("\x80\x03\x63os\nsystem\nq\x00X\x04\x00\x00\x00trueq\x01\x85q\x02Rq\x03."sv), "unreadable");
  EXPECT_EQ(shown(""sv), "unreadable");
  EXPECT_EQ(shown("."sv), "unreadable");
  EXPECT_EQ(shown("\x80\x03K"sv), "unreadable");
  EXPECT_EQ(shown("\x80\x03X\xff\xff\xff\xff\x61."sv), "unreadable");
  EXPECT_EQ(shown("\x80\x03h\x05."sv), "unreadable");
  EXPECT_EQ(shown("\x80\x03(."sv), "unreadable");
  // A list that contains itself, and one that grows exponentially: each holds the one before twice.
  EXPECT_EQ(shown("\x80\x03]q\x00h\x00\x61."sv), "unreadable");
  std::string bomb = "\x80\x03]q";
  bomb += '\0';
  for (char i = 1; i < 40; ++i)
    bomb += std::string("](h") + static_cast<char>(i - 1) + "h" + static_cast<char>(i - 1) + "eq" + i;
  EXPECT_EQ(shown(bomb + "."), "unreadable");
}

}  // namespace
}  // namespace lamin::format
