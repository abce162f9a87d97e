#include "registry/near.hpp"
#include <gtest/gtest.h>
#include <random>
#include "base/text.hpp"

namespace lamin::registry {
namespace {

TEST(Wording, CountsSwapsOnce) {
  EXPECT_EQ(Wording("t cell").distance("t cell"), 0);
  EXPECT_EQ(Wording("t cell").distance("t clel"), 1);
  EXPECT_EQ(Wording("t cell").distance("t cel"), 1);
  EXPECT_EQ(Wording("").distance("abc"), 3);
  EXPECT_EQ(Wording("abc").distance(""), 3);
  EXPECT_DOUBLE_EQ(Wording("abcd").likeness("abcx"), 0.75);
}

TEST(Wording, AgreesWithThePlainWay) {
  std::mt19937 random(7);  // NOLINT: the same texts every time
  for (int i = 0; i < 2000; ++i) {
    const auto text = [&](std::size_t most) {
      std::string made(random() % (most + 1), ' ');
      for (char& c : made) c = static_cast<char>('a' + random() % 4);
      return made;
    };
    const std::string a = text(i % 2 ? 12 : 70), b = text(i % 3 ? 12 : 70);
    ASSERT_EQ(Wording(a).distance(b), base::edit_distance(a, b)) << a << " / " << b;
  }
}

TEST(Wording, PartsOfATextMayDifferInWhatPartsTheirWords) {
  const auto likeness = [](std::string_view wanted, std::string_view text) {
    return likeness_in(Wording(wanted), text);
  };
  EXPECT_GT(likeness("gamma delta", "immature gamma-delta t cell"), 0.8);
  EXPECT_GT(likeness("gamma-delta", "immature gamma delta t cell"), 0.8);
  EXPECT_GT(likeness("gammadelta", "gamma-delta t cell|other"), 0.8);
  EXPECT_EQ(likeness("gamma delta", "alpha-beta t cell"), 0);
  EXPECT_EQ(likeness("gamma delta", "gamma"), 0);
}

}  // namespace
}  // namespace lamin::registry
