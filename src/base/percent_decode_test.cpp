#include "base/percent_decode.hpp"
#include <gtest/gtest.h>

namespace lamin::base {
namespace {

TEST(PercentDecode, OnlyWhatIsEncoded) {
  EXPECT_EQ(percent_decoded("a%3Bb%3bc"), "a;b;c");
  EXPECT_EQ(percent_decoded("%41"), "A") << "at the very end";
  EXPECT_EQ(percent_decoded("100% sure, 5%x, %4"), "100% sure, 5%x, %4");
  EXPECT_EQ(percent_decoded("%%41%"), "%A%");
  EXPECT_EQ(percent_decoded(""), "");
}

}  // namespace
}  // namespace lamin::base
