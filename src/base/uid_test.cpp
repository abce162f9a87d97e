#include "base/uid.hpp"
#include <set>
#include <vector>
#include "base/hash.hpp"
#include "base/testing.hpp"

namespace lamin::base {
namespace {

using test::failure_of;

std::vector<std::uint8_t> zeros(std::size_t count) { return std::vector<std::uint8_t>(count, 0); }

TEST(Uid, RandomOnesHaveTheLengthAndTheAlphabet) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string uid = random_uid(20);
    EXPECT_EQ(uid.size(), 20U);
    EXPECT_EQ(uid.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"),
              std::string::npos);
    seen.insert(uid);
  }
  EXPECT_EQ(seen.size(), 1000U);
  EXPECT_EQ(random_uid(0), "");
}

TEST(Uid, RandomOnesUseAllCharactersEvenly) {
  std::vector<int> counts(128, 0);
  for (char c : random_uid(62 * 1000)) ++counts[static_cast<std::size_t>(c)];
  for (char c : std::string("0AZaz9")) {
    EXPECT_GT(counts[static_cast<std::size_t>(c)], 800) << c;
    EXPECT_LT(counts[static_cast<std::size_t>(c)], 1200) << c;
  }
}

TEST(Uid, Base62EncodesLeadingZerosByTheirCount) {
  EXPECT_EQ(base62({}), "");
  EXPECT_EQ(base62(zeros(1)), "01");
  EXPECT_EQ(base62(zeros(5)), "05");
  EXPECT_EQ(base62(zeros(61)), "0z");
  EXPECT_EQ(base62(zeros(124)), "0z0z02");
  EXPECT_EQ(base62(std::vector<std::uint8_t>{0, 0, 1}), "021");
  EXPECT_EQ(base62(std::vector<std::uint8_t>{1, 0}), "48");
  EXPECT_EQ(base62(std::vector<std::uint8_t>(16, 255)), "7n42DGM5Tflk9n8mt7Fhc7");
}

TEST(Uid, DerivedOnesAreThoseOfLaminDB) {
  EXPECT_EQ(base62(md5("10075f070b0b48b0900618724fb3be62")), "7clAMMtTbqlKVQPmUbqnIq");
  EXPECT_EQ(derived_uid("CL:0000084", 14), "22LvKd01YyNA1a");
  EXPECT_EQ(uuid5_url("anonymous/test"), "f63a0985f46b50fe8220d291b4cc5445");
  EXPECT_EQ(derived_uid(uuid5_url("anonymous/test"), 12), "ITxvyjWeWURE");
}

TEST(Uid, VersionsCountInBase62) {
  EXPECT_EQ(next_version("0000"), "0001");
  EXPECT_EQ(next_version("0009"), "000A");
  EXPECT_EQ(next_version("000Z"), "000a");
  EXPECT_EQ(next_version("000z"), "0010");
  EXPECT_LT(version_number("000Z"), version_number("000a"));
  EXPECT_EQ(version_number("0010"), 62);
  EXPECT_THAT(failure_of(Code::conflict, [] { next_version("zzzz"); }), ::testing::HasSubstr("'zzzz'"));
  failure_of(Code::invalid_argument, [] { next_version("00-0"); });
  failure_of(Code::invalid_argument, [] { version_number("00_0"); });
  failure_of(Code::invalid_argument, [] { version_number("00000000000"); });
}

}  // namespace
}  // namespace lamin::base
